import Cryptography
import Foundation
import HTTP
import OAuth
import Testing

@Suite struct ClientCredentialsTests {
    private typealias Reading = ClientCredentials.Reading

    private func read(
        _ authorization: [String], _ parameters: [(String, String)] = []
    ) throws -> ClientCredentials {
        var fields = Fields()
        for value in authorization { fields.append("Authorization", value) }
        return try ClientCredentials(fields, form(parameters))
    }

    private func basic(_ pair: String) -> String {
        "Basic " + Data(pair.utf8).base64EncodedString()
    }

    private func pairs(_ credentials: ClientCredentials) -> [String] {
        credentials.readings.map { "\($0.clientID)|\($0.secret ?? "nil")" }
    }

    @Test func `the example of RFC 6749 §2.3.1 is read`() throws {
        let credentials = try read(["Basic czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3"])
        #expect(credentials.method == .clientSecretBasic)
        #expect(pairs(credentials) == ["s6BhdRkqt3|7Fjfp0ZBr1KtDRbnfVdmIw"])
    }

    @Test func `the form of RFC 6749 §2.3.1 is read`() throws {
        let credentials = try read(
            [], [("client_id", "s6BhdRkqt3"), ("client_secret", "7Fjfp0ZBr1KtDRbnfVdmIw")])
        #expect(credentials.method == .clientSecretPost)
        #expect(pairs(credentials) == ["s6BhdRkqt3|7Fjfp0ZBr1KtDRbnfVdmIw"])
    }

    @Test(arguments: [[("client_id", "s6")], [("client_id", "s6"), ("client_secret", "")]])
    func `a public client sends its id`(parameters: [(String, String)]) throws {
        let credentials = try read([], parameters)
        #expect(credentials.method == .none)
        #expect(pairs(credentials) == ["s6|nil"])
    }

    @Test(arguments: [
        ("id:a-b_c", ["id|a-b_c"]), ("id:", ["id|"]), ("id:a:b", ["id|a:b"]),
        ("id:a%2Bb", ["id|a+b", "id|a%2Bb"]), ("id:a+b", ["id|a b", "id|a+b"]),
        ("id:a%b", ["id|a%b"]), ("id:%FF", ["id|%FF"]),
        ("https%3A%2F%2Fa.example:s", ["https://a.example|s", "https%3A%2F%2Fa.example|s"]),
        ("id:é", ["id|é"]), ("id:~~~", ["id|~~~"]),
    ])
    func `Basic is read with and without percent-encoding`(
        pair: String, readings: [String]
    ) throws {
        #expect(pairs(try read([basic(pair)])) == readings)
    }

    @Test(arguments: ["basic ", "BASIC ", "Basic  "])
    func `the scheme has no case and any number of spaces`(scheme: String) throws {
        #expect(pairs(try read([scheme + "aWQ6cw=="])) == ["id|s"])
    }

    @Test(arguments: [
        "Basic", "Basic ", "Basic aWQ6cw", "Basic aWQ6cw=", "Basic aWQ6cw===", "Basic aWQ6cx==",
        "Basic aWQ6 cw==", "Basic aWQ6cw== ", "Basic *", "Basic aWQ=", "Basic OnM=", "Basic Og==",
        "Basic aWQ6_w==", "Basic aWQ6fn5-", "Bearer aWQ6cw==", "Basi aWQ6cw==", "Basic2 aWQ6cw==",
        "Basic aWQ6/w==", "Basic aWQ6AA==", "Basic aWQ6Cg==", "Bearer abc",
        "aWQ6cw==", "BasicaWQ6cw==", "Basic\taWQ6cw==", "",
        "Basic " + String(repeating: "YTph", count: 2048),
    ])
    func `another scheme and malformed credentials are no client`(value: String) {
        #expect(refusal { try read([value]) }?.code == .invalidClient)
    }

    @Test func `nothing at all is no client`() {
        #expect(refusal { try read([]) }?.code == .invalidClient)
        #expect(refusal { try read([], [("client_secret", "s")]) }?.code == .invalidClient)
    }

    @Test(arguments: [
        [("client_secret", "s")], [("client_id", "id"), ("client_secret", "s")],
        [("client_assertion", "x")], [("client_assertion_type", "x")], [("client_id", "other")],
        [("client_id", "id"), ("client_id", "id")], [("client_id", "ID")],
    ])
    func `two ways or two ids at once are refused`(parameters: [(String, String)]) {
        #expect(refusal { try read([basic("id:s")], parameters) }?.code == .invalidRequest)
    }

    @Test func `two fields are no client`() {
        #expect(refusal { try read([basic("id:s"), basic("id:s")]) }?.code == .invalidClient)
    }

    @Test func `the id of Basic may be in the form too`() throws {
        let credentials = try read([basic("id:s")], [("client_id", "id")])
        #expect(pairs(credentials) == ["id|s"])
    }

    @Test func `the id in the form says how Basic is meant`() throws {
        let credentials = try read([basic("a%2Bb:s%2B")], [("client_id", "a+b")])
        #expect(pairs(credentials) == ["a+b|s+"])
    }

    @Test(arguments: [
        [("client_assertion", "x"), ("client_assertion_type", "y")],
        [("client_id", "id"), ("client_assertion", "x")], [("client_assertion_type", "y")],
    ])
    func `an assertion of another type, or a type without one, is no client`(
        parameters: [(String, String)]
    ) {
        #expect(refusal { try read([], parameters) }?.code == .invalidClient)
    }

    @Test func `an assertion is read as the client sent it, with or without its id`() throws {
        // RFC 7523 §2.2
        let type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
        let assertion = [("client_assertion_type", type), ("client_assertion", "a.b.c")]
        let bare = try read([], assertion)
        #expect(bare.method == .privateKeyJWT)
        #expect(bare.assertion?.bytes == Array("a.b.c".utf8))
        #expect(bare.readings.isEmpty)
        let named = try read([], assertion + [("client_id", "id")])
        #expect(pairs(named) == ["id|nil"])
        #expect(!"\(named)".contains("a.b.c"))
    }

    @Test func `an assertion and a secret are two ways`() {
        let parameters = [("client_id", "id"), ("client_secret", "s"), ("client_assertion", "x")]
        #expect(refusal { try read([], parameters) }?.code == .invalidRequest)
    }

    @Test(arguments: ["a\n", "é", "\u{0}", String(repeating: "a", count: 2049)])
    func `an id that no client has is no client`(id: String) {
        #expect(refusal { try read([], [("client_id", id)]) }?.code == .invalidClient)
        let encoded = PercentEncoding.encode(id)
        #expect(refusal { try read([basic("\(encoded):s")]) }?.code == .invalidClient)
    }

    @Test func `describing credentials shows no secret`() throws {
        let all = [
            try read([basic("id:hunter2")]),
            try read([], [("client_id", "id"), ("client_secret", "hunter2")]),
        ]
        for credentials in all {
            var dumped = ""
            dump(credentials, to: &dumped)
            for text in ["\(credentials)", String(reflecting: credentials), dumped] {
                #expect(!text.contains("hunter2"))
            }
        }
    }
}
