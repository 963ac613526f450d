/// Reads a page the way a browser's tokenizer does (HTML §13.2.5), as far as our pages go, and
/// refuses whatever they never hold.
struct PageChecker {
    struct Flaw: Error, CustomStringConvertible {
        let description: String
    }

    /// One opening tag.
    struct Tag {
        let name: String
        let attributes: [String: String]
    }

    /// The opening tags in their order.
    private(set) var tags: [Tag] = []
    /// All text outside of `<style>` and `<title>`, unescaped, blanks folded.
    private(set) var text = ""

    /// The elements that pages are made of.
    private static let elements: Set = [
        "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "p", "a", "bdi",
        "span", "strong", "small", "code", "dl", "div", "dt", "dd", "form", "input", "label",
        "fieldset", "legend", "button", "select", "option", "section", "ul", "li", "footer",
    ]
    private static let empty: Set = ["meta", "input"]
    private static let attributes: Set = [
        "lang", "charset", "name", "content", "class", "id", "role", "method", "action", "type",
        "value", "for", "autocomplete", "autocapitalize", "spellcheck", "required", "maxlength",
        "autofocus", "aria-describedby", "aria-invalid", "aria-label", "selected", "checked",
        "href",
    ]

    /// Bytes, not characters: a combining mark must not hide the mark-up before it.
    private var rest: ArraySlice<UInt8>
    private var open: [String] = []

    /// - Throws: `Flaw` for the first thing that does not belong on a page.
    init(_ bytes: [UInt8]) throws {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw Flaw(description: "no UTF-8")
        }
        rest = bytes[...]
        guard take("<!DOCTYPE html>\n") else { throw Flaw(description: "no doctype") }
        while !rest.isEmpty {
            if take("</") {
                try closingTag()
            } else if take("<") {
                try openingTag()
            } else {
                text += try unescaped(prefix { $0 != UInt8(ascii: "<") })
            }
        }
        guard open.isEmpty else { throw Flaw(description: "left open: \(open)") }
        text = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// The first tag of that name that has all these attributes.
    func tag(_ name: String, _ attributes: [String: String] = [:]) -> Tag? {
        tags(name, attributes).first
    }

    func tags(_ name: String, _ attributes: [String: String] = [:]) -> [Tag] {
        tags.filter { tag in
            tag.name == name && attributes.allSatisfy { tag.attributes[$0.key] == $0.value }
        }
    }

    /// The value of the first field of a form with that name.
    func field(_ name: String) -> String? { tag("input", ["name": name])?.attributes["value"] }

    private mutating func take(_ text: String) -> Bool {
        guard rest.starts(with: text.utf8) else { return false }
        rest = rest.dropFirst(text.utf8.count)
        return true
    }

    private mutating func prefix(while isPart: (UInt8) -> Bool) -> String {
        let part = rest.prefix(while: isPart)
        rest = rest.dropFirst(part.count)
        return String(decoding: part, as: UTF8.self)
    }

    private mutating func name() -> String {
        prefix { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D }
    }

    private mutating func openingTag() throws {
        let name = name()
        guard Self.elements.contains(name) else {
            throw Flaw(description: "<\(name)> is none of ours")
        }
        var attributes: [String: String] = [:]
        while !take(">") {
            guard take(" ") else { throw Flaw(description: "in <\(name)>") }
            let key = self.name()
            guard Self.attributes.contains(key), attributes[key] == nil else {
                throw Flaw(description: "attribute \(key) of \(name)")
            }
            attributes[key] = ""
            if take("=") {
                guard take("\"") else { throw Flaw(description: "\(key) of \(name) is not quoted") }
                attributes[key] = try unescaped(prefix { $0 != UInt8(ascii: "\"") })
                _ = take("\"")
            }
        }
        tags.append(Tag(name: name, attributes: attributes))
        if name == "style" || name == "title" {
            let content = prefix { $0 != UInt8(ascii: "<") }
            if name == "title" { _ = try unescaped(content) }
        }
        if !Self.empty.contains(name) { open.append(name) }
    }

    private mutating func closingTag() throws {
        let name = name()
        guard take(">"), open.popLast() == name else {
            throw Flaw(description: "</\(name)> closes nothing")
        }
        if ["p", "h1", "h2", "dt", "dd", "li", "small", "label", "legend"].contains(name) {
            text += " "
        }
    }

    /// Text without its five escapes; anything that is left of the characters they stand for, and
    /// any control or direction mark, is a flaw.
    private func unescaped(_ raw: String) throws -> String {
        for scalar in raw.unicodeScalars {
            switch scalar.value {
            case 0x00..<0x09, 0x0B..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x2028...0x202E,
                0x2066...0x2069:
                throw Flaw(description: "U+\(String(scalar.value, radix: 16)) in \(raw)")
            case 0x22, 0x27, 0x3C, 0x3E: throw Flaw(description: "bare \(scalar) in \(raw)")
            default: break
            }
        }
        let escapes = ["&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": "\"", "&#39;": "'"]
        var result: [UInt8] = []
        var rest = Array(raw.utf8)[...]
        while let byte = rest.first {
            guard byte == UInt8(ascii: "&") else {
                result.append(rest.removeFirst())
                continue
            }
            guard let escape = escapes.first(where: { rest.starts(with: $0.key.utf8) }) else {
                throw Flaw(description: "bare & in \(raw)")
            }
            result += Array(escape.value.utf8)
            rest = rest.dropFirst(escape.key.utf8.count)
        }
        return String(decoding: result, as: UTF8.self)
    }
}
