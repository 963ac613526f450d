import FuzzSupport
import JSON

/// What must hold of changes to a document.
struct EditLaws {
    let document: JSONDocument
    let limits: JSONLimits
    var choices: Choices

    mutating func check() {
        var containers: [JSONValue] = []
        Self.collect(document.root, &containers)
        require(JSONEdit(of: document).apply() == document.bytes, "no change changes nothing")
        guard !containers.isEmpty else { return }
        let chosen = containers[choices.below(containers.count)]
        if chosen.kind == .array { removeElements(chosen) } else { removeMembers(chosen) }
        if chosen.kind == .object { set(chosen) }
        replace(chosen)
    }

    private static func collect(_ value: JSONValue, _ found: inout [JSONValue]) {
        guard found.count < 32 else { return }
        if value.kind == .array || value.kind == .object { found.append(value) }
        for element in value.elements { collect(element, &found) }
        for member in value.members { collect(member.value, &found) }
    }

    private mutating func removeElements(_ array: JSONValue) {
        let isRemoved = array.elements.map { _ in choices.once(in: 2) }
        var edit = JSONEdit(of: document)
        var index = 0
        edit.removeElements(of: array) { _ in
            defer { index += 1 }
            return isRemoved[index]
        }
        let kept = zip(array.elements, isRemoved).filter { !$0.1 }.map { Array($0.0.rawBytes) }
        let left = read(edit, changing: array)
        require(left.elements.map { Array($0.rawBytes) } == kept, "kept elements stay as they were")
    }

    private mutating func removeMembers(_ object: JSONValue) {
        let isRemoved = object.members.map { _ in choices.once(in: 2) }
        var edit = JSONEdit(of: document)
        var index = 0
        edit.removeMembers(of: object) { _, _ in
            defer { index += 1 }
            return isRemoved[index]
        }
        let kept = zip(object.members, isRemoved).filter { !$0.1 }.map { member, _ in
            Array(member.name.rawBytes) + Array(member.value.rawBytes)
        }
        let left = read(edit, changing: object).members.map { name, value in
            Array(name.rawBytes) + Array(value.rawBytes)
        }
        require(left == kept, "kept members stay as they were")
    }

    private func set(_ object: JSONValue) {
        var edit = JSONEdit(of: document)
        edit.set("id", of: object, to: Array("[1]".utf8))
        // One more member may be one too many, and a name longer than allowed.
        guard limits == JSONLimits(), object.members.reduce(0, { n, _ in n + 1 }) < 1000 else {
            return
        }
        let changed = read(edit, changing: object)
        require(changed["id"]?.rawBytes.elementsEqual("[1]".utf8) == true, "what is set is there")
        let others = object.members.filter { !$0.name.isString("id") }
        let left = changed.members.filter { !$0.name.isString("id") }
        require(
            others.map { Array($0.value.rawBytes) } == left.map { Array($0.value.rawBytes) },
            "other members stay as they were")
    }

    private func replace(_ value: JSONValue) {
        var edit = JSONEdit(of: document)
        edit.replace(value, with: Array("null".utf8))
        let range = value.range
        let bytes = document.bytes
        require(
            edit.apply() == bytes[..<range.lowerBound] + Array("null".utf8)
                + bytes[range.upperBound...],
            "a replaced value leaves the rest as it was")
    }

    /// The container in the changed text, which must be JSON, and untouched around the container.
    private func read(_ edit: JSONEdit, changing container: JSONValue) -> JSONValue {
        let bytes = edit.apply()
        guard let changed = try? JSONDocument(parsing: bytes, limits: limits) else {
            fatalError("broken: a changed text is JSON")
        }
        let before = document.bytes[...container.range.lowerBound]
        let after = document.bytes[(container.range.upperBound - 1)...]
        require(bytes.starts(with: before), "nothing before the change changes")
        require(bytes.suffix(after.count) == after, "nothing behind the change changes")
        var containers: [JSONValue] = []
        Self.collect(changed.root, &containers)
        guard
            let found = containers.first(where: {
                $0.range.lowerBound == container.range.lowerBound && $0.kind == container.kind
            })
        else { fatalError("broken: what was changed is still there") }
        require(
            found.range.upperBound == bytes.count
                - (document.bytes.count - container.range.upperBound),
            "what was changed ends where it did")
        return found
    }
}
