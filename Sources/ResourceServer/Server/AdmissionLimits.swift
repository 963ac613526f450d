/// How much one principal may ask of one server: the `limits` of a server.
package struct AdmissionLimits: Sendable, Equatable {
    /// Requests per minute; nil for no limit.
    package var requestsPerMinute: Int?
    /// Requests under way at a time; nil for no limit.
    package var concurrent: Int?

    /// Limits; both nil for none.
    package init(requestsPerMinute: Int? = 600, concurrent: Int? = 64) {
        self.requestsPerMinute = requestsPerMinute
        self.concurrent = concurrent
    }
}
