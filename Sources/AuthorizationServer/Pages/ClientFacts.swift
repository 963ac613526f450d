import OAuth

/// Who asks, where the answer goes, and for which server.
struct ClientFacts: Sendable {
    /// The client that asks.
    var client: Client
    /// Where its answer goes.
    var redirectURI: RedirectURI
    /// The server that it wants to use.
    var resource: GuardedResource

    /// The question as a heading, the facts, and what to be wary of.
    func write(_ html: inout HTMLWriter) {
        html.heading { html in
            html.markup("Allow ")
            html.clientName(client.name)
            html.markup(" to use ")
            html.isolated(resource.title)
            html.markup("?")
        }
        writeFacts(&html)
        writeWarnings(&html)
    }

    private func writeFacts(_ html: inout HTMLWriter) {
        html.markup("<dl>\n")
        html.fact("Application") { html in
            html.clientName(client.name)
            html.markup(" ")
            html.verification(client.verification)
        }
        if let host = client.documentHost {
            html.fact("Described by") { $0.isolated(host) }
        }
        html.fact("Answer goes to") { html in
            html.isolated(redirectURI.displayHost)
            if redirectURI.isLoopback { html.markup(" <small>a program on this computer</small>") }
        }
        html.fact("Server") { html in
            html.isolated(resource.title)
            html.markup(" <small>")
            html.text(resource.resource.text)
            html.markup("</small>")
        }
        html.markup("</dl>\n")
    }

    private func writeWarnings(_ html: inout HTMLWriter) {
        if let host = client.documentHost, client.redirectURIs.allSatisfy(\.isLoopback) {
            return writeImpersonationWarning(&html, host)
        }
        guard client.verification == .unverified || redirectURI.isLoopback else { return }
        html.markup("<p class=\"note\">")
        if client.verification == .unverified {
            html.markup("The application chose its name itself; nobody has checked who it is. ")
        }
        if redirectURI.isLoopback {
            html.markup("A program on this computer receives the access. ")
        }
        html.markup("Allow it only if you started this yourself just now.</p>\n")
    }

    /// A document proves who wrote it, not which program on this computer uses it
    /// (draft-ietf-oauth-client-id-metadata-document §6.3; MCP 2025-11-25 basic/authorization,
    /// localhost redirect URIs).
    private func writeImpersonationWarning(_ html: inout HTMLWriter, _ host: String) {
        html.markup("<p class=\"note\">")
        if client.verification == .unverified {
            html.markup("Nobody has checked who is behind ")
        } else {
            html.markup("The description comes from ")
        }
        html.isolated(host)
        html.markup(". Any program on this computer can use it: the access goes to ")
        html.isolated(redirectURI.displayHost)
        html.markup(
            ", and nothing proves which program that is. Allow it only if you started this yourself just now.</p>\n"
        )
    }
}
