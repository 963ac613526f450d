import OAuth
import Storage

/// Clients that are described by the document at the URL that is their id.
extension ClientDirectory {
    /// Whether the id is the URL of a metadata document.
    package static func isDocumentURL(_ id: String) -> Bool { ClientDocumentURL(id) != nil }

    /// The client that the document at a URL describes, as of now.
    ///
    /// - Returns: nil where the operator wants no document from there, or has revoked the client.
    /// - Throws: why nothing can be told.
    func client(
        describedAt url: ClientDocumentURL, for network: ClientNetwork?, at now: Int64
    ) async throws(ClientLookupFailure) -> Client? {
        // Before anything is fetched: nobody makes this server ask a host that it does not trust.
        guard let documents, let verification = verification(of: url) else { return nil }
        let row: ClientRecord?
        do { row = try await store.client(url.text) } catch { throw .store(error) }
        guard row?.status != .revoked else { return nil }
        let document: ClientDocument
        do {
            document = try await documents.document(at: url, for: network, at: now)
        } catch {
            throw .document(error)
        }
        let uris = policy.allowed(document.redirectURIs)
        guard !uris.isEmpty else {
            throw .document(
                .unusable("registration.redirect_uris allows none of its redirect URIs"))
        }
        guard RedirectPolicy.mayBeNamed(document.name, at: uris) else {
            throw .document(.unusable("it bears the name of a product with other redirect URIs"))
        }
        return Client(
            id: url.text, name: document.name, redirectURIs: uris,
            authenticationMethod: document.method, isAlsoPublic: document.isAlsoPublic,
            keys: document.keys, verification: verification, documentHost: url.host,
            // Of what the document says, not of what policy leaves of it.
            revision: ClientRevision.digest(
                name: document.name, redirectURIs: document.redirectURIs, method: document.method,
                keys: document.keys),
            bindsTokens: document.bindsTokens)
    }

    /// How much a document at this URL proves; nil where none is wanted from there.
    private func verification(of url: ClientDocumentURL) -> Client.Verification? {
        let isTrusted = options.trustedDomains.contains {
            RedirectPolicy.matches(host: url.host, $0)
        }
        switch options.metadataDocuments {
        case .off: return nil
        case .trusted: return isTrusted ? .domain(url.host) : nil
        case .any: return isTrusted ? .domain(url.host) : .unverified
        }
    }
}
