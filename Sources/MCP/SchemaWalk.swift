import HTTP
import JSON

/// The keywords of JSON Schema 2020-12, and of draft 7 before it, that are read.
///
/// What holds data, such as `default` and `enum`, is not among them, so data are never taken for
/// annotations; `$ref` is not followed, so the walk ends.
private enum Keyword: String, CaseIterable {
    case annotation = "x-mcp-header"
    case type, properties
    case items, additionalItems, prefixItems, contains, unevaluatedItems
    case additionalProperties, unevaluatedProperties, propertyNames
    case allOf, anyOf, oneOf, not, `if`, then, `else`
    case contentSchema
    case patternProperties, dependentSchemas, dependencies, definitions
    case defs = "$defs"

    static let all = Array(allCases)
    static let names = JSONNames(all.map(\.rawValue))
}

/// Looks for `x-mcp-header` at every place of a schema where a schema may stand
/// (MCP 2026-07-28 basic/transports/streamable-http, schema extension).
struct SchemaWalk {
    /// What was found, duplicates as one that stands nowhere.
    private(set) var parameters: [HeaderParameter] = []
    /// Whether every annotation obeys the rules.
    private(set) var isSound = true
    /// Whether there was any annotation.
    private(set) var hasAnnotations = false

    private let document: JSONDocument
    /// The names of the properties that lead here.
    private var path: [JSONPosition] = []

    init(of document: JSONDocument) { self.document = document }

    /// Visits the schema and all in it; the document's limit of depth bounds the recursion.
    mutating func visit(_ schema: JSONPosition) { visit(schema, isReachable: true) }

    /// `isReachable` is false once the way here went through anything but `properties`.
    private mutating func visit(_ schema: JSONPosition, isReachable: Bool) {
        var annotation: JSONPosition?
        var type: JSONPosition?
        var members = document.memberPositions(at: schema)
        while let member = document.next(&members, in: Keyword.names) {
            guard let index = member.index else { continue }
            switch Keyword.all[index] {
            case .annotation: annotation = member.value
            case .type: type = member.value
            case .properties: visitProperties(member.value, isReachable: isReachable)
            case .items, .additionalItems, .prefixItems, .contains, .unevaluatedItems,
                .additionalProperties, .unevaluatedProperties, .propertyNames, .allOf, .anyOf,
                .oneOf, .not, .if, .then, .else, .contentSchema:
                visitOne(orAllOf: member.value)
            case .patternProperties, .dependentSchemas, .dependencies, .definitions, .defs:
                visitMembers(of: member.value)
            }
        }
        if let annotation { note(annotation, type, isReachable: isReachable) }
    }

    private mutating func visitProperties(_ properties: JSONPosition, isReachable: Bool) {
        var members = document.memberPositions(at: properties)
        while let member = document.next(&members, in: Keyword.names) {
            path.append(member.name)
            visit(member.value, isReachable: isReachable)
            path.removeLast()
        }
    }

    private mutating func visitMembers(of schemas: JSONPosition) {
        var members = document.memberPositions(at: schemas)
        while let member = document.next(&members, in: Keyword.names) {
            visitOne(orAllOf: member.value)
        }
    }

    private mutating func visitOne(orAllOf schemas: JSONPosition) {
        guard document.kind(at: schemas) == .array else {
            return visit(schemas, isReachable: false)
        }
        for element in document.value(at: schemas).elements {
            visit(element.place, isReachable: false)
        }
    }

    private mutating func note(
        _ annotation: JSONPosition, _ type: JSONPosition?, isReachable: Bool
    ) {
        hasAnnotations = true
        guard let name = document.utf8(at: annotation), FieldName.isName(name) else {
            // No field can have such a name.
            isSound = false
            return
        }
        var parameter = HeaderParameter(
            name: String(decoding: name, as: UTF8.self), kind: .text, place: .nowhere)
        if isReachable, !path.isEmpty, let kind = kind(type) {
            parameter = HeaderParameter(
                name: String(decoding: name, as: UTF8.self), kind: kind,
                place: .argument(path.map { Array(document.utf8(at: $0) ?? []) }))
        } else {
            isSound = false
        }
        append(parameter)
    }

    /// How values of that type are compared; nil for a type that must not be mirrored.
    private mutating func kind(_ type: JSONPosition?) -> HeaderParameter.Kind? {
        guard let type else { return nil }
        if document.isString("string", at: type) || document.isString("boolean", at: type) {
            return .text
        }
        if document.isString("integer", at: type) { return .number }
        guard document.isString("number", at: type) else { return nil }
        // Forbidden, but clients of the TypeScript SDK send it: it is compared, not asked for.
        isSound = false
        return .number
    }

    /// Two of one name, or of names that careless readers take for one, have no one value.
    private mutating func append(_ parameter: HeaderParameter) {
        let folded = parameter.foldedName
        let first = parameters.firstIndex { $0.foldedName == folded }
        guard let first else { return parameters.append(parameter) }
        isSound = false
        parameters[first] = parameters[first].withoutPlace
    }
}

extension HeaderParameter {
    /// The same field, for which no value can be right.
    fileprivate var withoutPlace: HeaderParameter {
        HeaderParameter(
            name: String(fieldName.dropFirst(ParameterFields.prefix.utf8CodeUnitCount)),
            kind: kind, place: .nowhere)
    }
}
