/// The table of all keys of `gateway.conf`, in the order of the reference.
package enum ConfigurationSchema {
    /// Every key that this version reads.
    static let keys: [SchemaKey] =
        gatewayKeys + signInKeys + outboundKeys + auditKeys + registrationKeys + clientKeys
        + limitKeys + timeoutKeys + serverKeys + scopeKeys

    /// The keys by the path of the mapping that they stand in, in the order of the table.
    static let keysByParent: [String: [SchemaKey]] = Dictionary(grouping: keys, by: \.parent)

    /// The path of a key in a mapping of the table.
    static func path(_ name: String, in parent: String) -> String {
        parent.isEmpty ? name : "\(parent).\(name)"
    }
}

extension ConfigurationSchema {
    /// Keys that are designed but not in this version; whoever writes one is told so.
    static let laterPaths: Set<String> = [
        "admin", "listen[].behind_proxy", "tokens.key_rotation",
    ]
}
