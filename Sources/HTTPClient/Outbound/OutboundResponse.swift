package import HTTP

/// The whole answer to a request of the gateway's own.
package struct OutboundResponse: Sendable {
    /// The status; redirects too, which are not followed.
    package var status: Int
    /// The fields.
    package var fields: Fields
    /// The content, decoded from its transfer coding.
    package var content: [UInt8]

    /// An answer.
    package init(status: Int, fields: Fields, content: [UInt8]) {
        self.status = status
        self.fields = fields
        self.content = content
    }
}
