/// The parameters of a form or a query: `application/x-www-form-urlencoded` as the URL standard
/// has it (§5.1), without its leniency towards broken encodings.
///
/// Values may be passwords and tokens, so describing the parameters shows none of them.
package struct FormParameters: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The most parameters that are taken.
    package static let maximumCount = 64

    /// One parameter, decoded.
    private struct Parameter: Sendable {
        let name: String
        let value: String
    }

    private let parameters: [Parameter]

    /// Reads a body or a query without its `?`; no bytes are no parameters.
    ///
    /// A parameter without `=` has an empty value; `&&` has nothing between. The size of the whole
    /// is bounded where it was received.
    ///
    /// - Throws: the first deviation.
    package init(parsing bytes: ArraySlice<UInt8>) throws(FormViolation) {
        var parameters: [Parameter] = []
        for part in bytes.split(separator: .ampersand) {
            guard parameters.count < Self.maximumCount else { throw .tooManyParameters }
            let equals = part.firstIndex(of: .equalsSign)
            parameters.append(
                Parameter(
                    name: try Self.text(part[..<(equals ?? part.endIndex)]),
                    value: try equals.map { part[($0 + 1)...] }.map(Self.text) ?? ""))
        }
        self.parameters = parameters
    }

    /// Reads the query of a request target; nil is no parameters.
    ///
    /// - Throws: the first deviation.
    package init(query: String?) throws(FormViolation) {
        try self.init(parsing: Array((query ?? "").utf8)[...])
    }

    /// The names in the order in which they came, repeated ones too.
    package var names: [String] { parameters.map(\.name) }

    /// The values of every parameter of this name in their order, empty ones too.
    package func values(_ name: String) -> [String] {
        // Bytes, since strings are equal that Unicode has for the same.
        parameters.lazy.filter { $0.name.utf8.elementsEqual(name.utf8) }.map(\.value)
    }

    /// The value of the parameter; nil without one, and where it is empty, which RFC 6749 §3.1 has
    /// treated as if it were omitted.
    ///
    /// - Throws: `repeatedParameter` if there is more than one of the name, whatever their values.
    package func single(_ name: String) throws(FormViolation) -> String? {
        let values = values(name)
        guard values.count <= 1 else { throw .repeatedParameter }
        return values.first.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// How many parameters there are.
    package var description: String { "(\(parameters.count) parameters)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }

    private static func text(_ bytes: ArraySlice<UInt8>) throws(FormViolation) -> String {
        // A serialiser encodes all else (URL standard, §5.2), so another reader may differ on it.
        guard bytes.allSatisfy({ 0x21...0x7E ~= $0 }) else { throw .invalidByte }
        guard let decoded = PercentEncoding.decode(bytes, plusIsSpace: true) else {
            throw .percentEncoding
        }
        guard let text = String(validating: decoded, as: UTF8.self) else { throw .notUTF8 }
        return text
    }
}
