import Cryptography
package import HTTP

/// Checks DPoP proofs for both roles (RFC 9449 §4.3).
///
/// Pure but for what it remembers: the time is passed in.
package struct DPoPVerifier: Sendable {
    /// How old a proof may be, in seconds (RFC 9449 §11.1 wants it short).
    package static let pastWindow: Int64 = 60
    /// How far the client's clock may be ahead, in seconds.
    package static let futureWindow: Int64 = 5
    /// `dpop_signing_alg_values_supported` and `algs`.
    package static let algorithms = SignatureAlgorithm.allCases.map(\.rawValue)

    private let nonces: DPoPNonces?
    private let replays: DPoPReplays

    /// A verifier that remembers in `replays` what was shown, and asks for one of `nonces`, if any.
    package init(nonces: DPoPNonces?, replays: DPoPReplays) {
        self.nonces = nonces
        self.replays = replays
    }

    /// The nonce for the client's next proofs; nil where none is asked for.
    ///
    /// `now` is in Unix seconds.
    package func nonce(at now: Int64) -> String? { nonces?.newest(at: now) }

    /// The proof of a request, which is good for it, now, and never again.
    ///
    /// - Parameters:
    ///   - fields: the fields of the request.
    ///   - request: what the proof must be for.
    ///   - now: Unix seconds.
    /// - Returns: the proof.
    /// - Throws: the first rule that is broken.
    package func verify(
        _ fields: Fields, for request: DPoPRequest, at now: Int64
    ) throws(DPoPViolation) -> DPoPProof {
        // RFC 9449 §4.3, item 1
        guard let field = fields.bytes(of: FieldName(.dpop)) else { throw .missing }
        guard fields.hasOne(.dpop) else { throw .repeated }
        let proof = try DPoPProof(parsing: field)
        let circumstances = DPoPCheck.Circumstances(request: request, nonces: nonces, now: now)
        for check in DPoPCheck.allCases { try check.pass(proof, circumstances) }
        // Last, so that only what is good takes room.
        switch replays.claim(proof, at: now) {
        case .first: return proof
        case .again: throw .replayed
        case .full: throw .crowded
        }
    }
}
