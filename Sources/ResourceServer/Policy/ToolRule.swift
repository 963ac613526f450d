/// One entry of a scope's `tools:` list.
///
/// Shape: a name pattern, and conditions on the arguments of which every one must be met by a call.
/// Conditions never hide a tool from a list.
package struct ToolRule: Sendable, Equatable {
    /// The tool's name, in which `*` stands for any run of bytes.
    package var name: String
    /// The conditions on the arguments, all of which a call must meet; empty for none.
    package var arguments: [ArgumentCondition]

    /// A rule for the tools whose names match.
    package init(name: String, arguments: [ArgumentCondition] = []) {
        self.name = name
        self.arguments = arguments
    }
}
