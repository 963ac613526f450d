import HTTP
import MCP
import OAuth

// Whose request it is: the token of the head, and the proof that comes with it.
extension Authorizer {
    /// The token of the head, from the cache or verified now; where it is bound to a key, the proof
    /// is checked each time.
    func token(
        _ head: RequestHead, _ server: ProtectedServer, _ cache: TokenCache, _ now: Int64
    ) -> Authentication {
        switch BearerToken(of: head) {
        case .absent: return .answered(Self.withoutToken(head, server))
        case .malformed:
            return .answered(
                Refusals.unauthorized(
                    server, server.spelling(of: head), error: .invalidToken,
                    "The Authorization field is not one bearer token", reason: "malformed token"))
        case .inQuery:
            return .answered(
                Refusals.unauthorized(
                    server, server.spelling(of: head), error: .invalidToken,
                    "The access token belongs into the Authorization field",
                    reason: "token in the query"))
        case .present(let bytes):
            do throws(TokenViolation) {
                let token = try cache.verifiedToken(bytes, for: server, at: now)
                // RFC 9449 §7.2 — who shows a bound token as a bearer may have stolen it.
                guard token.key == nil else { throw .unproven }
                return .accepted(token)
            } catch {
                return Self.unaccepted(bytes, error, head, server) {
                    Refusals.unauthorized(
                        server, server.spelling(of: head), error: .invalidToken,
                        error.publicDescription, reason: error.privateReason)
                }
            }
        case .proven(let bytes):
            guard let proofs, let target = server.proofTarget else {
                return .answered(Self.withoutToken(head, server))
            }
            return proven(bytes, head, server, cache, (proofs, target), now)
        }
    }

    /// The nonce for the next proof of who has this token; nil where none is asked for.
    ///
    /// `now` is in Unix seconds.
    package func nonce(for token: VerifiedAccessToken, at now: Int64) -> String? {
        token.key == nil ? nil : proofs?.nonce(at: now)
    }

    private static func withoutToken(_ head: RequestHead, _ server: ProtectedServer) -> Refusal {
        Refusals.unauthorized(
            server, server.spelling(of: head), error: nil, "A bearer token is required",
            reason: "no token")
    }

    /// A token under the DPoP scheme (RFC 9449 §7.1): first the token, so that only who has one
    /// makes the gateway check a signature that costs anything.
    private func proven(
        _ bytes: ArraySlice<UInt8>, _ head: RequestHead, _ server: ProtectedServer,
        _ cache: TokenCache, _ check: (proofs: DPoPVerifier, target: DPoPTarget), _ now: Int64
    ) -> Authentication {
        let token: VerifiedAccessToken
        let key: KeyThumbprint
        do throws(TokenViolation) {
            token = try cache.verifiedToken(bytes, for: server, at: now)
            guard let bound = token.key else { throw .unbound }
            key = bound
        } catch {
            return Self.unaccepted(bytes, error, head, server) {
                Refusals.unproven(
                    server, server.spelling(of: head), error: .invalidToken,
                    error.publicDescription, reason: error.privateReason
                ).offering(nonce: check.proofs.nonce(at: now))
            }
        }
        do throws(DPoPViolation) {
            _ = try check.proofs.verify(
                head.fields,
                for: DPoPRequest(
                    method: head.method.name, target: check.target,
                    accessToken: DPoPRequest.AccessToken(digest: token.digest, key: key)),
                at: now)
            return .accepted(token)
        } catch {
            return .answered(
                Self.refusal(error, head, server).offering(nonce: check.proofs.nonce(at: now)))
        }
    }

    /// The answer to a proof that is not good.
    private static func refusal(
        _ violation: DPoPViolation, _ head: RequestHead, _ server: ProtectedServer
    ) -> Refusal {
        let error: DPoPChallenge.ErrorCode
        switch violation.consequence {
        case .invalidProof: error = .invalidDPoPProof
        case .useNonce: error = .useDPoPNonce
        case .invalidToken: error = .invalidToken
        case .unavailable:
            let answer = GatewayError.unavailable(reason: violation.publicDescription)
                .answer(for: ProtocolEra(presumedFrom: head.fields))
            return .jsonRPC(
                answer, id: nil,
                fields: [Refusal.Field(name: "Retry-After", value: "\(crowdedWait)")],
                reason: violation.privateReason, ruling: Ruling(.overloaded))
        }
        return Refusals.unproven(
            server, server.spelling(of: head), error: error, violation.publicDescription,
            reason: violation.privateReason)
    }

    /// When a client may try again for whose proof there is no room, in seconds.
    private static var crowdedWait: Int64 { DPoPReplays.window }
}

extension Refusal {
    /// The same with the nonce for the client's next proof, if any (RFC 9449 §8.2).
    fileprivate func offering(nonce: String?) -> Refusal {
        guard let nonce else { return self }
        var result = self
        result.fields.append(Field(name: "DPoP-Nonce", value: nonce))
        return result
    }
}
