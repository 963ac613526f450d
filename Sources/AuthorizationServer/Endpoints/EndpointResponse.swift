/// The answer of an endpoint, whole.
package struct EndpointResponse: Sendable, Equatable {
    /// One field of the answer.
    package struct Field: Sendable, Equatable {
        /// The name.
        package let name: String
        /// The value: no control characters.
        package let value: String

        /// A field.
        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The status.
    package var status: Int
    /// All fields but those of framing; `Content-Type` is one of them.
    package var fields: [Field]
    /// The content.
    package var body: [UInt8]
    /// Why, for the log; never a secret, never sent.
    package var reason: String?
    /// The client that asked, for the log.
    package var clientID: String?
    /// The user it was about, for the log.
    package var subject: String?
    /// Grants that this answer ended: their access tokens must be refused from now on.
    package var endedGrants: [String] = []
    /// What was done, for the audit log.
    package var events: [AuditEvent] = []

    /// An answer.
    package init(status: Int, fields: [Field] = [], body: [UInt8] = [], reason: String? = nil) {
        self.status = status
        self.fields = fields
        self.body = body
        self.reason = reason
    }
}
