import HTTP
import Testing

@Suite struct FieldsTests {
    private func head(_ fields: String, version: String = "1.1") throws -> RequestHead {
        var decoder = RequestDecoder()
        var offset = 0
        let bytes = latin1("POST /a/b?c=d?e HTTP/\(version)\r\nHost: a\r\n\(fields)\r\n")
        guard case .head(let head) = try decoder.next(bytes.span, &offset) else {
            throw RequestViolation.requestLineIncomplete
        }
        return head
    }

    @Test(arguments: [
        ("Host: b/c\r\n", "invalid"), ("Host:\r\n", "invalid"),
        ("Host: b\r\nHost: b\r\n", "repeated"), ("", "missing"),
        ("Host: b\r\n", "b"), ("Host: b.c\r\n", "b.c"), ("Host: c\r\n", "c"),
    ])
    func `a valid Host of one request says nothing about the next`(
        fields: String, expected: String
    ) throws {
        var decoder = RequestDecoder()
        let first = latin1("GET / HTTP/1.1\r\nHost: b\r\n\r\n")
        for _ in 0..<2 {
            var offset = 0
            guard case .head(let head) = try decoder.next(first.span, &offset) else {
                Issue.record("no head")
                return
            }
            #expect(head.host == "b")
            _ = try decoder.next(first.span, &offset)
        }
        let second = latin1("GET / HTTP/1.1\r\n\(fields)\r\n")
        var offset = 0
        do {
            guard case .head(let head) = try decoder.next(second.span, &offset) else { return }
            #expect(head.host == expected)
        } catch {
            #expect("\(error)" == "Host is \(expected)")
        }
    }

    @Test func `one field line is told from none and from several`() throws {
        let fields = try head("A: 1\r\nAccept: x*y\r\nVia: 1\r\nVia: 2\r\n").fields
        #expect(fields.has(.accept) && fields.hasOne(.accept))
        #expect(fields.has(.via) && !fields.hasOne(.via))
        #expect(!fields.has(.origin) && !fields.hasOne(.origin))
        #expect(fields.withOnly(.accept) { $0.count == 3 && $0.holds(0x2A) && !$0.holds(0x3B) })
        #expect(!fields.withOnly(.accept) { _ in false })
        #expect(!fields.withOnly(.via) { _ in true })
        #expect(!fields.withOnly(.origin) { _ in true })
    }

    @Test func `field lines are written as they came`() throws {
        let fields = try head("a-B:  1\t2 \r\nAccept: x\r\nvIA: 1\r\n").fields
        var bytes: [UInt8] = []
        fields.appendLines(to: &bytes) { $0.known != .accept && $0.known != .host }
        #expect(String(decoding: bytes, as: UTF8.self) == "a-B: 1\t2\r\nvIA: 1\r\n")
    }

    @Test(arguments: WellKnownField.allCases)
    func `each well-known name is found in any case and under its own bit`(field: WellKnownField) {
        let spelling = "\(field.spelling)"
        #expect(FieldName(spelling).known == field)
        #expect(FieldName(spelling.uppercased()).known == field)
        #expect(FieldName(spelling + "x").known == nil)
        #expect(FieldName(String(spelling.dropLast()) + "~").known == nil)
        #expect(field.rawValue < 63)
        #expect(FieldName(field).description == spelling)
    }

    @Test func `names are compared without regard to case and keep their bytes`() throws {
        let head = try head("aCCept: b\r\nX-One: 1\r\nx-oNE: 2\r\n")
        #expect(head.fields[.accept] == "b")
        #expect(head.fields["x-one"] == "1")
        #expect(head.fields["X-ONE"] == "1")
        #expect(head.fields.count(of: "x-One") == 2)
        #expect(head.fields.values(of: "x-one") == ["1", "2"])
        #expect(
            head.fields.map { String(decoding: $0.name, as: UTF8.self) }.suffix(2) == [
                "X-One", "x-oNE",
            ])
        #expect(head.fields["x-two"] == nil && head.fields.count(of: "x-two") == 0)
        #expect(head.fields.map(\.known) == [.host, .accept, nil, nil])
    }

    @Test func `repeated singletons of MCP are counted`() throws {
        let head = try head("Mcp-Method: a\r\nmcp-method: b\r\nMcp-Name: c\r\n")
        #expect(head.fields.count(of: .mcpMethod) == 2)
        #expect(head.fields.count(of: .mcpName) == 1)
        #expect(head.fields.count(of: .mcpSessionID) == 0)
        #expect(head.fields.bytes(of: .mcpMethod).map(Array.init) == latin1("a"))
    }

    @Test func `fields of our own making are found like read ones`() {
        var fields = Fields()
        fields.append(.accept, "a")
        fields.append("X-Own", "b")
        fields.append(.accept, "c")
        #expect(fields.values(of: .accept) == ["a", "c"])
        #expect(fields.count(of: .accept) == 2)
        #expect(fields["x-own"] == "b")
        #expect(fields.count == 3)
    }

    @Test func `members of lists are found over all lines`() throws {
        let head = try head("Connection: a, ,B\r\nConnection: \tclose\r\n")
        var members: [String] = []
        head.fields.forEachListMember(of: .connection) {
            members.append(String(decoding: $0, as: UTF8.self))
        }
        #expect(members == ["a", "B", "close"])
        #expect(head.fields.listContains(.connection, "b"))
        #expect(!head.fields.listContains(.connection, "clos"))
        #expect(!head.persistent)
    }

    @Test(arguments: [
        ("1.1", "", true), ("1.1", "Connection: close\r\n", false),
        ("1.1", "Connection: closed\r\n", true), ("1.0", "", false),
        ("1.0", "Connection: Keep-Alive\r\n", true),
        ("1.0", "Connection: keep-alive, close\r\n", false),
    ])
    func `persistence follows from version and option`(
        version: String, fields: String, persistent: Bool
    ) throws {
        #expect(try head(fields, version: version).persistent == persistent)
    }

    @Test(arguments: [
        ("1.1", "Content-Length: 3\r\n", true), ("1.1", "Transfer-Encoding: chunked\r\n", true),
        ("1.1", "Content-Length: 0\r\n", false), ("1.1", "", false),
        ("1.0", "Content-Length: 3\r\n", false),
    ])
    func `100 is waited for only where content follows`(
        version: String, framing: String, expected: Bool
    ) throws {
        let head = try head("Expect: 100-continue\r\n" + framing, version: version)
        #expect(head.expectsContinue == expected)
    }

    @Test func `path and query are told apart at the first question mark`() throws {
        let head = try head("")
        #expect(head.target == "/a/b?c=d?e")
        #expect(head.path == "/a/b")
        #expect(head.query == "c=d?e")
        #expect(head.requestTarget == RequestTarget("/a/b?c=d?e"))
        #expect(head.host == "a")
        #expect(head.method == .post)
    }

    @Test(arguments: [
        "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "get", "X",
    ])
    func `methods keep their spelling`(name: String) throws {
        var decoder = RequestDecoder()
        var offset = 0
        let bytes = latin1("\(name) / HTTP/1.1\r\nHost: a\r\n\r\n")
        guard case .head(let head) = try decoder.next(bytes.span, &offset) else {
            Issue.record("no head")
            return
        }
        #expect(head.method.name == name)
        #expect((head.method == .other(name)) == ["get", "X"].contains(name))
    }

    @Test func `memory given by pointer is read like any other`() throws {
        var decoder = RequestDecoder()
        var offset = 0
        let bytes = latin1("GET /p HTTP/1.1\r\nHost: a\r\n\r\n")
        let event = unsafe try bytes.withUnsafeBytes { unsafe try decoder.next($0, &offset) }
        guard case .head(let head) = event else {
            Issue.record("no head")
            return
        }
        #expect(head.path == "/p" && offset == bytes.count)
    }
}
