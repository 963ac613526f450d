import HTTP
import HTTPClient
import Synchronization

/// An outbound client that answers what a test says, and counts.
final class StubClient: OutboundClient {
    /// What is answered.
    enum Answer: Sendable {
        case keys(String, cacheControl: String = "", age: String? = nil)
        case text(String)
        case status(Int)
        case failure(OutboundFailure.Kind)
    }

    private let state = Mutex<(answer: Answer, requests: [String])>((.status(500), []))

    var answer: Answer {
        get { state.withLock { $0.answer } }
        set { state.withLock { $0.answer = newValue } }
    }

    /// The URLs that were asked for.
    var requests: [String] { state.withLock { $0.requests } }

    func send(_ request: OutboundRequest) async throws(OutboundFailure) -> OutboundResponse {
        let answer = state.withLock { state in
            state.requests.append("\(request.url)")
            return state.answer
        }
        for _ in 0..<3 { await Task.yield() }
        switch answer {
        case .keys(let id, let cacheControl, let age):
            var fields = Fields()
            if !cacheControl.isEmpty { fields.append("Cache-Control", cacheControl) }
            if let age { fields.append("Age", age) }
            return OutboundResponse(
                status: 200, fields: fields, content: Array(Self.keySet(id).utf8))
        case .text(let text):
            return OutboundResponse(status: 200, fields: Fields(), content: Array(text.utf8))
        case .status(let status):
            return OutboundResponse(
                status: status, fields: Fields(), content: Array(Self.keySet("bad").utf8))
        case .failure(let kind): throw OutboundFailure(kind, "by the test")
        }
    }

    /// The public key of RFC 7515 appendix A.3 under an id.
    private static func keySet(_ id: String) -> String {
        """
        {"keys":[{"kty":"EC","crv":"P-256","kid":"\(id)","use":"sig","alg":"ES256",\
        "x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",\
        "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}
        """
    }
}

/// A clock that a test moves.
final class ManualClock: Sendable {
    private let time = Mutex<UInt64>(1_000_000_000_000)

    /// Reads it, in nanoseconds.
    var now: @Sendable () -> UInt64 { { [self] in time.withLock { $0 } } }

    func advance(_ seconds: Int) { time.withLock { $0 += UInt64(seconds) * 1_000_000_000 } }
}
