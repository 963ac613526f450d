import Synchronization

@testable import Storage

/// A store that notes what it is asked, and fails when told to.
final class TokenStore: Store {
    private struct Notes {
        var calls: [String] = []
        var failing: Set<String> = []
    }

    private let base: any Store
    private let notes = Mutex(Notes())

    init(_ base: any Store) { self.base = base }

    /// The functions that were called, in their order.
    var calls: [String] { notes.withLock { $0.calls } }

    /// Forgets what was called.
    func forget() { notes.withLock { $0.calls = [] } }

    /// Lets these functions fail from now on.
    func fail(_ names: Set<String>) { notes.withLock { $0.failing = names } }

    private func note(_ name: String) throws(StoreError) {
        let isFailing = notes.withLock { notes in
            notes.calls.append(name)
            return notes.failing.contains(name)
        }
        if isFailing { throw StoreError(.full, name, cause: "the disk is full") }
    }

    func signingKeys() async throws(StoreError) -> [SigningKeyRecord] {
        try await base.signingKeys()
    }

    func signingKeys(
        orInsert candidate: SigningKeyRecord
    ) async throws(StoreError) -> [SigningKeyRecord] {
        try await base.signingKeys(orInsert: candidate)
    }

    func rotate(
        to key: SigningKeyRecord, revoking: Bool
    ) async throws(StoreError) -> [SigningKeyRecord] {
        try await base.rotate(to: key, revoking: revoking)
    }

    func keepSignIn(
        _ user: ProviderUserRecord
    ) async throws(StoreError) -> ProviderUserRecord { try await base.keepSignIn(user) }

    func providerUser(_ subject: String) async throws(StoreError) -> ProviderUserRecord? {
        try await base.providerUser(subject)
    }

    func claimCheck(
        of subject: String, every interval: Int64, lease: Int64, at now: Int64
    ) async throws(StoreError) -> ProviderCheck {
        try await base.claimCheck(of: subject, every: interval, lease: lease, at: now)
    }

    func finishCheck(_ user: ProviderUserRecord) async throws(StoreError) {
        try await base.finishCheck(user)
    }

    func abandonCheck(_ user: ProviderUserRecord, retryAt: Int64) async throws(StoreError) {
        try await base.abandonCheck(user, retryAt: retryAt)
    }

    func removeProviderUser(
        _ user: ProviderUserRecord, at now: Int64
    ) async throws(StoreError) -> [String]? { try await base.removeProviderUser(user, at: now) }

    func sealKeys() async throws(StoreError) -> [SealKeyRecord] { try await base.sealKeys() }

    func sealKeys(
        orInsert candidate: SealKeyRecord
    ) async throws(StoreError) -> [SealKeyRecord] {
        try await base.sealKeys(orInsert: candidate)
    }

    func rotate(
        to key: SealKeyRecord, revoking: Bool
    ) async throws(StoreError) -> [SealKeyRecord] {
        try await base.rotate(to: key, revoking: revoking)
    }

    func client(_ id: String) async throws(StoreError) -> ClientRecord? {
        try note("client")
        return try await base.client(id)
    }

    func register(
        _ client: ClientRecord, limit: Int, at now: Int64
    ) async throws(StoreError) -> Bool {
        try note("register")
        return try await base.register(client, limit: limit, at: now)
    }

    func revokeClient(
        _ id: String, name: String, at now: Int64
    ) async throws(StoreError) -> [String] {
        try note("revokeClient")
        return try await base.revokeClient(id, name: name, at: now)
    }

    func clients(limit: Int) async throws(StoreError) -> [ClientSummary] {
        try note("clients")
        return try await base.clients(limit: limit)
    }

    func invite(
        _ invitation: InvitationRecord, limit: Int, at now: Int64
    ) async throws(StoreError) -> Bool {
        try await base.invite(invitation, limit: limit, at: now)
    }

    func isInvitation(_ digest: [UInt8], at now: Int64) async throws(StoreError) -> Bool {
        try await base.isInvitation(digest, at: now)
    }

    func invitations(at now: Int64) async throws(StoreError) -> [InvitationRecord] {
        try await base.invitations(at: now)
    }

    func withdrawInvitation(_ id: String) async throws(StoreError) -> Bool {
        try await base.withdrawInvitation(id)
    }

    func useInvitation(
        _ digest: [UInt8], for client: ClientRecord?, limit: Int, at now: Int64
    ) async throws(StoreError) -> InvitationUse {
        try await base.useInvitation(digest, for: client, limit: limit, at: now)
    }

    func approve(_ client: ClientRecord) async throws(StoreError) -> Bool {
        try await base.approve(client)
    }

    func change(
        _ client: ClientRecord, limit: Int, at now: Int64
    ) async throws(StoreError) -> ClientChange {
        try await base.change(client, limit: limit, at: now)
    }

    func remove(
        _ client: ClientRecord, hasSealedID: Bool, limit: Int, at now: Int64
    ) async throws(StoreError) -> ClientRemoval {
        try await base.remove(client, hasSealedID: hasSealedID, limit: limit, at: now)
    }

    func issue(_ code: CodeRecord, at now: Int64) async throws(StoreError) -> Bool {
        try note("issue")
        return try await base.issue(code, at: now)
    }

    func code(_ digest: [UInt8]) async throws(StoreError) -> CodeRecord? {
        try note("code")
        return try await base.code(digest)
    }

    func redeem(
        _ digest: [UInt8], as grant: GrantRecord, at now: Int64
    ) async throws(StoreError) -> CodeRedemption {
        try note("redeem")
        return try await base.redeem(digest, as: grant, at: now)
    }

    func record(_ grant: GrantRecord) async throws(StoreError) {
        try note("record")
        try await base.record(grant)
    }

    func use(_ use: SingleUse, at now: Int64) async throws(StoreError) -> Bool {
        try note("use")
        return try await base.use(use, at: now)
    }

    func record(
        _ grant: GrantRecord, using use: SingleUse?, at now: Int64
    ) async throws(StoreError) -> GrantRecording {
        try note("recordUsing")
        return try await base.record(grant, using: use, at: now)
    }

    func grant(_ id: String) async throws(StoreError) -> GrantRecord? {
        try note("grant")
        return try await base.grant(id)
    }

    func grants(of subject: String?, limit: Int) async throws(StoreError) -> [GrantRecord] {
        try note("grants")
        return try await base.grants(of: subject, limit: limit)
    }

    func rotate(_ rotation: RefreshRotation) async throws(StoreError) -> RefreshOutcome {
        try note("rotate")
        return try await base.rotate(rotation)
    }

    func endGrant(_ id: String, at now: Int64) async throws(StoreError) -> Bool {
        try note("endGrant")
        return try await base.endGrant(id, at: now)
    }

    func endGrants(of subject: String, at now: Int64) async throws(StoreError) -> [String] {
        try note("endGrants")
        return try await base.endGrants(of: subject, at: now)
    }

    func endedGrants(at now: Int64) async throws(StoreError) -> [EndedGrant] {
        try note("endedGrants")
        return try await base.endedGrants(at: now)
    }

    func add(_ observations: [ObservationRecord]) async throws(StoreError) {}

    func observations() async throws(StoreError) -> [ObservationRecord] { [] }

    func expire(at now: Int64) async throws(StoreError) {
        try note("expire")
        try await base.expire(at: now)
    }

    func close() async { await base.close() }
}

/// The audit log is no endpoint's business.
extension TokenStore {
    func auditSecrets() async throws(StoreError) -> [SealKeyRecord] {
        try await base.auditSecrets()
    }

    func auditSecrets(
        orInsert candidate: SealKeyRecord
    ) async throws(StoreError) -> [SealKeyRecord] {
        try await base.auditSecrets(orInsert: candidate)
    }

    func keep(
        _ heads: [AuditHead], forgettingBefore oldest: Int64
    ) async throws(StoreError) {
        try await base.keep(heads, forgettingBefore: oldest)
    }

    func auditHeads() async throws(StoreError) -> [AuditHead] { try await base.auditHeads() }
}
