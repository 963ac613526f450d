import JSON

/// Reads one message member by member; what was read so far is there when it stops.
struct MessageReader {
    let document: JSONDocument
    let sender: MessageSender
    /// The document's bytes, taken once.
    let bytes: [UInt8]
    private(set) var id: JSONValue?
    private(set) var method: JSONValue?
    private(set) var params: JSONValue?
    private(set) var result: JSONValue?
    private(set) var error: JSONValue?
    private(set) var knownMethod: MCPMethod?
    private(set) var methodName: ArraySlice<UInt8> = []
    var target = MessageTarget.none
    var arguments: JSONValue?
    var metadata = MessageMetadata()
    private var version: JSONValue?
    private var hasTwin = false

    /// The members of a message.
    private enum Member: String, CaseIterable {
        case jsonrpc, id, method, params, result, error
    }

    private static let members = MemberNames<Member>()

    /// A reader that has read nothing of `document`.
    init(document: JSONDocument, sender: MessageSender) {
        self.document = document
        self.sender = sender
        bytes = document.bytes
    }

    /// The id, if it is one and no other member could be taken for it.
    var plainID: JSONValue? {
        guard !hasTwin, let id, (try? messageID(id)) != nil else { return nil }
        return id
    }

    /// Reads the whole message.
    ///
    /// - Throws: the first deviation.
    mutating func readMessage() throws(MessageViolation) -> Message.Kind {
        switch document.root.kind {
        case .object: break
        // MCP 2025-06-18 and later know no batches, and in 2025-03-26 nobody sends them: a second
        // element is the classic way past a check.
        case .array: throw .array
        case .string, .number, .true, .false, .null: throw .notObject
        }
        try readMembers()
        guard let version else { throw .versionMissing }
        guard version.isString("2.0") else { throw .versionNotTwo }
        guard method != nil else { return try response() }
        if result != nil { throw .methodBesideResult }
        if error != nil { throw .methodBesideError }
        return try call()
    }

    private mutating func readMembers() throws(MessageViolation) {
        let text = bytes
        do throws(MessageViolation) {
            try Self.members.read(document.root, in: text.span, twin: .memberTwin) {
                key, value throws(MessageViolation) in
                switch key {
                case .jsonrpc: version = value
                case .id: id = value
                case .method: method = value
                case .params: params = value
                case .result: result = value
                case .error: error = value
                }
            }
        } catch {
            hasTwin = true
            throw error
        }
    }

    /// A request or notification (JSON-RPC 2.0 §4).
    private mutating func call() throws(MessageViolation) -> Message.Kind {
        guard let name = method?.utf8 else { throw .methodNotString }
        let method = MCPMethod(utf8: name)
        methodName = name
        knownMethod = method
        let kind: Message.Kind
        if let id { kind = .request(try messageID(id)) } else { kind = .notification }
        if let params, params.kind != .object { throw .paramsNotObject }
        if sender == .client { try checkID(of: method) }
        try readParams(of: method)
        return kind
    }

    /// A call that runs a tool must not pass as a notification, nor the reverse.
    private func checkID(of method: MCPMethod) throws(MessageViolation) {
        if methodName.span.begins(with: "notifications/") {
            if id != nil { throw .notificationWithID }
        } else if id == nil {
            if case .other = method { return }
            throw .requestWithoutID
        }
    }

    /// A response (JSON-RPC 2.0 §5).
    private func response() throws(MessageViolation) -> Message.Kind {
        if result != nil, error != nil { throw .resultBesideError }
        if let result, result.kind != .object { throw .resultNotObject }
        if let error, error.kind != .object { throw .errorNotObject }
        if result == nil, error == nil { throw .methodMissing }
        // JSON-RPC 2.0 §5: an error to a request whose id could not be read has the id null.
        if sender == .server, error != nil, id.map({ $0.kind == .null }) ?? true {
            return .response(.null)
        }
        guard let id else { throw .responseWithoutID }
        return .response(try messageID(id))
    }

    /// MCP basic: an id is a string or an integer, and never null.
    func messageID(_ value: JSONValue) throws(MessageViolation) -> MessageID {
        switch value.kind {
        case .string:
            return .string(value.string ?? "")
        case .number:
            guard let integer = value.integer else { throw .idNotInteger }
            return .integer(integer)
        case .null: throw .idNull
        case .object, .array, .true, .false: throw .idWrongKind
        }
    }
}
