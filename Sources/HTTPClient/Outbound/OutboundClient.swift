/// Fetches what the gateway itself needs from elsewhere: documents, keys, tokens.
///
/// Whoever implements it decides by the operator's address policy what may be reached at all, and
/// follows no redirect.
package protocol OutboundClient: Sendable {
    /// Sends one request and reads the whole answer, whatever its status.
    ///
    /// - Throws: ``OutboundFailure`` where there is no whole answer within the request's limits.
    func send(_ request: OutboundRequest) async throws(OutboundFailure) -> OutboundResponse
}
