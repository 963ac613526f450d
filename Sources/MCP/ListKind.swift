import JSON

/// The four lists whose answers are filtered.
package enum ListKind: Sendable, Hashable, CaseIterable {
    /// `tools` of `tools/list`; items are known by `name`.
    case tools
    /// `prompts` of `prompts/list`; items are known by `name`.
    case prompts
    /// `resources` of `resources/list`; items are known by `uri`.
    case resources
    /// `resourceTemplates` of `resources/templates/list`; items are known by `uriTemplate`.
    case resourceTemplates

    /// The member of `item` by which it is called or read.
    ///
    /// - Throws: ``ListViolation/nameTwin``.
    func name(
        of item: JSONPosition, in document: JSONDocument
    ) throws(ListViolation) -> JSONPosition? {
        switch self {
        case .tools, .prompts: try Self.only(itemNames, of: item, in: document)
        case .resources: try Self.only(itemURIs, of: item, in: document)
        case .resourceTemplates: try Self.only(itemTemplates, of: item, in: document)
        }
    }

    private static func only<Key>(
        _ names: MemberNames<Key>, of item: JSONPosition, in document: JSONDocument
    ) throws(ListViolation) -> JSONPosition? {
        var found: JSONPosition?
        try names.read(item, of: document, twin: .nameTwin) { _, value throws(ListViolation) in
            found = value
        }
        return found
    }
}

private enum ItemName: String, CaseIterable { case name }
private enum ItemURI: String, CaseIterable { case uri }
private enum ItemTemplate: String, CaseIterable { case uriTemplate }

private let itemNames = MemberNames<ItemName>()
private let itemURIs = MemberNames<ItemURI>()
private let itemTemplates = MemberNames<ItemTemplate>()
