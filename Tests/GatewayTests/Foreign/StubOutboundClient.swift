import HTTP
import HTTPClient
import Synchronization

/// A client that reaches whatever a test says, and remembers what it was asked for.
final class StubOutboundClient: OutboundClient {
    typealias Script =
        @Sendable (OutboundRequest) async throws(OutboundFailure) -> OutboundResponse

    private struct State {
        var requests: [OutboundRequest] = []
        var script: Script
    }

    private let state: Mutex<State>

    /// A client for which every place is one that is not there.
    init() {
        state = Mutex(
            State { (_) async throws(OutboundFailure) -> OutboundResponse in
                .answer("", status: 404)
            }
        )
    }

    init(_ script: @escaping Script) { state = Mutex(State(script: script)) }

    /// What it was asked for.
    var requests: [OutboundRequest] { state.withLock { $0.requests } }

    /// Where it was sent, in order.
    var places: [String] { requests.map { "\($0.url)" } }

    /// How often it was sent to a place.
    func count(_ place: String) -> Int { places.count { $0 == place } }

    /// Goes by another script from now on.
    func follow(_ script: @escaping Script) { state.withLock { $0.script = script } }

    func send(_ request: OutboundRequest) async throws(OutboundFailure) -> OutboundResponse {
        let script = state.withLock { state in
            state.requests.append(request)
            return state.script
        }
        return try await script(request)
    }
}

extension OutboundResponse {
    /// An answer with JSON.
    static func answer(
        _ text: String, status: Int = 200, type: String = "application/json"
    ) -> OutboundResponse {
        var fields = Fields()
        fields.append(.contentType, type)
        return OutboundResponse(status: status, fields: fields, content: Array(text.utf8))
    }
}

extension OutboundRequest {
    /// The values of a field.
    func values(_ name: String) -> [String] {
        fields.filter { $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    /// A parameter of the form.
    func parameter(_ name: String) throws -> String? {
        try FormParameters(parsing: content[...]).single(name)
    }
}
