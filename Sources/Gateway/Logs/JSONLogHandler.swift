package import Logging

/// The backend of swift-log: each event is one line of JSON with `time`, `level`, `message` and
/// `fields`.
///
/// Messages are constants; what differs from event to event is metadata and becomes a field.
package struct JSONLogHandler: LogHandler {
    /// Fields of every event of this logger.
    package var metadata: Logger.Metadata = [:]
    /// Fields that depend on the task; they give way to the event's own.
    package var metadataProvider: Logger.MetadataProvider?
    /// The least level that is written.
    package var logLevel: Logger.Level
    private let sink: LogSink

    /// The longest message and the longest value of a field, in bytes before escaping.
    package static let textLimit = 2048
    /// The longest name of a field, in bytes before escaping.
    package static let nameLimit = 128
    /// Fields of one line, counted at every level; those beyond it are left out.
    package static let fieldLimit = 64
    /// Arrays and dictionaries inside each other.
    package static let depthLimit = 4

    /// A handler that writes events of `level` and above to `sink`.
    package init(
        sink: LogSink, level: Logger.Level, metadataProvider: Logger.MetadataProvider? = nil
    ) {
        self.sink = sink
        self.logLevel = level
        self.metadataProvider = metadataProvider
    }

    /// One of the logger's fields.
    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes one line, or drops it if the sink is full.
    package func log(event: LogEvent) {
        var line: [UInt8] = []
        append(event, timeMilliseconds: LogTimestamp.now(), to: &line)
        sink.submit(line, lineCount: 1)
    }

    /// Appends the line for `event`, its line feed included.
    func append(_ event: LogEvent, timeMilliseconds: Int64, to line: inout [UInt8]) {
        var timestamp = LogTimestamp()
        LogEncoding.append("{\"time\":\"", to: &line)
        timestamp.append(timeMilliseconds: timeMilliseconds, to: &line)
        LogEncoding.append("\",\"level\":\"", to: &line)
        line.append(contentsOf: event.level.rawValue.utf8)
        LogEncoding.append("\",\"message\":", to: &line)
        Self.append(event.message.description, to: &line)
        if let error = event.error {
            LogEncoding.append(",\"error\":", to: &line)
            Self.append(String(describing: error), to: &line)
        }
        var fields = metadata
        if let provided = metadataProvider?.get() { fields.merge(provided) { $1 } }
        if let own = event.metadata { fields.merge(own) { $1 } }
        if !fields.isEmpty {
            LogEncoding.append(",\"fields\":", to: &line)
            var budget = Self.fieldLimit
            Self.append(.dictionary(fields), depth: 0, budget: &budget, to: &line)
        }
        LogEncoding.append("}\n", to: &line)
    }

    private static func append(_ text: String, to line: inout [UInt8]) {
        LogEncoding.append(quoted: text, limit: textLimit, to: &line)
    }

    private static func append(
        _ value: Logger.Metadata.Value, depth: Int, budget: inout Int, to line: inout [UInt8]
    ) {
        switch value {
        case .string(let string):
            append(string, to: &line)
        case .stringConvertible(let number as Int):
            LogEncoding.append(number, to: &line)
        case .stringConvertible(let flag as Bool):
            LogEncoding.append(flag ? "true" : "false", to: &line)
        case .stringConvertible(let value):
            append(value.description, to: &line)
        case .array, .dictionary:
            guard depth < depthLimit else { return append("…", to: &line) }
            appendChildren(of: value, depth: depth + 1, budget: &budget, to: &line)
        }
    }

    private static func appendChildren(
        of value: Logger.Metadata.Value, depth: Int, budget: inout Int, to line: inout [UInt8]
    ) {
        var isFirst = true
        func mayAppendOne() -> Bool {
            guard budget > 0 else { return false }
            budget -= 1
            if !isFirst { line.append(UInt8(ascii: ",")) }
            isFirst = false
            return true
        }
        switch value {
        case .array(let elements):
            line.append(UInt8(ascii: "["))
            for element in elements where mayAppendOne() {
                append(element, depth: depth, budget: &budget, to: &line)
            }
            line.append(UInt8(ascii: "]"))
        case .dictionary(let fields):
            line.append(UInt8(ascii: "{"))
            for (name, value) in fields.sorted(by: { $0.key < $1.key }) where mayAppendOne() {
                LogEncoding.append(quoted: name, limit: nameLimit, to: &line)
                line.append(UInt8(ascii: ":"))
                append(value, depth: depth, budget: &budget, to: &line)
            }
            line.append(UInt8(ascii: "}"))
        case .string, .stringConvertible:
            return
        }
    }
}
