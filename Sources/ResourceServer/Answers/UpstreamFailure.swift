package import MCP

/// An upstream that gave no answer that may be passed on.
package enum UpstreamFailure: Sendable, Equatable {
    /// No connection could be made, or it broke.
    case unreachable(detail: String)
    /// The answer breaks HTTP, or cannot be judged.
    case broken(detail: String)
    /// Nothing came in time.
    case silent
    /// The upstream refused the gateway's own credential, or sent it elsewhere.
    case refused(status: Int)

    /// The failure that a status of the upstream is; nil for statuses that are passed on.
    ///
    /// The upstream's 401, 403 and 407 concern the gateway's credential, not the client's token,
    /// and a redirect would lead the client around the gateway. 400, 404, 405 and the rest pass.
    package init?(status: Int) {
        switch status {
        case 401, 403, 407, 300...399, 100...199: self = .refused(status: status)
        default: return nil
        }
    }

    /// The answer to the client.
    ///
    /// - Parameter request: which the upstream failed.
    /// - Returns: 504 for silence, else 502, with a JSON-RPC error.
    package func answer(to request: borrowing AuthorizedRequest) -> Refusal {
        answer(id: request.id, era: request.revision.era, serverName: request.server.name)
    }

    /// The answer to the client, from what of the request is needed for it.
    package func answer(
        id: ArraySlice<UInt8>?, era: ProtocolEra, serverName: String
    ) -> Refusal {
        let error: GatewayError =
            switch self {
            case .silent: .upstreamSilent
            case .unreachable: .upstreamFailed(reason: "the server cannot be reached")
            case .broken: .upstreamFailed(reason: "the server's answer cannot be used")
            case .refused: .upstreamFailed(reason: "the server refused the gateway")
            }
        return .jsonRPC(error.answer(for: era), id: id, reason: reason(serverName))
    }

    /// What the log says.
    private func reason(_ serverName: String) -> String {
        switch self {
        case .unreachable(let detail): "upstream of \(serverName) unreachable: \(detail)"
        case .broken(let detail): "upstream of \(serverName) broken: \(detail)"
        case .silent: "upstream of \(serverName) silent"
        case .refused(let status) where (300...399).contains(status):
            "upstream of \(serverName) answered with the redirect \(status)"
        case .refused(let status):
            "upstream of \(serverName) answered \(status): "
                + "check the server's upstream_authorization"
        }
    }
}
