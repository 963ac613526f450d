extension ConfigurationSchema {
    /// The keys of the audit log.
    static let auditKeys: [SchemaKey] = [
        SchemaKey(
            "audit", .optionalSection, .absent, .restart,
            "a log of every decision and of what the authorization server did, which shows when it was changed; off by default"
        ),
        SchemaKey(
            "audit.to", .text("stdout, syslog or file and a path"), .required, .restart,
            "stdout, syslog, or file and a path, such as file /var/log/gatehouse/audit.log"),
        SchemaKey(
            "audit.on_failure", .choice(["deny", "continue"]), .value("deny"), .restart,
            "while lines cannot be written: deny forwards and issues nothing, continue goes on and says how many are missing"
        ),
        SchemaKey(
            "audit.checkpoint", .duration(.seconds(1)...(.seconds(3600))), .value("60s"), .restart,
            "how often how far the log came is signed, and kept in the state; what is cut off after the last time is not missed"
        ),
        SchemaKey(
            "audit.syslog_socket", .text("a socket"), .value("/dev/log"), .restart,
            "the socket of the system's log, for to: syslog"),
    ]
}
