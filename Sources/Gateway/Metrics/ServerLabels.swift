/// The names of the configured servers, in the order in which they were first configured.
///
/// Counters are kept by index. A name keeps its index as long as the process runs, also when a
/// reload takes its server away, so that no counter falls back or changes its owner.
package struct ServerLabels: Sendable, Equatable {
    /// The names; the first, empty one stands for requests that belong to no server.
    package private(set) var names = [""]

    /// The index of requests that belong to no server.
    package static let none = 0

    /// Labels without a server.
    package init() {}

    /// The index of the server `name`, which is new if the name was not seen before.
    package mutating func index(of name: String) -> Int {
        if let index = names.firstIndex(of: name) { return index }
        names.append(name)
        return names.count - 1
    }
}
