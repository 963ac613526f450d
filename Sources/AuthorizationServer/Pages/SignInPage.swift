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
            writeProblem(&html)
            html.beginForm("/sign-in", csrf: csrf, request: request)
            writeSources(&html)
            writeFields(&html)
            html.markup(
                """
                <div class="actions"><button class="main" type="submit">Sign in</button></div>
                </form>

                """)
        }
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

    private func writeProblem(_ html: inout HTMLWriter) {
        guard let problem else { return }
        html.problem { html in
            switch problem {
            case .refused: html.markup("The user name or the password is wrong. Please try again.")
            case .wait(let seconds):
                html.markup("There were too many failed attempts. Please wait ")
                html.text(Duration.inWords(seconds: seconds))
                html.markup(" and try again.")
            case .overloaded:
                html.markup("Many people are signing in right now. Please try again in a moment.")
            case .sessionEnded: html.markup("You are signed out. Please sign in again.")
            }
        }
    }

    private func writeSources(_ html: inout HTMLWriter) {
        guard sources.count > 1 else {
            html.hidden("source", sources.first?.name ?? "")
            return
        }
        html.markup(
            "<label for=\"source\">Sign in with</label>\n<select id=\"source\" name=\"source\">\n")
        for choice in sources {
            html.markup("<option")
            html.attribute("value", choice.name)
            if choice.name == source { html.markup(" selected") }
            html.markup(">")
            html.text(choice.title)
            html.markup("</option>\n")
        }
        html.markup("</select>\n")
    }

    private func writeFields(_ html: inout HTMLWriter) {
        html.markup(
            """
            <label for="username">User name</label>
            <input id="username" name="username" type="text" autocomplete="username" \
            autocapitalize="none" spellcheck="false" required maxlength="256"
            """)
        html.attribute("value", userName)
        // The cursor goes to the first field that is still to be filled in.
        if userName.isEmpty { html.markup(" autofocus") }
        writeDescription(&html)
        html.markup(
            """
            >
            <label for="password">Password</label>
            <input id="password" name="password" type="password" autocomplete="current-password" \
            required maxlength="1024"
            """)
        if !userName.isEmpty { html.markup(" autofocus") }
        writeDescription(&html)
        html.markup(">\n")
    }

    private func writeDescription(_ html: inout HTMLWriter) {
        guard let problem else { return }
        html.markup(" aria-describedby=\"problem\"")
        if problem == .refused { html.markup(" aria-invalid=\"true\"") }
    }
}

extension Duration {
    /// A number of seconds for people, rounded up to whole minutes from two minutes on.
    static func inWords(seconds: Int) -> String {
        if seconds <= 1 { return "1 second" }
        return seconds < 120 ? "\(seconds) seconds" : "\((seconds + 59) / 60) minutes"
    }
}
