import Cryptography
import JSON

/// What a provider's token endpoint answered (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3).
struct ProviderTokens: Sendable {
    /// The access token.
    var accessToken: SecretBytes
    /// The ID token; nil without OpenID Connect, and often at a refresh.
    var idToken: SecretBytes?
    /// The refresh token; nil where there is none, or none in the place of the old one.
    var refreshToken: SecretBytes?

    /// The longest token, in bytes.
    static let tokenLimit = 16 * 1024

    /// Reads an answer.
    ///
    /// - Throws: `invalidGrant` where the provider says so, `refused` for another error of RFC 6749,
    ///   else `unavailable`.
    init(status: Int, content: [UInt8]) throws(ProviderFailure) {
        let root = (try? JSONDocument(parsing: content))?.root
        // Some providers answer an error with 200.
        if (400..<500).contains(status) || status == 200, let error = root?["error"]?.string {
            throw Self.failure(error)
        }
        // glewlwyd says no more than that of a refresh token whose user is gone.
        if status == 400, content.isEmpty {
            throw ProviderFailure(.token, .invalidGrant, "the status is 400, without a word")
        }
        guard status == 200 else {
            throw ProviderFailure(.token, .unavailable, "the status is \(status)")
        }
        guard let root, root.kind == .object else {
            throw ProviderFailure(.token, .unavailable, "the answer is no JSON object")
        }
        guard let accessToken = try Self.token("access_token", of: root) else {
            throw ProviderFailure(.token, .unavailable, "the answer has no access token")
        }
        // RFC 6749 §7.1 — who does not understand the type does not use the token.
        guard let type = root["token_type"]?.string, type.lowercased() == "bearer" else {
            throw ProviderFailure(.token, .unavailable, "the token is of another type than Bearer")
        }
        self.accessToken = accessToken
        idToken = try Self.token("id_token", of: root)
        refreshToken = try Self.token("refresh_token", of: root)
    }

    private static func failure(_ error: String) -> ProviderFailure {
        // The names are GitHub's for the same.
        let isGone = ["invalid_grant", "bad_verification_code", "bad_refresh_token"]
            .contains(error)
        let shown = String(error.prefix(64).filter { $0.isASCII && ($0.isLetter || $0 == "_") })
        return ProviderFailure(
            .token, isGone ? .invalidGrant : .refused, "the provider answered \(shown)")
    }

    private static func token(
        _ name: StaticString, of root: JSONValue
    ) throws(ProviderFailure) -> SecretBytes? {
        guard let value = root[name], value.kind != .null else { return nil }
        guard let text = value.string, (1...tokenLimit).contains(text.utf8.count),
            // RFC 6749 appendix A.12
            text.utf8.allSatisfy({ (0x20...0x7E).contains($0) })
        else {
            throw ProviderFailure(.token, .unavailable, "\(name) is no token")
        }
        return SecretBytes(Array(text.utf8))
    }
}
