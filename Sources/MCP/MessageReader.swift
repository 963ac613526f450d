import JSON

/// Reads one message member by member; what was read so far is there when it stops.
struct MessageReader {
    let document: JSONDocument
    let sender: MessageSender
    private(set) var members = MessageMembers()
    private(set) var knownMethod: MCPMethod?
    var target = MessageTarget.none
    /// `params.arguments`, an object.
    var arguments: JSONPosition?
    var metadata = MessageMetadata.Places()
    private var hasTwin = false

    /// The members of a message.
    private enum Member: String, CaseIterable {
        case jsonrpc, id, method, params, result, error
    }

    private static let names = MemberNames<Member>()

    /// A reader that has read nothing of `document`.
    init(document: JSONDocument, sender: MessageSender) {
        self.document = document
        self.sender = sender
    }

    /// The id, if it is one and no other member could be taken for it.
    var plainID: JSONPosition? {
        guard !hasTwin, let id = members.id, (try? messageID(id)) != nil else { return nil }
        return id
    }

    /// Reads the whole message.
    ///
    /// - Throws: the first deviation.
    mutating func readMessage() throws(MessageViolation) -> Message.Kind {
        switch document.kind(at: document.rootPosition) {
        case .object: break
        // MCP 2025-06-18 and later know no batches, and in 2025-03-26 nobody sends them: a second
        // element is the classic way past a check.
        case .array: throw .array
        case .string, .number, .true, .false, .null: throw .notObject
        }
        try readMembers()
        guard let version = members.version else { throw .versionMissing }
        guard document.isString("2.0", at: version) else { throw .versionNotTwo }
        guard let method = members.method else { return try response() }
        if members.result != nil { throw .methodBesideResult }
        if members.error != nil { throw .methodBesideError }
        return try call(method)
    }

    private mutating func readMembers() throws(MessageViolation) {
        var found = MessageMembers()
        do throws(MessageViolation) {
            try Self.names.read(document.rootPosition, of: document, twin: .memberTwin) {
                key, value throws(MessageViolation) in
                switch key {
                case .jsonrpc: found.version = value
                case .id: found.id = value
                case .method: found.method = value
                case .params: found.params = value
                case .result: found.result = value
                case .error: found.error = value
                }
            }
        } catch {
            hasTwin = true
            throw error
        }
        members = found
    }

    /// A request or notification (JSON-RPC 2.0 §4).
    private mutating func call(_ position: JSONPosition) throws(MessageViolation) -> Message.Kind {
        guard let name = document.utf8(at: position) else { throw .methodNotString }
        let method = MCPMethod(utf8: name)
        knownMethod = method
        let kind: Message.Kind
        if let id = members.id { kind = .request(try messageID(id)) } else { kind = .notification }
        if let params = members.params, document.kind(at: params) != .object {
            throw .paramsNotObject
        }
        if sender == .client { try checkID(of: method, name.span) }
        try readParams(of: method)
        return kind
    }

    /// A call that runs a tool must not pass as a notification, nor the reverse.
    private func checkID(
        of method: MCPMethod, _ name: Span<UInt8>
    ) throws(MessageViolation) {
        if name.begins(with: "notifications/") {
            if members.id != nil { throw .notificationWithID }
        } else if members.id == nil {
            if case .other = method { return }
            throw .requestWithoutID
        }
    }

    /// A response (JSON-RPC 2.0 §5).
    private func response() throws(MessageViolation) -> Message.Kind {
        let (result, error) = (members.result, members.error)
        if result != nil, error != nil { throw .resultBesideError }
        if let result, document.kind(at: result) != .object { throw .resultNotObject }
        if let error, document.kind(at: error) != .object { throw .errorNotObject }
        if result == nil, error == nil { throw .methodMissing }
        // JSON-RPC 2.0 §5: an error to a request whose id could not be read has the id null.
        if sender == .server, error != nil,
            members.id.map({ document.kind(at: $0) == .null }) ?? true
        {
            return .response(.null)
        }
        guard let id = members.id else { throw .responseWithoutID }
        return .response(try messageID(id))
    }

    /// MCP basic: an id is a string or an integer, and never null.
    private func messageID(_ position: JSONPosition) throws(MessageViolation) -> MessageID {
        switch document.kind(at: position) {
        case .string:
            return .string(document.value(at: position).string ?? "")
        case .number:
            guard let integer = document.integer(at: position) else { throw .idNotInteger }
            return .integer(integer)
        case .null: throw .idNull
        case .object, .array, .true, .false: throw .idWrongKind
        }
    }
}
