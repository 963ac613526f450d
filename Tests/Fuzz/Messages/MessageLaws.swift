import FuzzSupport
import HTTP
import JSON
import MCP

/// What must hold of a message of a client, and of the fields beside it.
struct MessageLaws {
    let body: [UInt8]
    let fields: Fields

    func check() {
        do throws(MalformedMessage) {
            let message = try Message(parsing: body)
            require(message.document.bytes == body, "what is judged is what came")
            checkNames(message)
            checkTarget(message)
            checkAgreement(message)
        } catch {
            guard let id = error.id else { return }
            let document = try? JSONDocument(parsing: id)
            let kind = document?.root.kind
            require(kind == .string || kind == .number, "an id to answer with is an id")
        }
    }

    /// Nothing that is read could be read otherwise.
    private func checkNames(_ message: Message) {
        let root = message.document.root
        require(root.kind == .object, "a message is an object")
        require(
            PlainReader.exact("jsonrpc", of: root)?.isString("2.0") == true, "it is JSON-RPC 2.0")
        for name in ["jsonrpc", "id", "method", "params", "result", "error"] {
            let count = PlainReader.candidates(name, of: root).count
            require(count == (PlainReader.exact(name, of: root) == nil ? 0 : 1), "\(name) is one")
        }
        let id = PlainReader.exact("id", of: root)
        require(message.idBytes.map { Array($0) } == id.map { Array($0.rawBytes) }, "so is its id")
        switch message.kind {
        case .request(.string(let text)), .response(.string(let text)):
            require(id?.string?.utf8.elementsEqual(text.utf8) == true, "a text is this text")
        case .request(.integer(let number)), .response(.integer(let number)):
            require(id?.integer == number, "a number is this number")
        case .request(.null), .response(.null): require(false, "a client's id is not null")
        case .notification: require(id == nil, "a notification has no id")
        }
        guard let params = message.params, message.method?.requirement != .methodScope else {
            return
        }
        for name in ["name", "uri", "ref", "arguments", "taskId", "notifications", "_meta"] {
            let count = PlainReader.candidates(name, of: params).count
            require(count == (PlainReader.exact(name, of: params) == nil ? 0 : 1), "\(name) is one")
        }
    }

    /// What is judged is what the server will read.
    private func checkTarget(_ message: Message) {
        let root = message.document.root
        let method = PlainReader.exact("method", of: root)
        require((message.method == nil) == (method == nil), "a method is read or missing")
        require(Array(message.methodName) == method?.stringBytes ?? [], "it is the method")
        if let known = message.method, let method {
            require(Array(known.name.utf8) == method.stringBytes, "it has its name")
        }
        func param(_ name: String) -> [UInt8]? {
            message.params.flatMap { PlainReader.exact(name, of: $0)?.stringBytes }
        }
        switch message.target {
        case .tool(let name):
            require(message.method == .toolsCall && param("name") == Array(name), "of this tool")
        case .prompt(let name):
            require(message.method == .promptsGet && param("name") == Array(name), "of this prompt")
        case .resource(let uri): require(param("uri") == Array(uri), "of this resource")
        case .task(let id): require(param("taskId") == Array(id), "of this task")
        case .completionOfPrompt, .completionOfResource:
            require(message.method == .completionComplete, "of what is completed")
        case .subscription: require(message.method == .subscriptionsListen, "of what is heard")
        case .none:
            let named: [MCPMethod] = [
                .toolsCall, .promptsGet, .resourcesRead, .resourcesSubscribe, .completionComplete,
                .subscriptionsListen, .tasksGet, .tasksCancel,
            ]
            require(message.method.map { !named.contains($0) } ?? true, "what is named is read")
        }
        if let arguments = message.arguments {
            let found = message.params.flatMap { PlainReader.exact("arguments", of: $0) }
            require(found?.range == arguments.range, "with these arguments")
        }
    }

    /// Fields that were let through say what the body says.
    private func checkAgreement(_ message: Message) {
        guard let agreement = try? RequestHeaderAgreement(of: fields, with: message) else { return }
        for name: FieldName in [.mcpProtocolVersion, .mcpMethod, .mcpName] {
            require(fields.count(of: name) < 2, "a field that is read is one")
        }
        if let version = fields[.mcpProtocolVersion] {
            require(agreement.revision.rawValue == version, "the revision is that of the field")
        }
        if let field = fields.bytes(of: .mcpMethod) {
            require(Self.isSpelling(field, of: message.methodName), "the field names the method")
        }
        let name = message.params.flatMap { params in
            PlainReader.exact("name", of: params) ?? PlainReader.exact("uri", of: params)
        }
        switch message.target {
        case .tool, .prompt, .resource:
            guard let field = fields.bytes(of: .mcpName) else { break }
            if case .other = message.method { break }
            let isResource = if case .resource = message.target { true } else { false }
            let named =
                isResource ? message.params.flatMap { PlainReader.exact("uri", of: $0) } : name
            require(Self.isSpelling(field, of: named?.utf8 ?? []), "the field names the target")
        case .none, .completionOfPrompt, .completionOfResource, .task, .subscription: break
        }
        guard agreement.revision.era == .modern, case .request = message.kind else { return }
        let version = message.metadata.protocolVersion
        require(version == agreement.revision.rawValue, "the body names its revision")
        require(fields.contains(.mcpMethod), "the field that names the method is there")
        let isNamed = [.toolsCall, .promptsGet, .resourcesRead].contains(message.method)
        require(!isNamed || fields.contains(.mcpName), "the field that names the target is there")
    }

    /// Whether a field's value stands for a text: itself, or in base64.
    private static func isSpelling(_ value: ArraySlice<UInt8>, of text: ArraySlice<UInt8>) -> Bool {
        value == text || value.elementsEqual("=?base64?\(base64(text))?=".utf8)
    }

    private static func base64(_ bytes: ArraySlice<UInt8>) -> String {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var bits = bytes.flatMap { byte in (0..<8).map { byte >> (7 - UInt8($0)) & 1 } }
        while bits.count % 6 != 0 { bits.append(0) }
        var text = ""
        for start in stride(from: 0, to: bits.count, by: 6) {
            text.append(letters[bits[start..<(start + 6)].reduce(0) { $0 << 1 | Int($1) }])
        }
        while text.count % 4 != 0 { text.append("=") }
        return text
    }
}
