import Foundation

/// One text file of the repository, split into lines.
struct SourceFile: Sendable {
    /// The path from the root of the repository.
    let path: String
    let lines: [String]
    private let text: String

    private static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// The Swift files under `Sources`.
    static func sources() throws -> [SourceFile] {
        try all(under: "Sources").filter { $0.path.hasSuffix(".swift") }
    }

    /// Every text file under a folder of the repository, or the file of that path.
    static func all(under place: String) throws -> [SourceFile] {
        let url = root.appending(path: place)
        guard
            url.hasDirectoryPath
                || (try? url.resourceValues(forKeys: [.isDirectoryKey]))?.isDirectory == true
        else { return [SourceFile(place)].compactMap { $0 } }
        return try FileManager.default.subpathsOfDirectory(atPath: url.path()).sorted()
            .filter { path in
                !path.split(separator: "/").contains { $0.hasPrefix(".") || $0.hasPrefix("__") }
            }
            .compactMap { SourceFile("\(place)/\($0)") }
    }

    /// Reads a file; nil for what is no text.
    private init?(_ path: String) {
        guard let data = try? Data(contentsOf: Self.root.appending(path: path)),
            let text = String(data: data, encoding: .utf8)
        else { return nil }
        self.path = path
        self.text = text
        lines = text.components(separatedBy: "\n")
    }

    /// Lines for a test of the rules themselves.
    init(path: String, text: String) {
        self.path = path
        self.text = text
        lines = text.components(separatedBy: "\n")
    }

    /// What a pattern finds, each with its line.
    func findings(_ pattern: NSRegularExpression) -> [String] {
        let whole = NSRange(location: 0, length: text.utf16.count)
        return pattern.matches(in: text, range: whole).map { match in
            let start = text.utf16.index(text.startIndex, offsetBy: match.range.location)
            let end = text.utf16.index(start, offsetBy: match.range.length)
            let line = text[..<start].count { $0 == "\n" } + 1
            return "\(path):\(line): \(text[start..<end])"
        }
    }

    /// The module, for files under `Sources`.
    var module: String? {
        let parts = path.split(separator: "/")
        return parts.first == "Sources" && parts.count > 2 ? String(parts[1]) : nil
    }

    /// Functions, initialisers and the like, found by indentation, which `swift format` guarantees.
    var functions: [(line: Int, lineCount: Int)] {
        lines.indices.compactMap { start in
            guard lines[start].isFunctionHeader else { return nil }
            return end(from: start).map { (start + 1, $0 - start + 1) }
        }
    }

    /// The last line of what begins at `start`; nil for a requirement, which has no body.
    private func end(from start: Int) -> Int? {
        if lines[start].hasSuffix("}") { return start }
        let indent = lines[start].indent
        for index in lines.indices.dropFirst(start + 1) where !lines[index].isEmpty {
            if lines[index].indent < indent { return nil }
            if lines[index].indent == indent, lines[index].trimmed.hasPrefix("}") { return index }
        }
        return nil
    }

    /// What is declared for other modules, protocols' requirements included.
    var packageDeclarations: [(line: Int, name: String)] {
        var declarations: [(Int, String)] = []
        var protocolIndent: Int?
        for (index, line) in lines.enumerated() where !line.trimmed.isEmpty {
            if let indent = protocolIndent, line.indent <= indent { protocolIndent = nil }
            if line.isPackageDeclaration {
                declarations.append((index + 1, line.declaredName))
                let opens = line.contains("protocol ") && !line.hasSuffix("}")
                if opens { protocolIndent = line.indent }
            } else if let indent = protocolIndent, line.indent == indent + 4, line.isRequirement {
                declarations.append((index + 1, line.declaredName))
            }
        }
        return declarations
    }

    /// Whether the declaration of a line has a comment, above its attributes.
    func isDocumented(_ line: Int) -> Bool {
        let above = lines[..<(line - 1)].last { !$0.trimmed.hasPrefix("@") }
        return above?.trimmed.hasPrefix("///") ?? false
    }
}

extension String {
    /// The line without the blanks before it.
    var trimmed: Substring { drop { $0 == " " } }

    /// The blanks before the line.
    var indent: Int { prefix { $0 == " " }.count }

    /// How lines begin that may declare something; regular expressions are slow, so they see no other.
    private static let beginnings: Set<Substring> = [
        "func", "deinit", "package", "private", "fileprivate", "static", "final", "override",
        "mutating", "consuming", "borrowing", "convenience", "required", "nonisolated", "internal",
    ]

    private var mayDeclare: Bool {
        let code = trimmed
        let word = code.prefix { $0 != " " }
        return Self.beginnings.contains(word) || word.first == "@" || word.hasPrefix("init")
            || word.hasPrefix("subscript")
    }

    fileprivate var isFunctionHeader: Bool {
        mayDeclare
            && contains(
                /^ *(@\w+(\([^)]*\))? )*([a-z]+(\(set\))? )*(func |init[?(<]|deinit\b|subscript[(<])/
            )
    }

    fileprivate var isPackageDeclaration: Bool {
        mayDeclare && contains(/^ *(@\w+(\([^)]*\))? )*package (?!import |extension )/)
    }

    fileprivate var isRequirement: Bool {
        contains(/^ *((static|mutating) )*(func|var|init|subscript)\b/)
    }

    /// The name that a line declares, without its type; `init` and `subscript` for these.
    fileprivate var declaredName: String {
        let words =
            /\b(func|var|let|struct|class|enum|protocol|actor|typealias|case) +`?([\w=<>+]+)/
        if let match = firstMatch(of: words) { return String(match.2) }
        return contains("subscript") ? "subscript" : "init"
    }
}
