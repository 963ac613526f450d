/// The page that answers a sign-out.
enum SignedOutPage {
    /// The page.
    static var page: Page {
        Page(title: "Signed out") { html in
            html.heading { $0.markup("You are signed out") }
            html.paragraph(
                "Applications that you have allowed keep their access until you end it.")
            html.markup("<p><a href=\"/account\">Sign in again</a></p>\n")
        }
    }
}
