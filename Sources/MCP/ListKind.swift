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
}
