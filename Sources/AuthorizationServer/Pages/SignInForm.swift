/// The form for a name and a password.
struct SignInForm: Sendable {
    /// The sources of users with passwords; never empty.
    var sources: [SignInSource]
    /// The source that was chosen before.
    var source: String?
    /// The name that was typed before.
    var userName: String
    /// Why the page is shown again.
    var problem: SignInPage.Problem?
    /// The sealed request that waits.
    var request: String?
    /// The token of the form.
    var csrf: String
    /// Whether the cursor goes to it: not where there is something to decide before.
    var takesFocus = true

    /// The form.
    func write(_ html: inout HTMLWriter) {
        html.beginForm("/sign-in", csrf: csrf, request: request)
        writeSources(&html)
        writeFields(&html)
        html.markup(
            """
            <div class="actions"><button class="main" type="submit">Sign in</button></div>
            </form>

            """)
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
        if takesFocus, userName.isEmpty { html.markup(" autofocus") }
        writeDescription(&html)
        html.markup(
            """
            >
            <label for="password">Password</label>
            <input id="password" name="password" type="password" autocomplete="current-password" \
            required maxlength="1024"
            """)
        if takesFocus, !userName.isEmpty { html.markup(" autofocus") }
        writeDescription(&html)
        html.markup(">\n")
    }

    private func writeDescription(_ html: inout HTMLWriter) {
        guard let problem else { return }
        html.markup(" aria-describedby=\"problem\"")
        if problem == .refused { html.markup(" aria-invalid=\"true\"") }
    }
}
