import HTTP

/// Why a connection gives up on what the client sends.
enum RequestRefusal {
    /// It is not a request that the gateway reads.
    case violation(RequestViolation)
    /// The head, or more content, did not come in time.
    case timeout

    /// The status of the answer.
    var status: Int {
        switch self {
        case .violation(let violation): violation.status
        case .timeout: 408
        }
    }

    /// Plain words for the client.
    var text: String {
        switch self {
        case .violation(let violation): "\(violation)"
        case .timeout: "the request did not come in time"
        }
    }
}
