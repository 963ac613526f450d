package import MCP
import Synchronization

/// What the requests of one HTTP+SSE stream asked for, until their responses come on it.
///
/// Shared by the loops on which the stream and the requests are; bounded. A response whose request is
/// not known is judged by its shape.
package final class AskedMethods: Sendable {
    /// The most requests that are remembered; all are forgotten when one more comes.
    package static let limit = 1024
    /// The longest id that is remembered, in bytes.
    package static let idLimit = 128

    private let methods = Mutex<[MessageID: MCPMethod]>([:])

    /// Remembers nothing yet.
    package init() {}

    /// Remembers what a request asks for.
    package func insert(_ method: MCPMethod, for id: MessageID) {
        if case .string(let text) = id, text.utf8.count > Self.idLimit { return }
        methods.withLock { methods in
            if methods.count >= Self.limit { methods = [:] }
            methods[id] = method
        }
    }

    /// What the request of that id asked for, once.
    package func take(_ id: MessageID) -> MCPMethod? {
        methods.withLock { $0.removeValue(forKey: id) }
    }
}
