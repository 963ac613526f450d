/// One page for a person: everything of it but the fields of the answer.
///
/// No page has a script, an image or anything that is loaded.
struct Page: Sendable {
    /// What the browser shows as the page's name.
    let title: String
    /// What stands in the card, its heading included.
    let content: HTMLWriter
    /// Where forms of the page may lead beside this server: sources for `form-action`.
    let formTargets: [String]

    /// A page whose card `write` fills.
    init(title: String, formTargets: [String] = [], _ write: (inout HTMLWriter) -> Void) {
        self.title = title
        self.formTargets = formTargets
        var content = HTMLWriter()
        write(&content)
        self.content = content
    }

    /// The whole document.
    var bytes: [UInt8] {
        var html = HTMLWriter()
        html.markup(
            """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>
            """)
        html.text(title)
        html.markup("</title>\n<style>")
        html.markup(PageStyle.sheet)
        html.markup("</style>\n</head>\n<body>\n<main>\n")
        html.append(content)
        html.markup("</main>\n</body>\n</html>\n")
        return html.bytes
    }

    /// The page as an answer.
    ///
    /// - Parameters:
    ///   - status: the status.
    ///   - extra: further fields, such as cookies.
    ///   - reason: why, for the log.
    /// - Returns: the answer, with what every page carries.
    func response(
        status: Int = 200, fields extra: [EndpointResponse.Field] = [], reason: String? = nil
    ) -> EndpointResponse {
        EndpointResponse(
            status: status,
            fields: [.init("Content-Type", "text/html; charset=utf-8")]
                + Self.guards + [.init("Content-Security-Policy", contentSecurityPolicy)] + extra,
            body: bytes, reason: reason)
    }

    /// A redirection to `location` with GET, whatever the method was (RFC 9110 §15.4.4).
    static func redirection(
        to location: String, fields extra: [EndpointResponse.Field] = [], reason: String? = nil
    ) -> EndpointResponse {
        EndpointResponse(
            status: 303, fields: [.init("Location", location)] + guards + extra, reason: reason)
    }

    /// What every answer to a browser carries.
    ///
    /// The referrer policy is `same-origin`, not `no-referrer`: under the latter browsers send
    /// `Origin: null` with our own forms (Fetch §3.2), and the check of the origin would refuse them.
    /// Other origins are told as little by the one as by the other.
    private static let guards: [EndpointResponse.Field] = [
        .init("Cache-Control", "no-store"),
        .init("Referrer-Policy", "same-origin"),
        .init("X-Content-Type-Options", "nosniff"),
        .init("X-Frame-Options", "DENY"),
    ]

    /// RFC 9700 §4.16 — nobody frames the page; nothing is loaded or run in it.
    private var contentSecurityPolicy: String {
        // Chromium applies `form-action` to the redirect that answers a form too, so the place that
        // the user is sent to afterwards is named.
        let targets = (["'self'"] + formTargets.filter(Self.isSource)).joined(separator: " ")
        return "default-src 'none'; style-src \(PageStyle.source); base-uri 'none'; "
            + "frame-ancestors 'none'; form-action \(targets)"
    }

    /// Whether a text is one source expression of a scheme or a host (CSP Level 3, §2.3.1), which
    /// ends neither the directive nor the field.
    private static func isSource(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: ":/.-+*[]".utf8.contains(byte)
                }
            }
    }
}
