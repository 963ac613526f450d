package import HTTP

/// A request to an endpoint of the authorization server, whole.
package struct EndpointRequest: Sendable {
    /// The head.
    package var head: RequestHead
    /// The content.
    package var body: [UInt8]
    /// The address of the client, without its port.
    package var clientAddress: String
    /// The time in Unix milliseconds.
    package var nowMilliseconds: Int64

    /// The time in Unix seconds.
    package var now: Int64 { nowMilliseconds / 1000 }

    /// The network that it is from.
    var network: ClientNetwork { ClientNetwork(ofAddress: clientAddress) }

    /// A request.
    package init(
        head: RequestHead, body: [UInt8], clientAddress: String, nowMilliseconds: Int64
    ) {
        self.head = head
        self.body = body
        self.clientAddress = clientAddress
        self.nowMilliseconds = nowMilliseconds
    }
}
