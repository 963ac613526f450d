import HTTP
import HTTPClient
import JOSE
import OAuth

/// The keys of an issuer, at a place that is configured or that its metadata name.
///
/// Asks each time: when it is time to is said by ``FetchedKeys``. No part of a token says where. Unlike
/// a `RemoteKeySet`, which answers with what it has, this one says when the issuer could not be asked:
/// a client whose key may be a new one is then told to come again, not to get another token.
struct IssuerKeySource: KeySetSource {
    /// Where the keys are.
    enum Place: Sendable {
        /// At `jwks_uri` of the configuration.
        case configured(AbsoluteURI)
        /// Where the metadata say.
        case discovered(IssuerDiscovery)
    }

    let place: Place
    let client: any OutboundClient

    func keys(for id: String?) async throws(OutboundFailure) -> JSONWebKeySet {
        switch place {
        case .configured(let uri): return try await fetch(uri)
        case .discovered(let discovery):
            guard let uri = try await discovery.metadata().jwksURI else {
                await discovery.forget()
                throw OutboundFailure(.malformed, "the metadata name no jwks_uri that may be asked")
            }
            do throws(OutboundFailure) {
                return try await fetch(uri)
            } catch {
                // The keys may have moved.
                await discovery.forget()
                throw error
            }
        }
    }

    private func fetch(_ uri: AbsoluteURI) async throws(OutboundFailure) -> JSONWebKeySet {
        let set = try await client.keySet(at: uri).set
        // An issuer without keys is a mistake of its operator, and would shut everybody out.
        guard !set.keys.isEmpty else {
            throw OutboundFailure(.malformed, "\(uri): no key that can be used")
        }
        return set
    }
}
