/// One node of a YAML document, with its place.
struct YAMLNode: Sendable {
    let position: SourcePosition
    let content: Content

    /// What a node holds.
    enum Content: Sendable {
        case scalar(YAMLScalar)
        case sequence([YAMLNode])
        case mapping([YAMLEntry])
        /// Something that was refused and reported already.
        case refused
    }

    /// What the node is, in the words of a message.
    var kindDescription: String {
        switch content {
        case .scalar(let scalar):
            scalar.isNull ? "nothing" : DiagnosticList.quoted(scalar.written)
        case .sequence: "a list"
        case .mapping: "a mapping"
        case .refused: "nothing that can be read"
        }
    }
}

/// One key of a YAML mapping with its value.
struct YAMLEntry: Sendable {
    let key: String
    let position: SourcePosition
    let value: YAMLNode
}

/// The text of a YAML scalar, before it is given a type.
struct YAMLScalar: Sendable, Equatable {
    /// The text, with environment variables filled in.
    var text: String
    /// The text as it stands in the file, which is what messages show.
    let written: String
    /// Whether the text is without quotes, so that `true`, `12` and `null` are not text.
    let isPlain: Bool

    /// Whether nothing was written.
    ///
    /// Source: YAML 1.2.2 §10.3.2, tag resolution of null.
    var isNull: Bool {
        isPlain && ["", "~", "null", "Null", "NULL"].contains(written)
    }
}
