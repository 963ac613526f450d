/// What several pages have in common.
extension HTMLWriter {
    /// The heading of the page.
    mutating func heading(_ write: (inout HTMLWriter) -> Void) {
        markup("<h1>")
        write(&self)
        markup("</h1>\n")
    }

    /// A paragraph of our own words.
    mutating func paragraph(_ words: StaticString) {
        markup("<p>")
        markup(words)
        markup("</p>\n")
    }

    /// The beginning of a form that is posted to a path of this server, with its token.
    mutating func beginForm(_ path: StaticString, csrf: String, request: String? = nil) {
        markup("<form method=\"post\" action=\"")
        markup(path)
        markup("\">\n")
        hidden("csrf", csrf)
        if let request { hidden("request", request) }
    }

    /// A field that is not shown.
    mutating func hidden(_ name: StaticString, _ value: String) {
        markup("<input type=\"hidden\" name=\"")
        markup(name)
        markup("\"")
        attribute("value", value)
        markup(">\n")
    }

    /// A line of a list of facts.
    mutating func fact(_ name: StaticString, _ write: (inout HTMLWriter) -> Void) {
        markup("<div><dt>")
        markup(name)
        markup("</dt><dd>")
        write(&self)
        markup("</dd></div>\n")
    }

    /// What went wrong with a form; `aria-describedby` of its fields names it.
    mutating func problem(_ write: (inout HTMLWriter) -> Void) {
        markup("<p class=\"bad\" role=\"alert\" id=\"problem\">")
        write(&self)
        markup("</p>\n")
    }

    /// The name of a client for people.
    mutating func clientName(_ name: String) {
        if ClientName.isVisible(name) { isolated(name) } else { markup("A client without a name") }
    }

    /// How much is known about who a client is.
    mutating func verification(_ verification: Client.Verification) {
        switch verification {
        case .unverified: markup("<span class=\"tag warn\">unverified</span>")
        case .domain(let domain):
            markup("<span class=\"tag sure\">verified: ")
            text(domain)
            markup("</span>")
        case .named: markup("<span class=\"tag sure\">approved by the operator</span>")
        }
    }
}

/// What the name that a client gave itself is worth.
enum ClientName {
    /// Whether a name has anything that can be seen.
    static func isVisible(_ name: String) -> Bool {
        name.unicodeScalars.contains { scalar in
            let properties = scalar.properties
            guard !properties.isDefaultIgnorableCodePoint, !properties.isWhitespace else {
                return false
            }
            return switch properties.generalCategory {
            case .control, .format, .unassigned, .surrogate, .privateUse: false
            default: true
            }
        }
    }
}
