/// A media type, RFC 9110 §8.3.1, as Content-Type carries it.
package struct MediaType: Sendable, Hashable {
    /// The type in lower case, as `application`.
    package let type: String
    /// The subtype in lower case, as `json`.
    package let subtype: String
    /// The parameters in their order: names in lower case, values as they are meant, unquoted.
    package let parameters: [Parameter]

    /// One parameter of a media type.
    package struct Parameter: Sendable, Hashable {
        /// The name in lower case.
        package let name: String
        /// The value; whether its case matters is up to the parameter.
        package let value: String
    }

    /// Reads a field value by the grammar; nil for anything else, repeated parameters included.
    package init?(_ value: ArraySlice<UInt8>) {
        var reader = ParameterReader(bytes: value)
        guard let type = reader.token(), reader.skip(.slash), let subtype = reader.token() else {
            return nil
        }
        var parameters: [Parameter] = []
        while !reader.isAtEnd {
            reader.skipBlanks()
            guard reader.skip(.semicolon) else { return nil }
            reader.skipBlanks()
            // RFC 9110 §5.6.6 lets a parameter be empty: `text/html;`.
            guard let name = reader.token() else {
                if reader.isAtEnd || reader.isAt(.semicolon) { continue }
                return nil
            }
            guard reader.skip(.equalsSign), let value = reader.tokenOrQuotedString() else {
                return nil
            }
            let parameter = Parameter(name: name.lowercased(), value: value)
            if parameters.contains(where: { $0.name == parameter.name }) { return nil }
            parameters.append(parameter)
        }
        self.type = type.lowercased()
        self.subtype = subtype.lowercased()
        self.parameters = parameters
    }

    /// Type and subtype, as `application/json`.
    package var essence: String { "\(type)/\(subtype)" }

    /// The value of a parameter; `name` is in lower case.
    package func parameter(_ name: String) -> String? {
        parameters.first { $0.name == name }?.value
    }

    /// Whether a field value has this type and subtype, whatever its parameters; makes no strings.
    ///
    /// `essence` is in lower case, as `application/json`. Only the part before the first `;` is
    /// read.
    package static func essence(of value: ArraySlice<UInt8>, is essence: StaticString) -> Bool {
        Self.essence(of: value.span, is: essence)
    }

    /// The same where the value lies.
    package static func essence(of bytes: Span<UInt8>, is essence: StaticString) -> Bool {
        var start = 0
        var end = bytes.first(.semicolon, in: 0..<bytes.count)
        while start < end, bytes[start].isBlank { start += 1 }
        while end > start, bytes[end - 1].isBlank { end -= 1 }
        return bytes.extracting(start..<end).equalsIgnoringCase(essence)
    }
}
