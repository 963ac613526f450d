import HTTPClient
import JOSE
import OAuth
package import Storage

/// Checks what clients sign to say who they are (`private_key_jwt`; RFC 7523 §2.2, §3).
package struct ClientAssertions: Sendable {
    /// How far ahead the `exp` of an assertion may be, in seconds; so long its use is remembered.
    package static let lifetimeLimit: Int64 = 600

    private let store: any SingleUseStore
    private let lookUp: KeySetLookup
    private let clientLookUp: ClientKeySetLookup
    private let issuer: String
    private var rules: AssertionRules

    /// A check of assertions for the authorization server `issuer`; keys that are elsewhere are found
    /// by `keySets` where the operator named the client, else by `clientKeySets`.
    package init(
        issuer: String, store: any SingleUseStore, keySets: @escaping KeySetLookup,
        clientKeySets: @escaping ClientKeySetLookup
    ) {
        self.issuer = issuer
        self.store = store
        lookUp = keySets
        clientLookUp = clientKeySets
        rules = AssertionRules(
            types: ["jwt", "client-authentication+jwt"], mayLackType: true,
            audiences: AssertionRules.audiences(of: issuer) + [issuer + "/token"],
            lifetimeLimit: Self.lifetimeLimit, needsIssuedAt: false)
    }

    /// The same where an assertion may also be for the endpoint at a path of the issuer.
    func accepting(endpoint path: String) -> ClientAssertions {
        var assertions = self
        assertions.rules.audiences.append(issuer + path)
        return assertions
    }

    /// Finds the client's keys: anybody may have named their place, unless the operator did.
    private func lookUp(
        for client: Client, of network: ClientNetwork?, at now: Int64
    ) -> KeySetLookup {
        guard client.entry == nil else { return lookUp }
        let clientLookUp = clientLookUp
        return { clientLookUp($0, network, now) }
    }

    /// Passes an assertion of the client, once; `network` is whom a fetch of its keys is counted for.
    ///
    /// - Throws: `invalid_client`, with a cause only where the client's own key signed;
    ///   `temporarily_unavailable` if the store fails, or keys that are elsewhere cannot be got.
    func check(
        _ jws: UnverifiedJWS, of client: Client, _ keys: ClientKeys, for network: ClientNetwork?,
        at now: Int64
    ) async throws(OAuthError) {
        let clientID = client.id
        let lookUp = lookUp(for: client, of: network, at: now)
        let set: JSONWebKeySet
        do throws(OutboundFailure) {
            set = try await keys.keys(for: jws.header.keyID, lookUp)
        } catch {
            throw OAuthError(
                .temporarilyUnavailable, "The keys of the client cannot be had now",
                reason: "the keys of the client cannot be had: \(error)")
        }
        let assertion: VerifiedAssertion
        do throws(AssertionViolation) {
            assertion = try rules.verify(jws, of: clientID, by: set, at: now)
        } catch {
            if case .signature(let violation) = error {
                throw ClientAuthentication.unproven("the client assertion: \(violation)")
            }
            throw OAuthError(.invalidClient, error.explanation)
        }
        // RFC 7523 §3 — iss and sub are the client_id.
        guard assertion.subject.utf8.elementsEqual(clientID.utf8) else {
            throw OAuthError(.invalidClient, "The sub of the assertion is not the client_id")
        }
        let isNew: Bool
        do throws(StoreError) {
            isNew = try await store.use(assertion.use, at: now)
        } catch { throw ClientDirectory.unavailable(error) }
        guard isNew else {
            throw OAuthError(.invalidClient, "The assertion was used before: its jti is not new")
        }
    }
}
