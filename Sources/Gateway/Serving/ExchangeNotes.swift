import MCP
import Proxy
import ResourceServer

/// What a service keeps with an exchange while it lasts.
struct ExchangeNotes {
    var requestID: RequestIdentifier?
    /// The server as it was when the request came: a reload does not change it under way.
    var server: ServedServer?
    var token: VerifiedAccessToken?
    /// The endpoint of the authorization server that the request is for.
    var endpoint: PublicEndpoint?
    /// Client and user of a request to an endpoint.
    var endpointClient: String?
    var endpointSubject: String?
    var permit: AdmissionPermit?
    /// How often it waited for something to be fetched, and its place while it does.
    var turns = 0
    var ticket: UInt64?
    /// Whether the server counts the request among those under way.
    var isInFlight = false
    /// What was decided on the request; nil for one that no decision is made on.
    var ruling: Ruling?
    /// What became of the request.
    var outcome = RequestOutcome.answered
    /// Why, for the log; never a secret.
    var reason: String?
    /// The MCP method, and the bytes of what it acts on.
    var method: MCPMethod?
    var target: ArraySlice<UInt8>?
    var upstreamStatus: Int?
    var failure: ForwardingFailure?
    var isStream = false
    /// The seal of the endpoint that the stream named, at a server of HTTP+SSE.
    var endpointSeal: [UInt8]?
    var isLogged = false
    /// Whether the request was refused since the audit log cannot be written; then it has no line.
    var isUnaudited = false
}
