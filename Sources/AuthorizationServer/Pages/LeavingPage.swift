/// The page from which a browser goes on to an identity provider.
///
/// It is a page and no redirection: Chromium holds every redirection that answers a form against
/// `form-action`, and where a provider sends the browser on to is not known here.
struct LeavingPage: Sendable {
    /// The provider's name for people.
    var title: String
    /// Where the browser goes.
    var url: String

    /// The page as an answer, with the field that lets the browser go by itself.
    func response(fields: [EndpointResponse.Field]) -> EndpointResponse {
        let page = Page(title: "Sign in") { html in
            html.heading { html in
                html.markup("On to ")
                html.isolated(title)
            }
            html.markup("<p>If nothing happens, <a")
            html.attribute("href", url)
            html.markup(">continue here</a>.</p>\n")
        }
        // HTML §8.2 — the same as in a meta element.
        return page.response(fields: fields + [.init("Refresh", "0;url=\(url)")])
    }
}
