/// Values by their places, for readers that look at many and keep few.
extension JSONDocument {
    /// The place of the one value of the text.
    package var rootPosition: JSONPosition { JSONPosition(0) }

    /// The value at `position`.
    package func value(at position: JSONPosition) -> JSONValue {
        JSONValue(index: index, position: Int(position.node))
    }

    /// What ``JSONValue/kind`` says of the value at `position`.
    package func kind(at position: JSONPosition) -> JSONValue.Kind { node(at: position).kind }

    /// What ``JSONValue/range`` says of the value at `position`.
    package func range(at position: JSONPosition) -> Range<Int> { node(at: position).range }

    /// What ``JSONValue/utf8`` says of the value at `position`.
    package func utf8(at position: JSONPosition) -> ArraySlice<UInt8>? {
        index.utf8(of: node(at: position))
    }

    /// What ``JSONValue/integer`` says of the value at `position`.
    package func integer(at position: JSONPosition) -> Int64? {
        index.integer(of: node(at: position))
    }

    /// What ``JSONValue/isString(_:)`` says of the value at `position`.
    package func isString(_ literal: StaticString, at position: JSONPosition) -> Bool {
        literal.withUTF8Buffer { index.isString(node(at: position), unsafe $0.span) }
    }

    /// The members of the object at `position`; none if another kind of value is there.
    package func memberPositions(at position: JSONPosition) -> JSONMemberPositions {
        let node = node(at: position)
        let first = Int(position.node) + 1
        return JSONMemberPositions(node: first, end: node.tag == .object ? Int(node.link) : first)
    }

    /// The next of the members, looked up among `names`.
    package func next(
        _ members: inout JSONMemberPositions, in names: JSONNames
    ) -> JSONMemberPositions.Member? {
        let name = members.node
        guard name < members.end else { return nil }
        let nodes = index.nodes
        members.node = Int(nodes[name + 1].link)
        return JSONMemberPositions.Member(
            node: name, index: names.index(of: nodes[name], in: index))
    }

    @inline(__always)
    private func node(at position: JSONPosition) -> JSONNode { index.nodes[Int(position.node)] }
}
