import JSON

/// Where the members of a message lie that are read, in whatever kind they came.
struct MessageMembers: BitwiseCopyable, Sendable {
    var version: JSONPosition?
    var id: JSONPosition?
    var method: JSONPosition?
    var params: JSONPosition?
    var result: JSONPosition?
    var error: JSONPosition?
}
