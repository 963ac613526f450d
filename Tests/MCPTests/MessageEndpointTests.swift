import HTTP
import Testing

@testable import MCP

@Suite struct MessageEndpointTests {
    private static let upstream = "http://upstream.example:9000/app/sse"

    /// What the upstream may name, and where messages then go.
    private static let accepted: [(String, String)] = [
        ("/messages/?session_id=0a1b", "/messages/?session_id=0a1b"),
        ("/messages", "/messages"), ("messages?sessionId=x", "/app/messages?sessionId=x"),
        ("?sessionId=7f", "/app/sse?sessionId=7f"), ("/", "/"),
        ("http://upstream.example:9000/m?s=1", "/m?s=1"),
        ("HTTP://Upstream.Example:9000/m", "/m"), ("http://upstream.example:9000", "/"),
        ("http://upstream.example:9000?s=1", "/?s=1"),
        ("//upstream.example:9000/m", "/m"),
        ("/m?u=http://evil.example/", "/m?u=http://evil.example/"),
        ("/m?next=../..", "/m?next=../.."), ("/%C3%A9?s=%20", "/%C3%A9?s=%20"),
        ("/...", "/..."), ("/@evil.example/", "/@evil.example/"),
    ]

    @Test(arguments: accepted)
    func `a reference to the stream's own origin is taken`(reference: String, target: String) throws
    {
        let endpoint = try MessageEndpoint(
            reference: Array(reference.utf8), of: AbsoluteURI(parsing: Self.upstream))
        #expect(endpoint.uri.requestTarget == target)
        #expect(endpoint.uri.authority == "upstream.example:9000")
    }

    private static let refused: [(String, EndpointViolation)] = [
        ("", .empty),
        // Another origin.
        ("http://evil.example/m", .foreignOrigin), ("//evil.example/m", .foreignOrigin),
        ("//evil.example:9000/m", .foreignOrigin), ("http://upstream.example/m", .foreignOrigin),
        ("http://upstream.example:80/m", .foreignOrigin),
        ("http://upstream.example:9001/m", .foreignOrigin),
        ("https://upstream.example:9000/m", .foreignOrigin),
        ("https://upstream.example/m", .foreignOrigin),
        ("http://upstream.example.:9000/m", .foreignOrigin),
        ("http://upstream.example.evil.example:9000/m", .foreignOrigin),
        ("http://xupstream.example:9000/m", .foreignOrigin),
        ("http://127.0.0.1:9000/m", .foreignOrigin), ("http://[::1]:9000/m", .foreignOrigin),
        ("//upstream.example/m", .foreignOrigin),
        // User information, which some take for the host, and hosts that some take for another.
        ("http://upstream.example:9000@evil.example/m", .notAReference(.userInformation)),
        ("http://evil.example@upstream.example:9000/m", .notAReference(.userInformation)),
        ("http://u:p@upstream.example:9000/m", .notAReference(.userInformation)),
        ("//@upstream.example:9000/m", .notAReference(.userInformation)),
        ("http://upstream.example:9000\\@evil.example/m", .notAReference(.userInformation)),
        ("http://evil.example\\.upstream.example:9000/m", .notAReference(.hostInvalid)),
        ("http://upstream.example%2fevil.example:9000/m", .notAReference(.hostInvalid)),
        ("http://upstream.ex\u{E4}mple:9000/m", .notAReference(.hostInvalid)),
        ("http://2130706433:9000/m", .notAReference(.hostInvalid)),
        // Ports that some take for the same.
        ("http://upstream.example:09000/m", .notAReference(.portInvalid)),
        ("http://upstream.example:/m", .notAReference(.portInvalid)),
        ("http://upstream.example:75536/m", .notAReference(.portInvalid)),
        // Other schemes, and what browsers take for a relative reference.
        ("javascript:alert(1)", .notAReference(.schemeUnsupported)),
        ("file:///etc/passwd", .notAReference(.schemeUnsupported)),
        ("data:text/plain,x", .notAReference(.schemeUnsupported)),
        ("ws://upstream.example:9000/m", .notAReference(.schemeUnsupported)),
        ("unix:/run/x", .notAReference(.schemeUnsupported)),
        ("http:/m", .notAReference(.authorityMissing)),
        ("http:m", .notAReference(.authorityMissing)),
        ("http:", .notAReference(.authorityMissing)),
        ("http://", .notAReference(.authorityMissing)),
        ("http:///upstream.example:9000/m", .notAReference(.authorityMissing)),
        ("///evil.example/m", .notAReference(.authorityMissing)),
        // Bytes that some drop or turn into a slash.
        ("\\\\evil.example/m", .notAReference(.invalidByte)),
        ("/\\evil.example/m", .notAReference(.invalidByte)),
        ("\\m", .notAReference(.invalidByte)), (" /m", .notAReference(.invalidByte)),
        ("/m ", .notAReference(.invalidByte)), ("\t/m", .notAReference(.invalidByte)),
        ("/m\r\nHost: evil.example", .notAReference(.invalidByte)),
        ("/m\nX: y", .notAReference(.invalidByte)), ("/m\0", .notAReference(.invalidByte)),
        ("/m HTTP/1.1", .notAReference(.invalidByte)),
        ("/\u{E9}", .notAReference(.invalidByte)), ("/\u{2028}", .notAReference(.invalidByte)),
        (#"{"uri":"/m"}"#, .notAReference(.schemeUnsupported)),
        ("/%", .notAReference(.percentEncoding)), ("/%4", .notAReference(.percentEncoding)),
        // Fragments.
        ("/m#f", .notAReference(.fragment)), ("#", .notAReference(.fragment)),
        ("http://upstream.example:9000/#@evil.example", .notAReference(.fragment)),
        // Paths with a second reading.
        ("../m", .notAReference(.pathAmbiguous)), ("./m", .notAReference(.pathAmbiguous)),
        ("/a/../m", .notAReference(.pathAmbiguous)), ("/..", .notAReference(.pathAmbiguous)),
        ("..", .notAReference(.pathAmbiguous)), ("/%2e%2e/m", .notAReference(.pathAmbiguous)),
        ("/.%2E/m", .notAReference(.pathAmbiguous)),
        ("/a%2f..%2fm", .notAReference(.pathAmbiguous)),
        ("/a%5c..%5cm", .notAReference(.pathAmbiguous)), ("/%00", .notAReference(.pathAmbiguous)),
        ("/..;/m", .notAReference(.pathAmbiguous)), ("/a//m", .notAReference(.pathAmbiguous)),
        ("http://upstream.example:9000//evil.example/m", .notAReference(.pathAmbiguous)),
        ("http://upstream.example:9000/a/../m", .notAReference(.pathAmbiguous)),
    ]

    @Test(arguments: refused)
    func `anything else is refused`(reference: String, violation: EndpointViolation) throws {
        let upstream = try AbsoluteURI(parsing: Self.upstream)
        #expect(throws: violation) {
            try MessageEndpoint(reference: Array(reference.utf8), of: upstream)
        }
    }

    @Test func `bytes that are no text are refused`() throws {
        let upstream = try AbsoluteURI(parsing: Self.upstream)
        #expect(throws: EndpointViolation.notAReference(.invalidByte)) {
            try MessageEndpoint(reference: [0x2F, 0xFF, 0xFE], of: upstream)
        }
    }

    @Test func `the scheme's own port may be written or not`() throws {
        for (upstream, reference) in [
            ("http://a/sse", "http://a:80/m"), ("http://a:80/sse", "http://a/m"),
            ("https://a/sse", "https://a:443/m"), ("https://a:443/sse", "//a/m"),
        ] {
            let endpoint = try MessageEndpoint(
                reference: Array(reference.utf8), of: AbsoluteURI(parsing: upstream))
            #expect(endpoint.uri.requestTarget == "/m")
        }
        #expect(throws: EndpointViolation.foreignOrigin) {
            try MessageEndpoint(
                reference: Array("http://a:443/m".utf8), of: AbsoluteURI(parsing: "https://a/sse"))
        }
    }

    @Test func `an endpoint has a longest length, resolved too`() throws {
        let upstream = try AbsoluteURI(parsing: Self.upstream)
        let limit = MessageEndpoint.lengthLimit
        let prefix = "http://upstream.example:9000/"
        let longest = prefix + String(repeating: "m", count: limit - prefix.utf8.count)
        #expect(
            try MessageEndpoint(reference: Array(longest.utf8), of: upstream).uri.description
                == longest)
        for text in [longest + "m", "/" + String(repeating: "m", count: limit - 1)] {
            #expect(throws: EndpointViolation.tooLong(limit: limit)) {
                try MessageEndpoint(reference: Array(text.utf8), of: upstream)
            }
        }
    }

    @Test(arguments: [
        ("event: endpoint\ndata: /m?s=1\n\n", "/m?s=1"),
        ("event:endpoint\rdata:/m?s=1\r\r", "/m?s=1"),
        ("id: 1\r\nretry: 5\r\ndata: /m?s=1\r\nevent: endpoint\r\n\r\n", "/m?s=1"),
        ("event: message\nevent: endpoint\ndata: /m\n\n", "/m"),
        (": ping\n\n", nil), ("retry: 5\n\n", nil), ("id: 1\n\n", nil), ("\n", nil),
        ("event: ping\n\n", nil),
    ])
    func `the first event that says something names the endpoint`(
        text: String, target: String?
    ) throws {
        let endpoint = try MessageEndpoint(
            opening: Self.event(text), of: AbsoluteURI(parsing: Self.upstream))
        #expect(endpoint?.uri.requestTarget == target)
    }

    @Test(arguments: [
        ("data: {}\n\n", EndpointViolation.eventMissing), ("data: /m\n\n", .eventMissing),
        ("data:\n\n", .eventMissing), ("event: message\ndata: /m\n\n", .eventMissing),
        ("event: Endpoint\ndata: /m\n\n", .eventMissing),
        ("event: endpoint \ndata: /m\n\n", .eventMissing),
        ("event: endpoint\nevent: message\ndata: /m\n\n", .eventMissing),
        ("event: endpoint\nevent\ndata: /m\n\n", .eventMissing),
        ("event: endpoint\n\n", .empty), ("event: endpoint\ndata\n\n", .empty),
        ("event: endpoint\ndata: /m\ndata: x\n\n", .notAReference(.invalidByte)),
        ("event: endpoint\ndata:\ndata: /m\n\n", .notAReference(.invalidByte)),
        ("event: endpoint\ndata: http://evil.example/\n\n", .foreignOrigin),
    ])
    func `a stream that begins otherwise is refused`(
        text: String, violation: EndpointViolation
    ) throws {
        let event = try Self.event(text)
        let upstream = try AbsoluteURI(parsing: Self.upstream)
        #expect(throws: violation) { try MessageEndpoint(opening: event, of: upstream) }
    }

    @Test func `every violation is provoked`() {
        let limit = MessageEndpoint.lengthLimit
        let all: [EndpointViolation] = [
            .eventMissing, .eventRepeated, .empty, .tooLong(limit: limit),
            .notAReference(.fragment), .foreignOrigin,
        ]
        #expect(Set(all.map(\.description)).count == all.count)
    }

    @Test(arguments: [
        ("data: {}\n\n", true), ("event: message\ndata: {}\n\n", true), (": ping\n\n", true),
        ("event: ping\ndata: 1\n\n", false), ("event: Message\ndata: {}\n\n", false),
        ("event: ping\n\n", false), ("event: endpoints\ndata: /m\n\n", false),
    ])
    func `only events called message carry one`(text: String, carries: Bool) throws {
        #expect(try Self.event(text).carriesMessage() == carries)
    }

    @Test(arguments: [
        "event: endpoint\ndata: /m\n\n", "event: endpoint\n\n", "data: {}\nevent: endpoint\n\n",
        "event: message\nevent: endpoint\ndata: {}\n\n",
    ])
    func `an endpoint on an open stream is refused`(text: String) throws {
        let event = try Self.event(text)
        #expect(throws: EndpointViolation.eventRepeated) { try event.carriesMessage() }
    }

    @Test func `an endpoint is written as one event`() {
        #expect(
            EventStreamEvent.endpoint(Array("/a?b=c".utf8))
                == Array("event: endpoint\ndata: /a?b=c\n\n".utf8))
    }

    private static func event(_ text: String) throws -> EventStreamEvent {
        try #require(try events([Array(text.utf8)]).events.first)
    }
}
