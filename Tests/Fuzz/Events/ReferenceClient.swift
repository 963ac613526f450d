/// A client that reads a stream of server-sent events to the letter (WHATWG HTML §9.2.6), once all
/// of it is there.
struct ReferenceClient {
    /// What a client hands to the page.
    struct Message: Equatable {
        var data: [UInt8]
        var event: [UInt8]
        var lastID: [UInt8]
    }

    private(set) var messages: [Message] = []
    private(set) var retry: Int?
    private var data: [UInt8] = []
    private var event: [UInt8] = []
    private var lastID: [UInt8] = []

    /// Reads a stream; what has no blank line behind it is dropped.
    init(_ stream: some Collection<UInt8>) {
        let stream = Array(stream)
        var rest = stream.starts(with: [0xEF, 0xBB, 0xBF]) ? stream[3...] : stream[...]
        while let end = rest.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) {
            line(rest[..<end])
            let isPair = rest[end] == 0x0D && end + 1 < rest.endIndex && rest[end + 1] == 0x0A
            rest = rest[(end + (isPair ? 2 : 1))...]
        }
    }

    private mutating func line(_ line: ArraySlice<UInt8>) {
        guard !line.isEmpty else { return dispatch() }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        var value = line[colon...].dropFirst()
        if value.first == UInt8(ascii: " ") { value.removeFirst() }
        switch String(decoding: line[..<colon], as: UTF8.self) {
        case "event": event = Array(value)
        case "data": data += value + [0x0A]
        case "id": if !value.contains(0) { lastID = Array(value) }
        case "retry":
            if !value.isEmpty, value.allSatisfy({ 0x30...0x39 ~= $0 }),
                let number = Int(String(decoding: value, as: UTF8.self))
            {
                retry = number
            }
        default: break
        }
    }

    private mutating func dispatch() {
        defer {
            data = []
            event = []
        }
        guard !data.isEmpty else { return }
        messages.append(Message(data: data.dropLast(), event: event, lastID: lastID))
    }
}
