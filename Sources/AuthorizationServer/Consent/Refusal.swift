import Storage

/// A notice that ends the handling of a request, with the reason for the log.
struct Refusal: Error, Sendable {
    /// What the person is told.
    let notice: Notice
    /// Why, for the log; never a secret.
    let reason: String

    /// A refusal for the given reason.
    init(_ notice: Notice, _ reason: String) {
        self.notice = notice
        self.reason = reason
    }

    /// The store failed: nothing is decided without it.
    init(_ error: any Error) {
        self.init(.unavailable, "\(error)")
    }

    /// The refusal as an answer.
    func response(fields: [EndpointResponse.Field] = []) -> EndpointResponse {
        let retry =
            notice == .unavailable
            ? [EndpointResponse.Field("Retry-After", String(EndpointResponse.storeRetryAfter))] : []
        return notice.response(fields: fields + retry, reason: reason)
    }
}
