import HTTP
import HTTPClient
import MCP
import ResourceServer

/// Writes the request that goes to the upstream: the judged body byte for byte, and a head in which
/// everything about identity, routing and framing is made here.
enum RequestRewriter {
    /// Room for the head of most requests, in bytes; small enough for the allocator's fast lists.
    private static let usualHeadSize = 768

    /// The request as it goes over the wire.
    ///
    /// `credential` is the line with the gateway's own, empty for none; `deadline` is the
    /// monotonic time, in nanoseconds, by which the answer must be whole.
    static func rewrite(
        _ request: borrowing AuthorizedRequest, to target: UpstreamTarget,
        showing credential: [UInt8], deadline: UInt64
    ) -> UpstreamRequest {
        let method: HTTP.Method
        switch request.kind {
        case .call, .notification, .response: method = .post
        case .stream: method = .get
        case .sessionEnd: method = .delete
        }
        var head: [UInt8] = []
        head.reserveCapacity(Self.usualHeadSize + credential.count)
        head.appendRequestLine(method, request.endpoint?.requestTarget ?? target.path)
        head.appendField("Host", target.authority)
        ForwardedFields.append(of: request, without: target.credentialField, to: &head)
        head.append(contentsOf: credential)
        if method == .post { head.appendField("Content-Length", request.body.count) }
        head.appendEndOfFields()
        return UpstreamRequest(
            method: method, head: head, body: request.body, deadline: deadline,
            isRepeatable: isRepeatable(request))
    }

    /// What may be sent again over a fresh connection: what only reads.
    ///
    /// `tools/call` never is, nor what is answered on another stream, maybe twice.
    private static func isRepeatable(_ request: borrowing AuthorizedRequest) -> Bool {
        guard request.endpoint == nil else { return false }
        return switch request.kind {
        case .stream: true
        case .call:
            isListing(request.method)
        case .notification, .response, .sessionEnd: false
        }
    }

    private static func isListing(_ method: MCPMethod?) -> Bool {
        guard case .list? = method?.requirement else { return false }
        return true
    }
}
