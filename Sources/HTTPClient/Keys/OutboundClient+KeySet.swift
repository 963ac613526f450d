package import HTTP
package import JOSE

/// A key set as it was got.
package struct FetchedKeySet: Sendable {
    /// The set; it may hold no key that can be used.
    package let set: JSONWebKeySet
    /// How long it is good for by its answer, in seconds.
    package let lifetime: Int64
}

extension OutboundClient {
    /// The keys that somebody publishes at a URL (RFC 7517 §5), fetched now.
    ///
    /// - Throws: ``OutboundFailure`` where they cannot be had, or the answer is no JWK set.
    package func keySet(at url: AbsoluteURI) async throws(OutboundFailure) -> FetchedKeySet {
        let response = try await send(
            .get(
                url, accept: "application/jwk-set+json, application/json",
                contentLimit: JSONWebKeySet.textLimit))
        guard response.status == 200 else {
            throw OutboundFailure(.malformed, "\(url): status \(response.status)")
        }
        do throws(JWKSetViolation) {
            return FetchedKeySet(
                set: try JSONWebKeySet(parsing: response.content),
                lifetime: FreshnessLifetime.seconds(response.fields))
        } catch {
            throw OutboundFailure(.malformed, "\(url): \(error)")
        }
    }
}
