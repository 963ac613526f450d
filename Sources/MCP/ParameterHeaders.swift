package import HTTP
package import JSON

/// The arguments of one tool that its callers repeat in fields, as its `inputSchema` has them.
///
/// An object, so that handing it on copies one reference.
package final class ParameterHeaders: Sendable {
    /// The annotations, in the order of the text.
    package let parameters: [HeaderParameter]
    /// Whether the definition obeys every rule for annotations.
    ///
    /// One that does not is left out of lists by clients that obey (MCP 2026-07-28 server/tools),
    /// and so asks for no field; but a field that it names has to agree all the same.
    package let isSound: Bool

    /// Reads the annotations of a schema.
    ///
    /// - Returns: nil where there is none.
    package init?(inputSchema: JSONPosition, of document: JSONDocument) {
        var walk = SchemaWalk(of: document)
        walk.visit(inputSchema)
        guard walk.hasAnnotations else { return nil }
        parameters = walk.parameters
        isSound = walk.isSound
    }

    /// Bytes that are kept for it, about.
    package var size: Int { parameters.reduce(0) { $0 + $1.size } }

    /// Compares the fields of a `tools/call` with its arguments, each decoded first, in both
    /// directions.
    ///
    /// Fields that no annotation names are not looked at: they are forwarded as they are.
    ///
    /// - Parameters:
    ///   - fields: all fields of the request.
    ///   - arguments: `params.arguments`, an object; nil if absent.
    /// - Throws: the first disagreement.
    package func compare(
        _ fields: Fields, with arguments: JSONValue?
    ) throws(HeaderViolation) {
        for parameter in parameters {
            let value = try Self.value(of: parameter, in: fields)
            let argument = try Self.argument(of: parameter, in: arguments)
            try compare(value, with: argument, of: parameter)
        }
    }

    private func compare(
        _ value: ArraySlice<UInt8>?, with argument: JSONValue?, of parameter: HeaderParameter
    ) throws(HeaderViolation) {
        let name = parameter.fieldName
        guard let value else {
            // Objects and arrays have no text, so clients leave their fields out.
            if isSound, let argument, argument.isMirrorable { throw .parameterMissing(name) }
            return
        }
        guard let text = HeaderText.decode(value) else { throw .parameterUndecodable(name) }
        guard parameter.place != .nowhere else { throw .parameterAmbiguous(name) }
        // Who routes by a value that the body does not have is deceived as by a wrong one.
        guard let argument else { throw .parameterUnexpected(name) }
        guard Self.agrees(text, argument, parameter.kind) else { throw .parameterDiffers(name) }
    }

    /// The value of the parameter's field; nil where there is none.
    private static func value(
        of parameter: HeaderParameter, in fields: Fields
    ) throws(HeaderViolation) -> ArraySlice<UInt8>? {
        var found: ArraySlice<UInt8>?
        for field in fields where field.known == nil && parameter.isFolded(from: field.name) {
            // Readers of the first and of the last one would disagree.
            guard found == nil, parameter.isNamed(field.name) else {
                throw .parameterTwice(parameter.fieldName)
            }
            found = field.value
        }
        return found
    }

    /// The argument at the exact path; nil where it is absent or null.
    private static func argument(
        of parameter: HeaderParameter, in arguments: JSONValue?
    ) throws(HeaderViolation) -> JSONValue? {
        guard case .argument(let path) = parameter.place, var value = arguments else { return nil }
        for name in path {
            guard let next = try member(name, of: value, for: parameter) else { return nil }
            value = next
        }
        return value.kind == .null ? nil : value
    }

    /// The member of exactly that name.
    ///
    /// A server that matches names without regard to case would take another for it.
    private static func member(
        _ name: [UInt8], of object: JSONValue, for parameter: HeaderParameter
    ) throws(HeaderViolation) -> JSONValue? {
        let folded = name.map(\.asciiLowercased)
        var found: JSONValue?
        for member in object.members {
            guard let other = member.name.utf8 else { continue }
            if other.elementsEqual(name) {
                found = member.value
            } else if other.span.folds(onto: folded.span) {
                throw .parameterTwin(parameter.fieldName)
            }
        }
        return found
    }

    /// Whether the text of a field stands for the argument.
    private static func agrees(
        _ text: ArraySlice<UInt8>, _ argument: JSONValue, _ kind: HeaderParameter.Kind
    ) -> Bool {
        switch argument.kind {
        case .string: return argument.utf8?.elementsEqual(text) ?? false
        case .true: return text.elementsEqual("true".utf8)
        case .false: return text.elementsEqual("false".utf8)
        case .number:
            if text.elementsEqual(argument.rawBytes) { return true }
            // MCP 2026-07-28 asks for 42 and 42.0 to be equal. Exponents stand in no such field.
            guard kind == .number, let value = DecimalNumber(text, allowsExponent: false) else {
                return false
            }
            return value == DecimalNumber(argument.rawBytes, allowsExponent: true)
        case .object, .array, .null: return false
        }
    }
}

extension JSONValue {
    /// Whether the value has a text that clients put into a field.
    fileprivate var isMirrorable: Bool {
        switch kind {
        case .string, .number, .true, .false: true
        case .object, .array, .null: false
        }
    }
}
