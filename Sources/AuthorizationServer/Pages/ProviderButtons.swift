import OAuth

/// A button for each identity provider, and what each is asked for.
struct ProviderButtons: Sendable {
    /// The providers.
    var providers: [SignInSource]
    /// Whether pressing one also agrees to what is ticked.
    var agrees: Bool

    /// What each provider is asked for, a line each.
    func writeQuestions(_ html: inout HTMLWriter) {
        for provider in providers {
            html.markup("<p class=\"quiet\">")
            html.isolated(provider.title)
            html.markup(" will be asked ")
            let scopes = provider.providerScopes ?? []
            html.markup(scopes.contains("openid") ? "" : "who you are")
            for (index, scope) in scopes.enumerated() {
                if index > 0 || !scopes.contains("openid") { html.markup(", ") }
                Self.writeWords(of: scope, &html)
            }
            html.markup(". Your password stays there.</p>\n")
        }
    }

    /// The buttons.
    func write(_ html: inout HTMLWriter) {
        for provider in providers {
            html.markup("<button class=\"main\" type=\"submit\" name=\"source\"")
            html.attribute("value", provider.name)
            html.markup(agrees ? ">Allow and sign in with " : ">Sign in with ")
            html.isolated(provider.title)
            html.markup("</button>\n")
        }
    }

    /// The usual scopes of providers in words (OpenID Connect Core §5.4, §11).
    private static func writeWords(of scope: String, _ html: inout HTMLWriter) {
        switch scope {
        case "openid": html.markup("who you are")
        case "profile": html.markup("your name")
        case "email": html.markup("your e-mail address")
        case "groups": html.markup("your groups")
        case ScopeToken.offlineAccess: html.markup("later, whether your account still exists")
        default:
            html.markup("for <code>")
            html.text(scope)
            html.markup("</code>")
        }
    }
}
