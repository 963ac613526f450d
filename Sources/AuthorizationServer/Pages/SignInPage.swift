/// The page where a person signs in.
struct SignInPage: Sendable {
    /// What the person signs in for.
    struct Purpose: Sendable {
        /// The client that asks.
        var client: Client
        /// Where its answer goes.
        var redirectHost: String
        /// The server that it wants to use.
        var serverTitle: String
    }

    /// Why the page is shown again.
    enum Problem: Sendable, Equatable {
        /// Name or password is wrong; which of them is not said.
        case refused
        /// Too many failures: the seconds to wait.
        case wait(seconds: Int)
        /// Too many people sign in at once.
        case overloaded
        /// The session ended before the form was sent.
        case sessionEnded
        /// Nothing was ticked.
        case nothingTicked
        /// The identity provider of that name cannot be reached, or said nothing that can be used.
        case providerSilent(title: String)
        /// The identity provider of that name did not sign the person in.
        case providerRefused(title: String)
    }

    /// The sources of users; never empty.
    var sources: [SignInSource]
    /// The source that was chosen before.
    var source: String?
    /// What the person signs in for; nil for the account page.
    var purpose: Purpose?
    /// The name that was typed before.
    var userName = ""
    /// Why the page is shown again.
    var problem: Problem?
    /// The sealed request that waits.
    var request: String?
    /// The token of the form.
    var csrf: String

    /// The page.
    var page: Page {
        Page(title: "Sign in") { html in
            html.heading { $0.markup("Sign in") }
            writePurpose(&html)
            problem?.write(&html)
            let passwords = sources.filter { $0.providerScopes == nil }
            if !passwords.isEmpty {
                SignInForm(
                    sources: passwords, source: source, userName: userName, problem: problem,
                    request: request, csrf: csrf
                ).write(&html)
            }
            writeProviders(&html, isOnly: passwords.isEmpty)
        }
    }

    private func writeProviders(_ html: inout HTMLWriter, isOnly: Bool) {
        let buttons = ProviderButtons(
            providers: sources.filter { $0.providerScopes != nil }, agrees: false)
        guard !buttons.providers.isEmpty else { return }
        if !isOnly { html.markup("<section><h2>Or elsewhere</h2>\n") }
        html.beginForm("/sign-in", csrf: csrf, request: request)
        buttons.writeQuestions(&html)
        html.markup("<div class=\"actions\">\n")
        buttons.write(&html)
        html.markup("</div>\n</form>\n")
        if !isOnly { html.markup("</section>\n") }
    }

    private func writePurpose(_ html: inout HTMLWriter) {
        guard let purpose else { return }
        html.markup("<p>")
        html.clientName(purpose.client.name)
        html.markup(" ")
        html.verification(purpose.client.verification)
        html.markup(" wants to use <strong>")
        html.isolated(purpose.serverTitle)
        html.markup("</strong>. The answer goes to <strong>")
        html.isolated(purpose.redirectHost)
        html.markup("</strong>. Once you are signed in you are asked what to allow.</p>\n")
    }
}

extension SignInPage.Problem {
    /// The problem in words.
    func write(_ html: inout HTMLWriter) {
        html.problem { html in
            switch self {
            case .refused: html.markup("The user name or the password is wrong. Please try again.")
            case .wait(let seconds):
                html.markup("There were too many failed attempts. Please wait ")
                html.text(Duration.inWords(seconds: seconds))
                html.markup(" and try again.")
            case .overloaded:
                html.markup("Many people are signing in right now. Please try again in a moment.")
            case .sessionEnded: html.markup("You are signed out. Please sign in again.")
            case .nothingTicked:
                html.markup("Nothing is ticked. Tick what you allow, or choose Deny.")
            case .providerSilent(let title):
                html.isolated(title)
                html.markup(
                    """
                     cannot be asked at the moment who you are. Nothing was changed; please try \
                    again in a while.
                    """)
            case .providerRefused(let title):
                html.isolated(title)
                html.markup(" did not sign you in. Nothing was changed; you can try again.")
            }
        }
    }
}

extension Duration {
    /// A number of seconds for people, rounded up to whole minutes from two minutes on.
    static func inWords(seconds: Int) -> String {
        if seconds <= 1 { return "1 second" }
        return seconds < 120 ? "\(seconds) seconds" : "\((seconds + 59) / 60) minutes"
    }
}
