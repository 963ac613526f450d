import HTTP
import OAuth

/// The proofs of keys that come with requests to one endpoint (RFC 9449 §5, §10.1).
struct EndpointProofs: Sendable {
    private let check: (verifier: DPoPVerifier, target: DPoPTarget)?

    /// Proofs for the endpoint at `path`; without a verifier none is read.
    init(_ verifier: DPoPVerifier?, issuer: String, path: String) {
        guard let verifier, let target = DPoPTarget(issuer + path) else {
            check = nil
            return
        }
        check = (verifier, target)
    }

    /// The key of the request's proof; nil for a request without one.
    ///
    /// - Throws: `invalid_dpop_proof` or `use_dpop_nonce`.
    func key(of request: EndpointRequest) throws(OAuthError) -> KeyThumbprint? {
        guard let check, Self.hasProof(request) else { return nil }
        do throws(DPoPViolation) {
            return try check.verifier.verify(
                request.head.fields,
                for: DPoPRequest(method: request.head.method.name, target: check.target),
                at: request.now
            ).key
        } catch {
            throw OAuthError(error)
        }
    }

    /// The answer with the nonce for the next proof, where the request had one (RFC 9449 §8).
    func offeringNonce(
        _ answer: EndpointResponse, to request: EndpointRequest
    ) -> EndpointResponse {
        guard Self.hasProof(request), let nonce = check?.verifier.nonce(at: request.now) else {
            return answer
        }
        var answer = answer
        answer.fields.append(EndpointResponse.Field("DPoP-Nonce", nonce))
        return answer
    }

    private static func hasProof(_ request: EndpointRequest) -> Bool {
        request.head.fields.contains(FieldName(.dpop))
    }
}
