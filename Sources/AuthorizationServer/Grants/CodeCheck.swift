import OAuth
import Storage

/// One condition under which a code may be redeemed.
struct CodeCheck: Sendable {
    /// What a client is told of a code that it cannot use, whatever the cause.
    static let description = "The code is unknown, expired, used, or was issued to someone else"

    /// All of them in their order.
    ///
    /// Whose the code is, as whom that client asked and where the code was sent (RFC 6749 §4.1.3);
    /// who asked for it (RFC 7636 §4.6, RFC 9449 §10).
    static let all = [
        CodeCheck(.invalidGrant, description, reason: "the code is another client's") {
            $0.clientID.utf8.elementsEqual($1.client.id.utf8)
        },
        // Who agreed to a client has not agreed to what its document says since.
        CodeCheck(.invalidGrant, description, reason: "the client has changed since the consent") {
            $0.clientRevision == $1.client.revision
        },
        CodeCheck(.invalidGrant, "The redirect_uri is not that of the authorization request") {
            // Present if and only if the authorization request had one, and the same byte for byte.
            ($1.redirectURI ?? "").utf8.elementsEqual($0.redirectURI.utf8)
        },
        CodeCheck(.invalidRequest, "The code_verifier is missing") { $1.verifier != nil },
        CodeCheck(.invalidGrant, "The code_verifier does not match the code_challenge") {
            guard let challenge = CodeChallenge($0.codeChallenge), let verifier = $1.verifier
            else { return false }
            return challenge.matches(verifier: verifier)
        },
        CodeCheck(.invalidDPoPProof, "The code is bound to a key: a DPoP proof is required") {
            $0.keyThumbprint == nil || $1.key != nil
        },
        CodeCheck(.invalidGrant, "The code is bound to another key than that of the DPoP proof") {
            $0.keyThumbprint == nil || $0.keyThumbprint == $1.key?.text
        },
    ]

    private let holds: @Sendable (CodeRecord, CodeGrant.Presented) -> Bool
    private let refusal: OAuthError

    private init(
        _ code: OAuthErrorCode, _ description: String, reason: String? = nil,
        holds: @escaping @Sendable (CodeRecord, CodeGrant.Presented) -> Bool
    ) {
        refusal = OAuthError(code, description, reason: reason)
        self.holds = holds
    }

    /// Refuses what does not hold.
    func apply(
        to record: CodeRecord, _ presented: CodeGrant.Presented
    ) throws(GrantRefusal) {
        guard holds(record, presented) else {
            throw GrantRefusal(refusal, subject: record.subject)
        }
    }
}
