import FuzzSupport
import JSON

/// What must hold of a text that was accepted.
struct DocumentLaws {
    let document: JSONDocument
    let limits: JSONLimits

    func check() {
        let root = document.root
        require(root.range.upperBound <= document.bytes.count, "the value lies in the text")
        let around =
            document.bytes[..<root.range.lowerBound] + document.bytes[root.range.upperBound...]
        require(around.allSatisfy(Self.isSpace), "nothing but space is around the value")
        check(root, depth: 0)
        var writer = JSONWriter()
        write(root, &writer)
        guard let copy = try? JSONDocument(parsing: writer.bytes, limits: limits) else {
            return require(false, "what is written is read")
        }
        require(Self.isSame(root, copy.root), "what is written says the same")
    }

    private func check(_ value: JSONValue, depth: Int) {
        require(Array(value.rawBytes) == Array(document.bytes[value.range]), "raw bytes are these")
        require(document.range(at: value.place) == value.range, "both ways to a value agree")
        switch value.kind {
        case .object: checkMembers(value, depth: depth + 1)
        case .array: checkElements(value, depth: depth + 1)
        case .string:
            guard let bytes = value.stringBytes else { return require(false, "a string has text") }
            require(String(validating: bytes, as: UTF8.self) != nil, "text is UTF-8")
            require(bytes.count <= value.range.count - 2, "unescaping makes nothing longer")
        case .number:
            let text = String(decoding: value.rawBytes, as: UTF8.self)
            let isInteger = value.rawBytes.allSatisfy { $0 == 0x2D || 0x30...0x39 ~= $0 }
            require(value.integer == (isInteger ? Int64(text) : nil), "integers are exact")
        case .true, .false: require(value.bool == (value.kind == .true), "a literal is itself")
        case .null: require(value.rawBytes.elementsEqual("null".utf8), "null is spelled so")
        }
    }

    private func checkMembers(_ object: JSONValue, depth: Int) {
        require(depth <= limits.depth, "no deeper than the limit")
        var names: Set<[UInt8]> = []
        var end = object.range.lowerBound + 1
        for (name, value) in object.members {
            require(end <= name.range.lowerBound, "members come one after another")
            require(name.range.upperBound < value.range.lowerBound, "a name is before its value")
            end = value.range.upperBound
            let text = name.stringBytes ?? []
            require(text.count <= limits.nameLength, "no name longer than the limit")
            require(names.insert(text).inserted, "no name occurs twice")
            let found = object.member(String(decoding: text, as: UTF8.self))
            require(found?.range == value.range, "a member is found by its name")
            check(value, depth: depth)
        }
        require(end < object.range.upperBound, "members lie in their object")
        require(names.count <= limits.members, "no more members than the limit")
        require(object.member("no such name, ever") == nil, "what is not there is not found")
        checkNames(object, names)
    }

    /// Looking names up in a table finds the members that they name.
    private func checkNames(_ object: JSONValue, _ names: Set<[UInt8]>) {
        let wanted =
            ["method", "id", "\u{E9}"]
            + names.prefix(2).map {
                String(decoding: $0, as: UTF8.self)
            }
        var unique: [String] = []
        for name in wanted where !unique.contains(where: { $0.utf8.elementsEqual(name.utf8) }) {
            unique.append(name)
        }
        let table = JSONNames(unique)
        var positions = document.memberPositions(at: object.place)
        var count = 0
        while let member = document.next(&positions, in: table) {
            count += 1
            let name = document.utf8(at: member.name) ?? []
            let index = unique.firstIndex { $0.utf8.elementsEqual(name) }
            require(member.index == index, "a table of names finds what a search finds")
        }
        require(count == names.count, "both ways through an object see all of it")
    }

    private func checkElements(_ array: JSONValue, depth: Int) {
        require(depth <= limits.depth, "no deeper than the limit")
        var end = array.range.lowerBound + 1
        var count = 0
        for element in array.elements {
            require(end <= element.range.lowerBound, "elements come one after another")
            end = element.range.upperBound
            count += 1
            check(element, depth: depth)
        }
        require(end < array.range.upperBound, "elements lie in their array")
        require(count <= limits.members, "no more elements than the limit")
    }

    private func write(_ value: JSONValue, _ writer: inout JSONWriter) {
        switch value.kind {
        case .object:
            writer.beginObject()
            for (name, value) in value.members {
                writer.name(name.string ?? "")
                write(value, &writer)
            }
            writer.endObject()
        case .array:
            writer.beginArray()
            for element in value.elements { write(element, &writer) }
            writer.endArray()
        case .string: writer.string(value.string ?? "")
        case .number, .true, .false, .null: writer.value(value)
        }
    }

    /// Whether both say the same, whatever their escapes and spaces.
    static func isSame(_ one: JSONValue, _ other: JSONValue) -> Bool {
        guard one.kind == other.kind else { return false }
        switch one.kind {
        case .object:
            let (first, second) = (Array(one.members), Array(other.members))
            return first.count == second.count
                && zip(first, second).allSatisfy {
                    isSame($0.name, $1.name) && isSame($0.value, $1.value)
                }
        case .array:
            let (first, second) = (Array(one.elements), Array(other.elements))
            return first.count == second.count && zip(first, second).allSatisfy(isSame)
        case .string: return one.stringBytes == other.stringBytes
        case .number, .true, .false, .null: return one.rawBytes == other.rawBytes
        }
    }

    static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }
}
