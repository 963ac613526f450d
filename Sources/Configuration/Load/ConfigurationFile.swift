internal import Glibc

/// The file `gateway.conf`.
package enum ConfigurationFile {
    /// The system's time, in Unix seconds.
    package static func systemTime() -> Int64 { Int64(time(nil)) }

    /// What came of reading a file.
    package struct Outcome: Sendable {
        /// The configuration; nil exactly when one of the diagnostics is an error.
        package let configuration: GatewayConfiguration?
        /// Errors and warnings by their place in the file.
        package let diagnostics: [Diagnostic]

        /// The findings that refuse the file.
        package var errors: [Diagnostic] { diagnostics.filter { $0.severity == .error } }
        /// The findings that do not.
        package var warnings: [Diagnostic] { diagnostics.filter { $0.severity == .warning } }
    }

    /// Reads a file and the files that it names.
    ///
    /// Blocks while it reads. `environment` is what `${NAME}` is taken from; relative paths begin where the file is.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - environment: what `${NAME}` is taken from.
    ///   - limits: what the file may use.
    ///   - now: the time against which times of the file are held, in Unix seconds.
    /// - Returns: the configuration, or what is wrong.
    package static func load(
        _ path: String, environment: [String: String], limits: YAMLLimits = YAMLLimits(),
        at now: Int64 = systemTime()
    ) -> Outcome {
        do throws(FileReader.Failure) {
            let bytes = try FileReader(besides: path).read(path, limit: limits.fileSize)
            return read(bytes, path: path, environment: environment, limits: limits, at: now)
        } catch {
            let diagnostic = Diagnostic(
                .error, file: path, position: nil, message: "the file \(error.reason)")
            return Outcome(configuration: nil, diagnostics: [diagnostic])
        }
    }

    /// Reads the text of a file that is, or would be, at a path.
    ///
    /// - Parameters:
    ///   - bytes: the text.
    ///   - path: the file.
    ///   - environment: what `${NAME}` is taken from.
    ///   - limits: what the file may use.
    ///   - now: the time against which times of the file are held, in Unix seconds.
    ///   - files: the only files that it may name, by their paths; nil for those of the system.
    /// - Returns: the configuration, or what is wrong.
    package static func read(
        _ bytes: [UInt8], path: String, environment: [String: String],
        limits: YAMLLimits = YAMLLimits(), at now: Int64 = systemTime(),
        files: [String: [UInt8]]? = nil
    ) -> Outcome {
        var diagnostics = DiagnosticList(file: path)
        guard let root = YAMLReader.read(bytes, limits: limits, into: &diagnostics) else {
            if !diagnostics.hasErrors { diagnostics.error(.start, "the file is empty") }
            return Outcome(configuration: nil, diagnostics: diagnostics.sorted)
        }
        if bytes.last != UInt8(ascii: "\n") {
            let line = bytes.count { $0 == UInt8(ascii: "\n") } + 1
            diagnostics.warning(
                SourcePosition(line: line, column: 1),
                "the last line has no end; the file may have been cut off")
        }
        let filled = EnvironmentReferences(environment: environment).filled(root, &diagnostics)
        var decoder = SchemaDecoder(diagnostics: diagnostics)
        let section = decoder.decode(filled)
        var builder = ConfigurationBuilder(
            diagnostics: decoder.diagnostics, files: FileReader(besides: path, among: files),
            now: now)
        let configuration = builder.build(section)
        return Outcome(
            configuration: configuration, diagnostics: builder.diagnostics.sorted)
    }
}
