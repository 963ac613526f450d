import HTTP
import HTTPClient
package import MCP

/// A request that the gateway makes on its own account.
///
/// Not to be taken for one that was authorised: it is made here from what the gateway knows, holds
/// not one byte of a client, and carries nobody's identity but the gateway's own credential.
package struct GatewayRequest {
    /// The request as it goes over the wire.
    let outgoing: UpstreamRequest

    /// Asks for a page of the tools.
    ///
    /// - Parameters:
    ///   - query: the page.
    ///   - target: where the upstream is.
    ///   - credentialLine: the line with the gateway's own credential; empty for none.
    ///   - deadline: the monotonic time, in nanoseconds, by which the answer must be whole.
    package init(
        _ query: ToolListQuery, to target: UpstreamTarget, showing credentialLine: [UInt8],
        deadline: UInt64
    ) {
        var head: [UInt8] = []
        head.reserveCapacity(512)
        head.appendRequestLine(.post, target.path)
        head.appendField("Host", target.authority)
        for field in query.fields { head.appendField(field.name, field.value) }
        head.appendField("Accept-Encoding", "identity")
        head.append(contentsOf: credentialLine)
        head.appendField("Content-Length", query.body.count)
        head.appendEndOfFields()
        outgoing = UpstreamRequest(
            method: .post, head: head, body: query.body, deadline: deadline, isRepeatable: true)
    }
}
