import OAuth

/// One scope as a person is asked for it.
struct ScopeChoice: Sendable, Equatable {
    /// The scope.
    var scope: GuardedScope
    /// The scopes that come with it, however far down, in the operator's order.
    var included: [GuardedScope]
    /// Whether the user agreed to it before, for the same client and server.
    var isAgreed: Bool
    /// Whether its box is ticked when the page opens.
    var isTicked: Bool

    /// The box and its words.
    func write(_ html: inout HTMLWriter) {
        html.markup("<label class=\"scope\"><input type=\"checkbox\" name=\"scope\"")
        html.attribute("value", scope.name.text)
        if isTicked { html.markup(" checked") }
        html.markup("><span>")
        Self.writeWords(of: scope, &html)
        if !scope.description.isEmpty {
            html.markup(" <small><code>")
            html.text(scope.name.text)
            html.markup("</code></small>")
        }
        if !included.isEmpty {
            html.markup(" <small>Includes: ")
            for (index, scope) in included.enumerated() {
                if index > 0 { html.markup("; ") }
                Self.writeWords(of: scope, &html)
            }
            html.markup("</small>")
        }
        if isAgreed { html.markup(" <small>You agreed to this before.</small>") }
        html.markup("</span></label>\n")
    }

    /// What a scope means; its name where the operator has no words for it.
    static func writeWords(of scope: GuardedScope, _ html: inout HTMLWriter) {
        if scope.description.isEmpty {
            html.markup("<code>")
            html.text(scope.name.text)
            html.markup("</code>")
        } else {
            html.isolated(scope.description)
        }
    }
}
