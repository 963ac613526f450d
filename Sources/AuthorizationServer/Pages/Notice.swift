/// What a person may meet instead of the page that was wanted: what happened, and what to do.
enum Notice: Sendable, Equatable, CaseIterable {
    /// The `client_id` is missing, unknown, expired or revoked.
    case clientUnknown
    /// The client waits for an administrator.
    case clientPending
    /// The document that the `client_id` names cannot be used, or not be had now.
    case documentUnusable
    /// The client says something else of itself than when it asked.
    case clientChanged
    /// The request names no redirect URI, and the client's cannot be told from it.
    case redirectURIMissing
    /// The redirect URI is none of the client's.
    case redirectURIForeign
    /// The request cannot be read.
    case requestMalformed
    /// The request is larger than what can wait for the user.
    case requestTooLarge
    /// The pending request is not one that this server gave to this browser.
    case requestForeign
    /// The pending request has waited too long.
    case requestExpired
    /// The pending request was answered before.
    case requestUsed
    /// A provider's answer belongs to no sign-in that was begun in this browser.
    case signInForeign
    /// A provider's answer came too late.
    case signInExpired
    /// A provider's answer was used before.
    case signInUsed
    /// The form came from a page of another site.
    case originForeign
    /// The form carries no token of this browser.
    case formForeign
    /// The form cannot be read.
    case formMalformed
    /// The form is not sent as forms are.
    case formTypeWrong
    /// The grant is not one of the user's.
    case grantForeign
    /// The page has no such method.
    case methodUnknown
    /// The store cannot answer now.
    case unavailable

    /// The status of the answer.
    var status: Int {
        switch self {
        // Some clients look ahead, and take another status for the end of their registration.
        case .clientPending: 200
        case .clientUnknown, .documentUnusable, .clientChanged, .redirectURIMissing,
            .redirectURIForeign, .requestMalformed, .requestTooLarge, .requestForeign,
            .requestExpired, .requestUsed, .formMalformed, .signInExpired, .signInUsed:
            400
        case .originForeign, .formForeign, .signInForeign: 403
        case .grantForeign: 404
        case .methodUnknown: 405
        case .formTypeWrong: 415
        case .unavailable: 503
        }
    }

    /// The heading.
    var title: StaticString {
        switch self {
        case .clientUnknown: "This application is not known here"
        case .clientPending: "This application waits for approval"
        case .documentUnusable: "The application’s description cannot be used"
        case .clientChanged: "The application has changed"
        case .redirectURIMissing, .requestMalformed: "The application’s request is incomplete"
        case .redirectURIForeign: "This address does not belong to the application"
        case .requestTooLarge: "The application’s request is too large"
        case .requestForeign, .requestExpired: "This page can no longer be used"
        case .requestUsed: "This page was used already"
        case .signInForeign: "This sign-in was not begun here"
        case .signInExpired: "This sign-in took too long"
        case .signInUsed: "This sign-in was used already"
        case .originForeign, .formForeign: "This form was not sent from our page"
        case .formMalformed, .formTypeWrong: "The form could not be read"
        case .grantForeign: "There is no such access"
        case .methodUnknown: "This page cannot be used in that way"
        case .unavailable: "Please try again in a moment"
        }
    }

    /// What happened.
    var happening: StaticString {
        switch self {
        case .clientUnknown:
            """
            The application that sent you here has no valid registration: it never had one, it has \
            expired, or it was ended by the operator of this server.
            """
        case .clientPending:
            """
            It has registered, and an administrator of this server has to approve it before anybody \
            can use it. Nothing was sent anywhere.
            """
        case .documentUnusable:
            """
            The application names itself by a web address. What this server found there is no \
            description that it can use, or there was no answer. Nothing was sent anywhere.
            """
        case .clientChanged:
            """
            While this page was open, the application began to describe itself differently. Nothing \
            was sent anywhere.
            """
        case .redirectURIMissing:
            "It does not say where its answer should go. Nothing was sent anywhere."
        case .redirectURIForeign:
            """
            The answer would go to an address that the application has not registered. Nothing was \
            sent there.
            """
        case .requestMalformed: "Its request cannot be read. Nothing was sent anywhere."
        case .requestTooLarge:
            "It sent more along than this server keeps. Nothing was sent anywhere."
        case .requestForeign:
            """
            It was opened in another browser, you signed in somewhere else meanwhile, or its address \
            was changed.
            """
        case .requestExpired:
            "More than ten minutes have passed since the application sent you here."
        case .requestUsed: "You have decided on this page before. A decision counts once."
        case .signInForeign:
            """
            It was begun in another browser or another window, or somebody sent you an address that \
            is not meant for you. Nobody was signed in.
            """
        case .signInExpired: "More than ten minutes have passed since it was begun."
        case .signInUsed: "An answer of the identity provider counts once. Nothing was changed."
        case .originForeign:
            "Another site tried to fill in a form of this server for you. Nothing was changed."
        case .formForeign:
            """
            The form was opened in another browser, or before you signed in, or cookies are \
            switched off. Nothing was changed.
            """
        case .formMalformed, .formTypeWrong: "What your browser sent is no form of this server."
        case .grantForeign: "It has ended already, or it was never yours."
        case .methodUnknown: "Your browser asked for something that this page does not offer."
        case .unavailable:
            "This server cannot reach its records at the moment. Nothing was changed."
        }
    }

    /// What to do.
    var advice: StaticString {
        switch self {
        case .clientUnknown:
            """
            Go back to the application and connect again; it then registers anew. If that does not \
            help, remove this server there and add it again.
            """
        case .clientPending:
            """
            You can close this page. Ask the administrator, and connect again once the application \
            is approved. If it is not within a day, it has to register anew.
            """
        case .documentUnusable:
            """
            Go back to the application and connect again in a minute. If that does not help, tell \
            its makers or the operator of this server.
            """
        case .redirectURIMissing, .redirectURIForeign, .requestMalformed, .requestTooLarge:
            """
            You can close this page. If you trust the application, tell its makers; if you do not \
            know how you came here, no harm was done.
            """
        case .clientChanged, .requestForeign, .requestExpired, .requestUsed:
            "Go back to the application and connect again."
        case .signInForeign, .signInExpired, .signInUsed:
            """
            Go back to the application and connect again, or open your account page. Allow cookies \
            for this server.
            """
        case .originForeign, .formForeign:
            """
            Go back to the application and connect again, or open your account page. Allow cookies \
            for this server.
            """
        case .formMalformed, .formTypeWrong, .methodUnknown:
            "Go back, load the page again, and try once more."
        case .grantForeign: "Open your account page to see what you have allowed."
        case .unavailable: "Load this page again in a few seconds."
        }
    }

    /// The notice as a page.
    var page: Page {
        Page(title: "\(title)") { html in
            html.heading { $0.markup(title) }
            html.paragraph(happening)
            html.paragraph(advice)
        }
    }

    /// The notice as an answer.
    ///
    /// - Parameters:
    ///   - fields: further fields.
    ///   - reason: why, for the log.
    /// - Returns: the page with its status.
    func response(
        fields: [EndpointResponse.Field] = [], reason: String? = nil
    ) -> EndpointResponse {
        page.response(status: status, fields: fields, reason: reason ?? "\(title)")
    }
}
