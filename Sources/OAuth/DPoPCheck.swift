import Cryptography

/// What must hold of a proof whose signature is good, in the order of RFC 9449 §4.3.
enum DPoPCheck: CaseIterable {
    /// Item 8: `htm`.
    case method
    /// Item 9: `htu`.
    case target
    /// Item 10: `nonce`, where one is asked for.
    case nonce
    /// Item 11: `iat`.
    case time
    /// Item 12, first half: `ath`.
    case accessToken
    /// Item 12, second half: the key.
    case key

    /// What a proof is held against.
    struct Circumstances {
        let request: DPoPRequest
        /// The nonces of ours; nil where none is asked for.
        let nonces: DPoPNonces?
        /// Unix seconds.
        let now: Int64
    }

    /// Passes a proof, or says what is wrong with it.
    func pass(_ proof: DPoPProof, _ circumstances: Circumstances) throws(DPoPViolation) {
        let (request, now) = (circumstances.request, circumstances.now)
        switch self {
        case .method:
            guard proof.method.utf8.elementsEqual(request.method.utf8) else { throw .otherMethod }
        case .target:
            guard proof.target == request.target else { throw .otherTarget }
        case .nonce:
            guard let nonces = circumstances.nonces else { return }
            guard let nonce = proof.nonce else { throw .nonceMissing }
            guard nonces.contains(nonce, at: now) else { throw .nonceUnknown }
        case .time:
            guard proof.issuedAt >= now - DPoPVerifier.pastWindow, now < proof.expiresAt ?? .max
            else { throw .stale }
            guard max(proof.issuedAt, proof.notBefore ?? 0) <= now + DPoPVerifier.futureWindow
            else { throw .early }
        case .accessToken:
            guard let token = request.accessToken else { return }
            guard let digest = proof.accessTokenDigest,
                constantTimeEqual(digest, token.digest.bytes)
            else { throw .otherAccessToken }
        case .key:
            guard let token = request.accessToken else { return }
            guard proof.key == token.key else { throw .otherKey }
        }
    }
}
