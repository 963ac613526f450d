extension ConfigurationSchema {
    /// The keys of what the gateway itself fetches.
    static let outboundKeys: [SchemaKey] = [
        SchemaKey(
            "outbound", .section, .absent,
            "what the gateway itself may fetch: documents, keys, tokens; by https, from addresses of the Internet"
        ),
        SchemaKey(
            "outbound.allow_private", .list(of: .text("an address block")), .value("[]"),
            "blocks of other addresses that it may reach too, by http as well, such as 10.0.0.0/8 or ::1/128"
        ),
        SchemaKey(
            "outbound.ca_file", .text("system or a file"), .value("system"),
            "whose certificates it believes: system, or a file of authorities in PEM and no others"
        ),
    ]
}
