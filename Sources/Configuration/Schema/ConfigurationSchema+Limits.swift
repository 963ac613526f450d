extension ConfigurationSchema {
    /// The limits of the gateway as a whole.
    static let limitKeys: [SchemaKey] = [
        SchemaKey("limits", .section, .absent, "what one message, client or exchange may use"),
        SchemaKey(
            "limits.request_line", .size(256...(1 << 20)), .value("8KiB"),
            "the first line of a request; 414 beyond"),
        SchemaKey(
            "limits.field_line", .size(256...(1 << 20)), .value("8KiB"),
            "one header field; 431 beyond"),
        SchemaKey(
            "limits.fields", .size(1024...(4 << 20)), .value("32KiB"),
            "all header fields of a message; 431 beyond"),
        SchemaKey(
            "limits.field_count", .count(8...1000), .value("100"),
            "the number of header fields of a message; 431 beyond"),
        SchemaKey(
            "limits.body", .size(1024...(1 << 30)), .value("4MiB"),
            "the body of a request, and an answer that must be filtered; 413 beyond"),
        SchemaKey(
            "limits.json_depth", .count(4...512), .value("64"),
            "how deep JSON may be nested; 400 beyond"),
        SchemaKey(
            "limits.json_members", .count(16...1_000_000), .value("10000"),
            "members of one JSON object or items of one array; 400 beyond"),
        SchemaKey(
            "limits.json_name", .size(32...65_536), .value("256B"),
            "the name of a JSON member; 400 beyond"),
        SchemaKey(
            "limits.event", .size(1024...(1 << 30)), .value("4MiB"),
            "one server-sent event; the stream ends with an error event beyond"),
        SchemaKey(
            "limits.connections", .count(1...1_000_000), .value("10000"), .restart,
            "client connections open at once; 503 beyond"),
        SchemaKey(
            "limits.connections_per_address", .count(1...1_000_000), .value("1000"), .restart,
            "client connections open at once from one address; 503 beyond"),
        SchemaKey(
            "limits.concurrent", .count(1...1_000_000), .value("1024"),
            "requests in flight to one server; 503 beyond"),
        SchemaKey(
            "limits.buffer", .size(4096...(64 << 20)), .value("256KiB"),
            "bytes held per direction of an exchange before reading stops"),
    ]

    /// The time limits of the gateway as a whole.
    static let timeoutKeys: [SchemaKey] = [
        SchemaKey("timeouts", .section, .absent, "how long the gateway waits"),
        SchemaKey(
            "timeouts.head", .duration(.milliseconds(100)...(.seconds(3600))), .value("10s"),
            "for the whole head of a request; 408 beyond"),
        SchemaKey(
            "timeouts.body", .duration(.milliseconds(100)...(.seconds(3600))), .value("30s"),
            "between two reads of a request body; 408 beyond"),
        SchemaKey(
            "timeouts.idle", .duration(.milliseconds(100)...(.seconds(86_400))), .value("60s"),
            "for the next request of a kept connection; closed beyond"),
        SchemaKey(
            "timeouts.connect", .duration(.milliseconds(10)...(.seconds(3600))), .value("5s"),
            "for a connection to an upstream; 502 beyond"),
        SchemaKey(
            "timeouts.first_byte", .duration(.milliseconds(10)...(.seconds(86_400))),
            .value("60s"), "for the first byte of an upstream's answer; 504 beyond"),
        SchemaKey(
            "timeouts.call", .duration(.milliseconds(10)...(.seconds(366 * 86_400))), .value("1h"),
            "for a whole call with its stream; 504 or an error event beyond"),
        SchemaKey(
            "timeouts.drain", .duration(.milliseconds(0)...(.seconds(86_400))), .value("30s"),
            "for running requests after SIGTERM; then the gateway ends"),
    ]
}
