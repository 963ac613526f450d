import OAuth

/// The page where a person decides what a client may do.
struct ConsentPage: Sendable {
    /// The client that asks.
    var client: Client
    /// Where its answer goes.
    var redirectURI: RedirectURI
    /// The server that it wants to use.
    var resource: GuardedResource
    /// Who is signed in: the name, and the title of the source where there are several.
    var userName: String
    /// What may be granted, in the operator's order; empty where this user may be granted nothing.
    var choices: [ScopeChoice]
    /// Whether the page is shown again since nothing was ticked.
    var isNothingTicked = false
    /// The sealed request that waits.
    var request: String
    /// The token of the form.
    var csrf: String

    /// The page.
    var page: Page {
        Page(title: "Allow access?", formTargets: [redirectURI.formActionSource]) { html in
            ClientFacts(client: client, redirectURI: redirectURI, resource: resource)
                .write(&html)
            if choices.isEmpty { writeRefusal(&html) } else { writeForm(&html) }
            writeUser(&html)
        }
    }

    private func writeForm(_ html: inout HTMLWriter) {
        if isNothingTicked {
            html.problem { $0.markup("Nothing is ticked. Tick what you allow, or choose Deny.") }
        }
        html.beginForm("/consent", csrf: csrf, request: request)
        html.markup("<fieldset")
        if isNothingTicked { html.markup(" aria-describedby=\"problem\"") }
        html.markup(">\n<legend>It will be able to</legend>\n")
        for choice in choices { choice.write(&html) }
        // Enter in a tick box presses the first button of a form, which must not be the one that
        // gives something away.
        html.markup(
            """
            </fieldset>
            <div class="actions">
            <button type="submit" name="decision" value="deny">Deny</button>
            <button class="main" type="submit" name="decision" value="approve">Allow</button>
            </div>
            </form>

            """)
    }

    private func writeRefusal(_ html: inout HTMLWriter) {
        html.markup(
            """
            <p class="bad" role="alert">With this account you may not give this application any \
            access to this server. Sign in as somebody else, ask the operator of the server, or go \
            back.</p>

            """)
        html.beginForm("/consent", csrf: csrf, request: request)
        html.markup(
            """
            <div class="actions">
            <button type="submit" name="decision" value="deny">Go back to the application</button>
            </div>
            </form>

            """)
    }

    private func writeUser(_ html: inout HTMLWriter) {
        html.markup("<footer class=\"quiet\">Signed in as <strong>")
        html.isolated(userName)
        html.markup("</strong>. <a")
        // A seal is made of letters, digits, `-` and `_`, so nothing needs to be encoded.
        html.attribute("href", "/sign-in?request=\(request)")
        html.markup(">Sign in as somebody else</a>. You can end the access later on <a")
        html.markup(" href=\"/account\">your account page</a>.</footer>\n")
    }
}
