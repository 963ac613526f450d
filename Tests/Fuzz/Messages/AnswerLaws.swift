import FuzzSupport
import JSON
import MCP

/// What must hold of a message of the server, and of the lists in it.
struct AnswerLaws {
    let body: [UInt8]
    var choices: Choices

    mutating func check() {
        guard let message = try? Message(parsing: body, from: .server) else { return }
        for method: MCPMethod? in [nil, .toolsList, .resourcesList] {
            guard let list = try? ListResult(in: message, answering: method) else { continue }
            check(list, of: message)
        }
        guard let bytes = (try? message.withPrivateCacheScope()) ?? nil else { return }
        guard let changed = try? Message(parsing: bytes, from: .server) else {
            return require(false, "a changed answer is an answer")
        }
        require(changed.result?["cacheScope"]?.isString("private") == true, "it is private")
        require(changed.idBytes == message.idBytes, "it answers the same request")
    }

    private mutating func check(_ list: ListResult, of message: Message) {
        let isKept = list.items.map { _ in choices.once(in: 2) }
        var index = 0
        let revision: ProtocolRevision = choices.once(in: 2) ? .v2026_07_28 : .v2025_06_18
        let filtered = list.filtered(for: revision) { _ in
            defer { index += 1 }
            return isKept[index]
        }
        require(index == list.items.count, "every item is judged once")
        let kept = zip(list.items, isKept).filter(\.1).map(\.0)
        guard let filtered else {
            return require(kept.count == list.items.count, "nothing changes if all is kept")
        }
        guard let changed = try? Message(parsing: filtered, from: .server) else {
            return require(false, "a filtered answer is an answer")
        }
        require(changed.idBytes == message.idBytes, "it answers the same request")
        guard let left = try? ListResult(in: changed, answering: nil) else {
            return require(false, "a filtered list is a list")
        }
        require(left.items.map(\.kind) == kept.map(\.kind), "what is kept is there, and no more")
        for (item, before) in zip(left.items, kept) {
            require(item.name == before.name, "what is kept has its name")
            require(filtered[item.range] == body[before.range], "what is kept stays byte for byte")
        }
        for kind in ["tools", "prompts", "resources", "resourceTemplates"] {
            let count = changed.result.map { result in
                PlainReader.candidates(kind, of: result).reduce(0) {
                    $0 + $1.elements.reduce(0) { count, _ in count + 1 }
                }
            }
            require(count ?? 0 <= kept.count, "no other reader finds more")
        }
        if revision.era == .modern {
            require(changed.result?["cacheScope"]?.isString("private") == true, "it is private")
        }
    }
}
