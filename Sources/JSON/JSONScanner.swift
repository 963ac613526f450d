/// Reads a text once, from front to back, into nodes.
///
/// There is no recursion: while an array or object is open, its node holds what is needed to go on
/// with the one around it: `link` is the node of that, `end` the number of its members so far.
struct JSONScanner {
    let limits: JSONLimits

    /// Where reading stands.
    private var position = 0
    /// The node of the innermost open array or object; meaningless at depth 0.
    private var container = 0
    /// Whether the innermost open container is an object.
    private var isInObject = false
    /// How many arrays and objects are open.
    private var depth = 0
    /// How many members the innermost container has so far.
    private var members = 0

    private init(limits: JSONLimits) {
        self.limits = limits
    }

    /// The nodes of all values in `bytes`, the root first.
    static func nodes(of bytes: [UInt8], limits: JSONLimits) throws(JSONViolation) -> [JSONNode] {
        guard bytes.count < Int(Int32.max) else { throw .textTooLong(offset: bytes.count) }
        var scanner = JSONScanner(limits: limits)
        try scanner.begin(bytes.span)
        var nodes: [JSONNode] = []
        var capacity = 16 + bytes.count / 12
        var isComplete = false
        repeat {
            let known = nodes
            nodes = []
            try nodes.append(addingCapacity: capacity) {
                (nodes: inout OutputSpan<JSONNode>) throws(JSONViolation) in
                for node in known { nodes.append(node) }
                isComplete = try scanner.scan(bytes.span, into: &nodes)
            }
            capacity = scanner.nextCapacity(after: nodes.count, of: bytes.count)
        } while !isComplete
        return nodes
    }

    /// Room for the nodes of the whole text if the rest of it has as many as what was read.
    private func nextCapacity(after nodes: Int, of length: Int) -> Int {
        let estimate = nodes * (length / max(position, 1) + 1)
        // A complete node takes two bytes of text, so half the length suffices but for open ones.
        return max(nodes * 2, min(estimate, length / 2)) + 2
    }

    /// Comes to the first byte of the root.
    private mutating func begin(_ text: Span<UInt8>) throws(JSONViolation) {
        // RFC 8259 §8.1: a byte order mark is not added, and we do not ignore one.
        if text.count >= 3, text[0] == 0xEF, text[1] == 0xBB, text[2] == 0xBF {
            throw .byteOrderMark(offset: 0)
        }
        position = text.endOfWhitespace(from: 0)
    }

    /// Reads on until the text is complete, which is true, or `nodes` is full, which is false.
    private mutating func scan(
        _ text: Span<UInt8>, into nodes: inout OutputSpan<JSONNode>
    ) throws(JSONViolation) -> Bool {
        while nodes.freeCapacity >= 2 {
            if isInObject { try scanName(text, into: &nodes) }
            let isOpened = try scanValue(text, into: &nodes)
            if isOpened { continue }
            if try scanEnds(text, in: &nodes) { return true }
        }
        return false
    }

    /// Reads a name, the colon and the whitespace around it (RFC 8259 §4).
    @inline(__always)
    private mutating func scanName(
        _ text: Span<UInt8>, into nodes: inout OutputSpan<JSONNode>
    ) throws(JSONViolation) {
        let start = position
        guard start < text.count else { throw .unexpectedEnd(offset: start) }
        guard text[start] == ASCII.quotationMark else { throw .nameExpected(offset: start) }
        let (end, isEscaped) = try text.endOfString(from: start)
        let fingerprint = try fingerprint(ofName: start + 1..<end - 1, isEscaped, in: text)
        nodes.append(
            JSONNode(
                start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: end),
                link: fingerprint, tag: isEscaped ? .escapedString : .string))
        let colon = text.endOfWhitespace(from: end)
        guard colon < text.count else { throw .unexpectedEnd(offset: colon) }
        guard text[colon] == ASCII.colon else { throw .colonExpected(offset: colon) }
        position = text.endOfWhitespace(from: colon + 1)
    }

    /// The fingerprint of a name of acceptable length.
    @inline(__always)
    private func fingerprint(
        ofName content: Range<Int>, _ isEscaped: Bool, in text: Span<UInt8>
    ) throws(JSONViolation) -> UInt32 {
        if isEscaped {
            let name = text.unescaped(content)
            guard name.count <= limits.nameLength else {
                throw .nameTooLong(offset: content.lowerBound - 1)
            }
            return name.span.fingerprint(of: 0..<name.count)
        }
        guard content.count <= limits.nameLength else {
            throw .nameTooLong(offset: content.lowerBound - 1)
        }
        return text.fingerprint(of: content)
    }

    /// Reads a value, or the beginning of an array or object that has members, which is true.
    @inline(__always)
    private mutating func scanValue(
        _ text: Span<UInt8>, into nodes: inout OutputSpan<JSONNode>
    ) throws(JSONViolation) -> Bool {
        let start = position
        guard start < text.count else { throw .unexpectedEnd(offset: start) }
        var tag: JSONNode.Tag
        switch text[start] {
        case ASCII.quotationMark:
            let (end, isEscaped) = try text.endOfString(from: start)
            position = end
            tag = isEscaped ? .escapedString : .string
        case ASCII.beginObject, ASCII.beginArray:
            return try open(text, into: &nodes)
        case ASCII.minus, ASCII.zero...ASCII.nine:
            let (end, isInteger) = try text.endOfNumber(from: start)
            position = end
            tag = isInteger ? .integer : .number
        default:
            let (end, literal) = try text.endOfLiteral(from: start)
            position = end
            tag = literal
        }
        nodes.append(
            JSONNode(
                start: UInt32(truncatingIfNeeded: start),
                end: UInt32(truncatingIfNeeded: position),
                link: UInt32(truncatingIfNeeded: nodes.count + 1), tag: tag))
        return false
    }

    /// Begins an array or object, which is true, or reads an empty one, which is false.
    @inline(__always)
    private mutating func open(
        _ text: Span<UInt8>, into nodes: inout OutputSpan<JSONNode>
    ) throws(JSONViolation) -> Bool {
        let start = position
        guard depth < limits.depth else { throw .tooDeep(offset: start) }
        let isObject = text[start] == ASCII.beginObject
        position = text.endOfWhitespace(from: start + 1)
        guard position < text.count else { throw .unexpectedEnd(offset: position) }
        var node = JSONNode(
            start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: members),
            link: UInt32(truncatingIfNeeded: container), tag: isObject ? .object : .array)
        if text[position] == (isObject ? ASCII.endObject : ASCII.endArray) {
            position += 1
            node.end = UInt32(truncatingIfNeeded: position)
            node.link = UInt32(truncatingIfNeeded: nodes.count + 1)
            nodes.append(node)
            return false
        }
        guard limits.members > 0 else { throw .tooManyMembers(offset: position) }
        container = nodes.count
        nodes.append(node)
        isInObject = isObject
        depth += 1
        members = 0
        return true
    }

    /// Reads what follows a value, up to the beginning of the next.
    ///
    /// True once the text is complete.
    @inline(__always)
    private mutating func scanEnds(
        _ text: Span<UInt8>, in nodes: inout OutputSpan<JSONNode>
    ) throws(JSONViolation) -> Bool {
        while depth > 0 {
            members += 1
            let end = text.endOfWhitespace(from: position)
            guard end < text.count else { throw .unexpectedEnd(offset: end) }
            let endOfContainer = isInObject ? ASCII.endObject : ASCII.endArray
            if text[end] == ASCII.comma {
                position = text.endOfWhitespace(from: end + 1)
                if position < text.count, text[position] == endOfContainer {
                    throw .trailingComma(offset: position)
                }
                guard members < limits.members else { throw .tooManyMembers(offset: position) }
                return false
            }
            guard text[end] == endOfContainer else { throw .separatorExpected(offset: end) }
            position = end + 1
            try close(text, in: &nodes)
        }
        position = text.endOfWhitespace(from: position)
        guard position == text.count else { throw .trailingBytes(offset: position) }
        return true
    }

    /// Ends the innermost container and goes on with the one around it.
    @inline(__always)
    private mutating func close(
        _ text: Span<UInt8>, in nodes: inout OutputSpan<JSONNode>
    ) throws(JSONViolation) {
        if isInObject, members > 1 {
            try nodes.span.checkUniqueNames(of: container, count: members, in: text)
        }
        var node = nodes[container]
        members = Int(node.end)
        let outer = Int(node.link)
        node.end = UInt32(truncatingIfNeeded: position)
        node.link = UInt32(truncatingIfNeeded: nodes.count)
        nodes[container] = node
        container = outer
        depth -= 1
        isInObject = depth > 0 && nodes[outer].tag == .object
    }
}
