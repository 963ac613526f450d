extension ConfigurationBuilder {
    /// The audit log; nil where there is none, or where something of it is wrong, which is reported.
    mutating func audit(
        _ root: DecodedSection, log: LogOptions?, state: StateOptions?
    ) -> AuditOptions? {
        guard let section = root.section("audit"),
            let destination = auditDestination(section, log: log, state: state),
            let policy = section.text("on_failure").flatMap(AuditOptions.FailurePolicy.init),
            let interval = wholeSeconds("checkpoint", in: section)
        else { return nil }
        return AuditOptions(
            destination: destination, onFailure: policy, checkpointInterval: interval)
    }

    private mutating func auditDestination(
        _ section: DecodedSection, log: LogOptions?, state: StateOptions?
    ) -> AuditOptions.Destination? {
        guard let target = section.text("to"), let socket = section.text("syslog_socket") else {
            return nil
        }
        switch target {
        case "stdout": return .standardOutput
        case "syslog": return .syslog(socket: files.resolve(socket))
        default: break
        }
        let path = target.dropFirst("file ".count)
        guard target.hasPrefix("file "), !path.isEmpty, !path.hasPrefix(" ") else {
            refuse("to", in: section, "must be stdout, syslog or file and a path")
            return nil
        }
        let file = files.resolve(String(path))
        // What fails to be written is taken back, which needs a file that nobody else writes.
        if case .file(file) = log?.destination {
            refuse("to", in: section, "must not be the file of \"log.to\"")
            return nil
        }
        if case .sqlite(let database)? = state, Self.folder(of: file) == Self.folder(of: database) {
            diagnostics.warning(
                section["to"]?.position ?? section.position,
                sentence(
                    "to", in: section,
                    "is in the folder of \"state\", which holds the key of the audit log's codes: who can change the one can change the other"
                ))
        }
        return .file(file)
    }

    /// The folder of a file, with the parts that lead nowhere left out.
    private static func folder(of path: String) -> [Substring] {
        var parts: [Substring] = []
        for part in path.split(separator: "/").dropLast() where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return parts
    }
}
