/// What a configuration file may be at most.
package struct YAMLLimits: Sendable, Equatable {
    /// The size of the file, in bytes.
    package var fileSize = 1 << 20
    /// How deep lists and mappings may be nested.
    package var depth = 16
    /// The number of values, lists and mappings.
    package var nodeCount = 50_000

    /// The limits that apply unless said otherwise.
    package init() {}
}
