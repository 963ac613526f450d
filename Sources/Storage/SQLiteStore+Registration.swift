/// Invitations, approvals and changes; each a transaction.
extension SQLiteStore {
    package func invite(
        _ invitation: InvitationRecord, limit: Int, at now: Int64
    ) async throws(StoreError) -> Bool {
        try await transaction("keep an invitation") { connection throws(StoreError) in
            try connection.deleteUselessInvitations(at: now)
            guard try connection.invitationCount() < limit else { return false }
            try connection.insert(invitation)
            return true
        }
    }

    package func isInvitation(
        _ digest: [UInt8], at now: Int64
    ) async throws(StoreError) -> Bool {
        try await perform("look up an invitation") { connection throws(StoreError) in
            try connection.isInvitation(digest, at: now)
        }
    }

    package func invitations(at now: Int64) async throws(StoreError) -> [InvitationRecord] {
        try await perform("list the invitations") { connection throws(StoreError) in
            try connection.invitations(at: now)
        }
    }

    package func withdrawInvitation(_ id: String) async throws(StoreError) -> Bool {
        try await transaction("withdraw an invitation") { connection throws(StoreError) in
            try connection.deleteInvitation(id)
        }
    }

    package func useInvitation(
        _ digest: [UInt8], for client: ClientRecord?, limit: Int, at now: Int64
    ) async throws(StoreError) -> InvitationUse {
        try await transaction("use an invitation") { connection throws(StoreError) in
            try connection.deleteExpiredClients(at: now)
            if client != nil, try connection.unusedClientCount() >= limit { return .full }
            guard try connection.countUse(of: digest, at: now) else { return .unknown }
            if let client { try connection.insert(client) }
            return .used
        }
    }

    package func approve(_ client: ClientRecord) async throws(StoreError) -> Bool {
        try await transaction("approve a client") { connection throws(StoreError) in
            try connection.approve(client)
        }
    }

    package func change(
        _ client: ClientRecord, limit: Int, at now: Int64
    ) async throws(StoreError) -> ClientChange {
        try await transaction("change a client") { connection throws(StoreError) in
            try connection.deleteExpiredClients(at: now)
            let row = try connection.client(client.id)
            guard row?.status != .revoked else { return .revoked }
            if row == nil, try connection.changedClientCount() >= limit { return .full }
            try connection.change(client)
            return .changed
        }
    }

    package func remove(
        _ client: ClientRecord, hasSealedID: Bool, limit: Int, at now: Int64
    ) async throws(StoreError) -> ClientRemoval {
        try await transaction("remove a client") { connection throws(StoreError) in
            try connection.deleteExpiredClients(at: now)
            if hasSealedID {
                let isKnown = try connection.client(client.id) != nil
                if !isKnown, try connection.changedClientCount() >= limit { return .full }
                try connection.markRemoved(client)
            } else {
                try connection.deleteClient(client.id)
            }
            return .removed(endedGrants: try connection.endGrants(ofClient: client.id, at: now))
        }
    }
}

/// The rows of invitations.
extension SQLiteConnection {
    func insert(_ invitation: InvitationRecord) throws(StoreError) {
        var statement = try prepare(
            """
            INSERT INTO invitation (id, digest, name, use_limit, use_count, created_at, expires_at)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """)
        try statement.bind(invitation.id)
        try statement.bind(invitation.digest)
        try statement.bind(invitation.name)
        try statement.bind(invitation.useLimit)
        try statement.bind(invitation.useCount)
        try statement.bind(invitation.createdAt)
        try statement.bind(invitation.expiresAt)
        try statement.run()
    }

    func invitationCount() throws(StoreError) -> Int {
        Int(try number("SELECT count(*) FROM invitation"))
    }

    func deleteUselessInvitations(at now: Int64) throws(StoreError) {
        var statement = try prepare(
            "DELETE FROM invitation WHERE expires_at <= ? OR use_count >= use_limit")
        try statement.bind(now)
        try statement.run()
    }

    func deleteInvitation(_ id: String) throws(StoreError) -> Bool {
        var statement = try prepare("DELETE FROM invitation WHERE id = ? RETURNING 1")
        try statement.bind(id)
        var isDeleted = false
        while try statement.step() { isDeleted = true }
        return isDeleted
    }

    func isInvitation(_ digest: [UInt8], at now: Int64) throws(StoreError) -> Bool {
        var statement = try prepare(
            """
            SELECT 1 FROM invitation
            WHERE digest = ? AND expires_at > ? AND use_count < use_limit
            """)
        try statement.bind(digest)
        try statement.bind(now)
        return try statement.step()
    }

    /// Counts one use; false where there is none left.
    func countUse(of digest: [UInt8], at now: Int64) throws(StoreError) -> Bool {
        var statement = try prepare(
            """
            UPDATE invitation SET use_count = use_count + 1
            WHERE digest = ? AND expires_at > ? AND use_count < use_limit RETURNING 1
            """)
        try statement.bind(digest)
        try statement.bind(now)
        var isCounted = false
        while try statement.step() { isCounted = true }
        return isCounted
    }

    func invitations(at now: Int64) throws(StoreError) -> [InvitationRecord] {
        var statement = try prepare(
            """
            SELECT id, digest, name, use_limit, use_count, created_at, expires_at FROM invitation
            WHERE expires_at > ? AND use_count < use_limit ORDER BY created_at DESC, id
            """)
        try statement.bind(now)
        var records: [InvitationRecord] = []
        while try statement.step() {
            records.append(
                InvitationRecord(
                    id: try statement.text(0), digest: try statement.bytes(1),
                    name: try statement.text(2), useLimit: try statement.integer(3),
                    useCount: try statement.integer(4), createdAt: try statement.integer(5),
                    expiresAt: try statement.integer(6)))
        }
        return records
    }
}

/// The rows of clients that were approved or changed.
extension SQLiteConnection {
    /// Clients that changed themselves.
    func changedClientCount() throws(StoreError) -> Int {
        Int(try number("SELECT count(*) FROM client WHERE changed_at IS NOT NULL"))
    }

    /// Keeps an approval of exactly these metadata.
    func approve(_ client: ClientRecord) throws(StoreError) -> Bool {
        var statement = try prepare(
            """
            INSERT INTO client (id, name, status, metadata, created_at, approval, ends_at)
            VALUES (?, ?, 'active', ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET approval = excluded.approval, expires_at = NULL
            WHERE client.status = 'active' AND client.metadata = excluded.metadata RETURNING 1
            """)
        try statement.bind(client.id)
        try statement.bind(client.name)
        try statement.bind(client.metadata)
        try statement.bind(client.createdAt)
        try statement.bind(client.approval)
        try statement.bind(client.endsAt)
        var isKept = false
        while try statement.step() { isKept = true }
        return isKept
    }

    /// Writes other metadata, which nobody has approved.
    func change(_ client: ClientRecord) throws(StoreError) {
        var statement = try prepare(
            """
            INSERT INTO client (id, name, status, metadata, created_at, changed_at, ends_at)
            VALUES (?, ?, 'active', ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, metadata = excluded.metadata,
                approval = NULL, changed_at = excluded.changed_at, ends_at = excluded.ends_at
            """)
        try statement.bind(client.id)
        try statement.bind(client.name)
        try statement.bind(client.metadata)
        try statement.bind(client.createdAt)
        try statement.bind(client.changedAt)
        try statement.bind(client.endsAt)
        try statement.run()
    }

    /// Remembers that a client with a sealed id has ended.
    func markRemoved(_ client: ClientRecord) throws(StoreError) {
        var statement = try prepare(
            """
            INSERT INTO client (id, name, status, metadata, created_at, changed_at, ends_at)
            VALUES (?, ?, 'revoked', x'', ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET status = 'revoked', expires_at = NULL,
                changed_at = excluded.changed_at, ends_at = excluded.ends_at
            """)
        try statement.bind(client.id)
        try statement.bind(client.name)
        try statement.bind(client.createdAt)
        try statement.bind(client.changedAt)
        try statement.bind(client.endsAt)
        try statement.run()
    }

    func deleteClient(_ id: String) throws(StoreError) {
        var statement = try prepare("DELETE FROM client WHERE id = ?")
        try statement.bind(id)
        try statement.run()
    }
}
