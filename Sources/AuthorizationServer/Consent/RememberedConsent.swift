import HTTP
import OAuth

/// Whether a person who has agreed to all of it before need not be asked again.
///
/// That is so only for a client whose identity somebody has checked, whose answer leaves this
/// computer, and whose request came from this site: a page elsewhere that sends the browser here could
/// otherwise fetch codes behind the person's back.
enum RememberedConsent {
    /// - Parameters:
    ///   - head: how the browser came here.
    ///   - ask: the request.
    ///   - offered: what may be granted now.
    ///   - earlier: what living grants hold; nil where there is none.
    /// - Returns: whether there is nothing to ask.
    static func answers(
        _ head: RequestHead, _ ask: PendingAsk, offered: ScopeSet, earlier: ScopeSet?
    ) -> Bool {
        guard isChecked(ask.client.verification), !ask.redirectURI.isLoopback,
            isSameSite(head), let earlier, !offered.isEmpty
        else { return false }
        return offered.subtracting(earlier).isEmpty
    }

    private static func isChecked(_ verification: Client.Verification) -> Bool {
        switch verification {
        case .unverified: false
        case .domain, .named: true
        }
    }

    /// Fetch Metadata §2.1 — a browser that does not say where a request came from is asked again,
    /// and so is one that says it was the person's own doing (`none`).
    private static func isSameSite(_ head: RequestHead) -> Bool {
        let values = head.fields.values(of: FieldName(.secFetchSite))
        return values.count == 1 && (values[0] == "same-origin" || values[0] == "same-site")
    }
}
