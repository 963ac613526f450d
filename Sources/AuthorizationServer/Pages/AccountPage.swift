import HTTP
import OAuth

/// The page where a person sees what was allowed, and ends it.
struct AccountPage: Sendable {
    /// One grant.
    struct Entry: Sendable {
        /// The grant's id.
        var id: String
        /// The client's name.
        var clientName: String
        /// The server's name for people.
        var serverTitle: String
        /// What was agreed to: scopes that exist today, and the names of those that do not.
        var scopes: [GuardedScope]
        /// When, in Unix seconds.
        var since: Int64
    }

    /// Who is signed in: the name, and the title of the source where there are several.
    var userName: String
    /// What was allowed, the latest first.
    var entries: [Entry]
    /// Whether there is more than is listed.
    var isTruncated = false
    /// Whether the page answers the end of a grant.
    var hasEnded = false
    /// The token of the forms that end a grant.
    var csrf: String
    /// The token of the form that signs out.
    var signOutCSRF: String

    /// The page.
    var page: Page {
        Page(title: "Your account") { html in
            html.heading { $0.markup("What you have allowed") }
            html.markup("<p class=\"quiet\">Signed in as <strong>")
            html.isolated(userName)
            html.markup("</strong>.</p>\n")
            if hasEnded {
                html.markup("<p class=\"good\" role=\"status\">The access has ended.</p>\n")
            }
            if entries.isEmpty { html.paragraph("No application has access through your account.") }
            for entry in entries { write(entry, &html) }
            if isTruncated { html.paragraph("There is more; end some of these to see the rest.") }
            html.markup("<section>\n")
            html.beginForm("/sign-out", csrf: signOutCSRF)
            html.markup(
                "<button class=\"small\" type=\"submit\">Sign out</button>\n</form>\n</section>\n")
        }
    }

    private func write(_ entry: Entry, _ html: inout HTMLWriter) {
        html.markup("<section>\n<h2>")
        html.clientName(entry.clientName)
        html.markup(" on ")
        html.isolated(entry.serverTitle)
        html.markup("</h2>\n<p class=\"quiet\">Since ")
        html.text(Self.date(entry.since))
        html.markup("</p>\n<ul>\n")
        for scope in entry.scopes {
            html.markup("<li>")
            ScopeChoice.writeWords(of: scope, &html)
            html.markup("</li>\n")
        }
        html.markup("</ul>\n")
        html.beginForm("/account", csrf: csrf)
        html.hidden("grant", entry.id)
        html.markup("<button class=\"small\" type=\"submit\"")
        // The words of the button alone would be the same for every entry.
        let name =
            ClientName.isVisible(entry.clientName) ? entry.clientName : "a client without a name"
        html.attribute("aria-label", "End access of \(name) on \(entry.serverTitle)")
        html.markup(">End access</button>\n</form>\n</section>\n")
    }

    /// Day, month and year in UTC, such as `06 Nov 1994`.
    static func date(_ unixSeconds: Int64) -> String {
        var text: [UInt8] = []
        text.appendHTTPDate(Int(unixSeconds))
        // RFC 9110 §5.6.7 — the date of an IMF-fixdate stands behind the name of the day.
        return String(decoding: text.dropFirst(5).prefix(11), as: UTF8.self)
    }
}
