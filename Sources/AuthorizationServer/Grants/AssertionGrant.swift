import Cryptography
import HTTPClient
import JOSE
import JSON
import OAuth
import Storage

/// Takes what somebody whom the operator trusts says of a user or a program (RFC 7523 §2.1): an
/// Identity Assertion JWT Authorization Grant (ID-JAG), or a workload's identity.
///
/// Each statement brings one token, and no refresh token.
struct AssertionGrant: Sendable {
    let issuing: TokenIssuing

    /// What a client presents.
    struct Presented: Sendable {
        let client: Client
        let assertion: SecretBytes
        let scope: ScopeSet?
        let resource: ResourceIndicator?
        /// The key of the proof that came along; nil without one.
        let key: KeyThumbprint?
    }

    /// How far ahead the `exp` of an ID-JAG may be, in seconds.
    static let userLifetimeLimit: Int64 = 600
    /// How far ahead the `exp` of a workload's identity may be, in seconds: platforms write an hour.
    static let workloadLifetimeLimit: Int64 = 3600

    /// The token for a statement.
    ///
    /// - Parameters:
    ///   - presented: what the client shows; the client has authenticated.
    ///   - now: Unix seconds.
    /// - Returns: what the client gets.
    /// - Throws: why it gets nothing.
    func tokens(
        for presented: Presented, at now: Int64
    ) async throws(GrantRefusal) -> IssuedTokens {
        guard let jws = try? UnverifiedJWS(presented.assertion.bytes),
            let name = jws.claimedIssuer
        else { throw .invalidGrant("The assertion is not a JWT with an iss") }
        let issuers = issuing.options.assertionIssuers.filter {
            $0.issuer.utf8.elementsEqual(name.utf8)
        }
        guard !issuers.isEmpty else {
            throw .invalidGrant("The iss of the assertion is not trusted here")
        }
        // One that speaks for users and for programs is told by the typ of what it signs.
        let isForUsers = jws.header.isOfType("oauth-id-jag+jwt")
        for issuer in issuers {
            switch issuer.subjects {
            case .users(let users) where isForUsers:
                let assertion = try await verify(jws, of: issuer, userRules, at: now)
                return try await issueForUser(assertion, users, presented, at: now)
            case .workloads(let workloads) where !isForUsers:
                let assertion = try await verify(jws, of: issuer, rules(workloads), at: now)
                return try await issueForWorkload(assertion, workloads, presented, at: now)
            case .users, .workloads: continue
            }
        }
        throw .invalidGrant("The typ of the assertion is not one that is expected of its iss")
    }

    // MARK: - What is checked of all

    private var userRules: AssertionRules {
        AssertionRules(
            types: ["oauth-id-jag+jwt"], mayLackType: false,
            audiences: AssertionRules.audiences(of: issuing.options.issuer),
            lifetimeLimit: Self.userLifetimeLimit, needsIssuedAt: true)
    }

    private func rules(_ workloads: AssertionIssuer.Workloads) -> AssertionRules {
        AssertionRules(
            types: ["jwt"], mayLackType: true,
            audiences: workloads.audience.map { [$0] }
                ?? AssertionRules.audiences(of: issuing.options.issuer),
            lifetimeLimit: Self.workloadLifetimeLimit, needsIssuedAt: false)
    }

    private func verify(
        _ jws: UnverifiedJWS, of issuer: AssertionIssuer, _ rules: AssertionRules, at now: Int64
    ) async throws(GrantRefusal) -> VerifiedAssertion {
        let keys: JSONWebKeySet
        do throws(OutboundFailure) {
            keys = try await issuer.keys.keys(for: jws.header.keyID, issuing.keySets)
        } catch {
            throw GrantRefusal(
                OAuthError(
                    .temporarilyUnavailable, "The keys of the issuer cannot be had now",
                    reason: "the keys of the issuer cannot be had: \(error)"))
        }
        do throws(AssertionViolation) {
            return try rules.verify(jws, of: issuer.issuer, by: keys, at: now)
        } catch {
            throw .invalidGrant(error.explanation, reason: "the assertion: \(error)")
        }
    }

    // MARK: - Users

    private func issueForUser(
        _ assertion: VerifiedAssertion, _ users: AssertionIssuer.Users, _ presented: Presented,
        at now: Int64
    ) async throws(GrantRefusal) -> IssuedTokens {
        let root = assertion.claims.document.root
        let client = presented.client
        // Who cannot prove to be the client that the statement names could have found it.
        guard client.authenticationMethod != .none else {
            throw GrantRefusal(
                OAuthError(
                    .unauthorizedClient, "A public client cannot present a statement about a user"))
        }
        guard let named = root.member("client_id")?.string,
            named.utf8.elementsEqual(client.id.utf8)
        else { throw .invalidGrant("The client_id of the assertion is not this client") }
        let resource = try issuing.resource(
            try Self.resource(in: root, presented.resource), for: client)
        let user = try await user(assertion, users, at: now)
        let grantable = GrantScopes.grantable(user: user, client: client, at: resource)
        let scopes = try Self.scopes(
            presented.scope, limit: try Self.scope(in: root), grantable, at: resource,
            subject: user.subject)
        return try await issuing.issue(
            MachineToken(
                basis: .jwtBearer, user: user, client: client, resource: resource, scopes: scopes,
                grantable: grantable,
                key: try issuing.binding(
                    presented.key, of: client, at: resource, subject: user.subject),
                use: assertion.use),
            at: now)
    }

    /// The `resource` claim, which must be there; with the parameter both must be the same.
    private static func resource(
        in root: JSONValue, _ presented: ResourceIndicator?
    ) throws(GrantRefusal) -> ResourceIndicator {
        guard let claimed = root.member("resource")?.string.flatMap(ResourceIndicator.init) else {
            throw .invalidGrant("The resource of the assertion is missing or not one URL")
        }
        guard presented == nil || presented == claimed else {
            throw GrantRefusal(
                OAuthError(.invalidTarget, "The assertion is for another resource"))
        }
        return claimed
    }

    /// The `scope` claim; nil without one.
    private static func scope(in root: JSONValue) throws(GrantRefusal) -> ScopeSet? {
        guard let value = root.member("scope") else { return nil }
        guard let scope = value.string.flatMap(ScopeSet.init(parsing:)) else {
            throw .invalidGrant("The scope of the assertion is malformed")
        }
        return scope
    }

    private static func scopes(
        _ asked: ScopeSet?, limit: ScopeSet?, _ grantable: ScopeSet, at resource: GuardedResource,
        subject: String
    ) throws(GrantRefusal) -> ScopeSet {
        if let asked, let limit, !asked.subtracting(limit).isEmpty {
            throw GrantRefusal(
                OAuthError(.invalidScope, "The scope goes beyond that of the assertion"),
                subject: subject)
        }
        let initial = ScopeSet(resource.scopes.filter(\.isInitial).map(\.name))
        let scopes = grantable.intersection(asked ?? limit ?? initial)
        guard !scopes.isEmpty else {
            throw GrantRefusal(
                OAuthError(
                    .invalidScope, "None of the scopes may be granted to this user and client"),
                subject: subject)
        }
        return scopes
    }

    private func user(
        _ assertion: VerifiedAssertion, _ users: AssertionIssuer.Users, at now: Int64
    ) async throws(GrantRefusal) -> User {
        let root = assertion.claims.document.root
        guard let name = root.member(users.nameClaim)?.string,
            (1...AssertionRules.identifierLimit).contains(name.utf8.count),
            Self.isVouchedFor(users.nameClaim, root)
        else { throw .invalidGrant("The assertion does not say which user it is about") }
        let statement = UserStatement(
            source: users.source, issuer: assertion.issuer, name: name, claims: root)
        return try await issuing.user(
            await issuing.users.standing(of: statement, at: now), subject: nil
        ) { endedGrants in
            .invalidGrant("The user of the assertion is unknown here", endedGrants: endedGrants)
        }.user
    }

    /// An e-mail address that its issuer has not verified is anybody's (OpenID Connect Core §5.7).
    private static func isVouchedFor(_ claim: String, _ root: JSONValue) -> Bool {
        claim != "email" || root["email_verified"]?.bool == true
    }

    // MARK: - Programs

    private func issueForWorkload(
        _ assertion: VerifiedAssertion, _ workloads: AssertionIssuer.Workloads,
        _ presented: Presented, at now: Int64
    ) async throws(GrantRefusal) -> IssuedTokens {
        let client = presented.client
        // A client's own assertion says that it is the client, and brings nothing by itself.
        guard !assertion.subject.utf8.elementsEqual(assertion.issuer.utf8) else {
            throw .invalidGrant("The assertion is one by which a client authenticates")
        }
        let mayAct = workloads.rules.contains { rule in
            rule.clientID.utf8.elementsEqual(client.id.utf8)
                && rule.subject.matches(assertion.subject)
        }
        guard mayAct else {
            throw GrantRefusal(
                OAuthError(
                    .unauthorizedClient, "The sub of the assertion may not act as this client"))
        }
        let order = try issuing.machineOrder(
            client, presented.scope, presented.resource, basis: .jwtBearer, key: presented.key,
            use: assertion.use)
        return try await issuing.issue(order, at: now)
    }
}
