/// One key of `gateway.conf`: a row of the table from which the decoder, the messages, the reference, the JSON
/// Schema and the check of the example follow.
struct SchemaKey: Sendable {
    /// What applies when the key is left out.
    enum Default: Sendable, Equatable {
        /// The key must be there wherever the mapping around it is.
        case required
        /// Nothing: the feature is off, or the text says what happens.
        case absent
        /// A value, spelled as in the file.
        case value(String)
        /// The value of another key.
        case inherited(String)
    }

    /// What a change of the key takes to come into effect.
    enum Change: Sendable, Equatable {
        /// SIGHUP.
        case reload
        /// Stopping and starting.
        case restart
    }

    /// What a key belongs to.
    enum Place: String, Sendable {
        /// The whole gateway.
        case gateway
        /// One listener.
        case listener
        /// One source of sign-ins.
        case signIn = "sign-in source"
        /// One named client.
        case client
        /// One issuer of assertions.
        case assertionIssuer = "assertion issuer"
        /// One server.
        case server
        /// One scope of a server.
        case scope
    }

    /// The way from the root: names joined by `.`, `*` for a name that the operator gives, `[]` for the items of a list.
    let path: String
    /// The last part of the path: the key as it is written.
    let name: String
    /// The path of the mapping that the key stands in; empty for the root.
    let parent: String
    let type: ValueType
    let fallback: Default
    let change: Change
    /// What the key is for, in one line.
    let text: String

    init(
        _ path: String, _ type: ValueType, _ fallback: Default, _ change: Change, _ text: String
    ) {
        let dot = path.lastIndex(of: ".")
        self.path = path
        name = dot.map { String(path[path.index(after: $0)...]) } ?? path
        parent = dot.map { String(path[..<$0]) } ?? ""
        self.type = type
        self.fallback = fallback
        self.change = change
        self.text = text
    }

    /// A key whose changes come into effect on reload.
    init(_ path: String, _ type: ValueType, _ fallback: Default, _ text: String) {
        self.init(path, type, fallback, .reload, text)
    }

    /// What the key belongs to.
    var place: Place {
        if path.hasPrefix("servers.*.scopes.*") { return .scope }
        if path.hasPrefix("servers.*") { return .server }
        if path.hasPrefix("listen[]") { return .listener }
        if path.hasPrefix("clients[]") { return .client }
        if path.hasPrefix("assertions[]") { return .assertionIssuer }
        return path.hasPrefix("sign_in.*") ? .signIn : .gateway
    }

    /// The unit that a value is given in, where there is one.
    var unit: String? {
        switch type {
        case .duration: "ms, s, m, h, d"
        case .size: "B, KiB, MiB, GiB"
        case .rate: "per s, min, h"
        case .section, .optionalSection, .names, .list, .text, .prose, .count, .countOr, .choice,
            .flag,
            .literal, .either:
            nil
        }
    }
}
