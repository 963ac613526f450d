/// Gathers everything that is wrong in one file, so that it can be told at once.
struct DiagnosticList {
    /// The most findings that are kept of one file; a file that is wrong throughout is told so.
    static let maximumCount = 200

    let file: String
    private var found: [Diagnostic] = []
    private var dropped = 0

    init(file: String) {
        self.file = file
    }

    /// Whether the file must be refused.
    var hasErrors: Bool { found.contains { $0.severity == .error } }

    /// Everything found, by place in the file.
    var sorted: [Diagnostic] {
        var sorted = found.enumerated().sorted { left, right in
            let (first, second) = (left.element.position, right.element.position)
            guard first != second else { return left.offset < right.offset }
            return (first ?? .start) < (second ?? .start)
        }.map(\.element)
        if dropped > 0 {
            sorted.append(
                Diagnostic(
                    .error, file: file, position: sorted.last?.position,
                    message: "and \(dropped) more; they are not shown"))
        }
        return sorted
    }

    mutating func error(_ position: SourcePosition?, _ message: String) {
        add(.error, position, message)
    }

    mutating func warning(_ position: SourcePosition?, _ message: String) {
        add(.warning, position, message)
    }

    private mutating func add(
        _ severity: Diagnostic.Severity, _ position: SourcePosition?, _ message: String
    ) {
        guard found.count < Self.maximumCount else {
            if severity == .error { dropped += 1 }
            return
        }
        found.append(Diagnostic(severity, file: file, position: position, message: message))
    }
}

extension DiagnosticList {
    /// A value as a message shows it: quoted, shortened, control characters replaced.
    static func quoted(_ text: String) -> String { "\"\(visible(text))\"" }

    /// A name as a message shows it: shortened, control characters replaced.
    static func visible(_ text: String) -> String {
        var shown = ""
        for (count, scalar) in text.unicodeScalars.enumerated() {
            guard count < 60 else { return shown + "…" }
            shown.unicodeScalars.append(scalar.isControl ? "\u{FFFD}" : scalar)
        }
        return shown
    }
}

extension Unicode.Scalar {
    /// Whether the character could move the cursor or end the line of a log.
    var isControl: Bool {
        guard !isASCII else { return value < 0x20 || value == 0x7F }
        return switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: true
        default: false
        }
    }
}
