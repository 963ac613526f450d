package import HTTP

/// A request that the gateway makes on its own account.
package struct OutboundRequest: Sendable {
    /// One field of the request.
    package struct Field: Sendable, Equatable {
        /// The name, as it is written.
        package let name: String
        /// The value, without line ends.
        package let value: String

        /// A field.
        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// GET or POST.
    package var method: HTTP.Method
    /// Where it goes; Host, and the name that TLS checks, come from it.
    package var url: AbsoluteURI
    /// Fields beside Host, Content-Length and Connection.
    package var fields: [Field]
    /// The content; empty for GET.
    package var content: [UInt8]
    /// The most content of the answer, in bytes.
    package var contentLimit: Int
    /// How long the whole may take, name lookup and all, in milliseconds.
    package var timeLimit: Int

    /// A request for a document.
    package static func get(
        _ url: AbsoluteURI, accept: String = "application/json", contentLimit: Int = 256 << 10,
        timeLimit: Int = 5000
    ) -> OutboundRequest {
        OutboundRequest(
            method: .get, url: url, fields: [Field("Accept", accept)], content: [],
            contentLimit: contentLimit, timeLimit: timeLimit)
    }

    /// A form that is sent to an endpoint which answers with JSON.
    package static func post(
        _ url: AbsoluteURI, form: [UInt8], fields: [Field] = [], contentLimit: Int = 256 << 10,
        timeLimit: Int = 10_000
    ) -> OutboundRequest {
        OutboundRequest(
            method: .post, url: url,
            fields: [
                Field("Accept", "application/json"),
                Field("Content-Type", "application/x-www-form-urlencoded"),
            ] + fields, content: form, contentLimit: contentLimit, timeLimit: timeLimit)
    }

    private init(
        method: HTTP.Method, url: AbsoluteURI, fields: [Field], content: [UInt8],
        contentLimit: Int, timeLimit: Int
    ) {
        self.method = method
        self.url = url
        self.fields = fields
        self.content = content
        self.contentLimit = contentLimit
        self.timeLimit = timeLimit
    }
}
