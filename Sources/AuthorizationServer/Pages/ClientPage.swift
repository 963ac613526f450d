import OAuth

/// The page where a person who is not signed in decides what a client may do, before any identity
/// provider is asked.
struct ClientPage: Sendable {
    /// Who asks for what.
    var facts: ClientFacts
    /// What the client may be granted if the user may; empty where the client may be granted nothing.
    var choices: [ScopeChoice]
    /// The sources of users, at least one of them a provider.
    var sources: [SignInSource]
    /// The source with passwords that was chosen before.
    var source: String?
    /// The name that was typed before.
    var userName = ""
    /// Why the page is shown again.
    var problem: SignInPage.Problem?
    /// The sealed request that waits.
    var request: String
    /// The token of the forms.
    var csrf: String

    /// The page.
    var page: Page {
        Page(title: "Allow access?", formTargets: [facts.redirectURI.formActionSource]) { html in
            facts.write(&html)
            problem?.write(&html)
            if choices.isEmpty { writeRefusal(&html) } else { writeForms(&html) }
        }
    }

    private func writeForms(_ html: inout HTMLWriter) {
        let buttons = ProviderButtons(
            providers: sources.filter { $0.providerScopes != nil }, agrees: true)
        html.beginForm("/sign-in", csrf: csrf, request: request)
        html.markup("<fieldset")
        if problem == .nothingTicked { html.markup(" aria-describedby=\"problem\"") }
        html.markup(">\n<legend>It will be able to</legend>\n")
        for choice in choices { choice.write(&html) }
        html.markup("</fieldset>\n")
        buttons.writeQuestions(&html)
        // Enter in a tick box presses the first button of a form, which must not be the one that
        // gives something away.
        html.markup(
            """
            <div class="actions">
            <button type="submit" name="decision" value="deny">Deny</button>

            """)
        buttons.write(&html)
        html.markup("</div>\n</form>\n")
        writePasswords(&html)
    }

    private func writePasswords(_ html: inout HTMLWriter) {
        let passwords = sources.filter { $0.providerScopes == nil }
        guard !passwords.isEmpty else { return }
        html.markup(
            """
            <section><h2>Or sign in with a password</h2>
            <p class="quiet">You are asked what to allow afterwards.</p>

            """)
        SignInForm(
            sources: passwords, source: source, userName: userName, problem: problem,
            request: request, csrf: csrf, takesFocus: !userName.isEmpty
        ).write(&html)
        html.markup("</section>\n")
    }

    private func writeRefusal(_ html: inout HTMLWriter) {
        html.markup(
            """
            <p class="bad" role="alert">This application may not be given any access to this server. \
            Ask the operator of the server, or go back.</p>

            """)
        html.beginForm("/sign-in", csrf: csrf, request: request)
        html.markup(
            """
            <div class="actions">
            <button type="submit" name="decision" value="deny">Go back to the application</button>
            </div>
            </form>

            """)
    }
}
