import AuthorizationServer
import HTTP
import HTTPClient
import Synchronization

/// The web as far as documents of clients are concerned: what a test puts there, and what was asked.
final class DocumentHost: OutboundClient {
    /// What is answered at a URL.
    struct Answer: Sendable {
        var status = 200
        var type: String? = "application/json"
        var fields: [(String, String)] = []
        var body = ""
        var failure: OutboundFailure.Kind?
    }

    private struct State: Sendable {
        var answers: [String: Answer] = [:]
        var requests: [OutboundRequest] = []
        var isHeld = false
        var held: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// The URLs that were asked for, in order.
    var requests: [OutboundRequest] { state.withLock { $0.requests } }

    func put(_ answer: Answer?, at url: String) { state.withLock { $0.answers[url] = answer } }

    /// Puts a document there that is good for some seconds.
    func put(_ body: String, at url: String, seconds: Int = 3600) {
        put(Answer(fields: [("Cache-Control", "max-age=\(seconds)")], body: body), at: url)
    }

    /// Lets answers wait until ``release()``.
    func hold() { state.withLock { $0.isHeld = true } }

    func release() {
        let held = state.withLock { state in
            state.isHeld = false
            defer { state.held = [] }
            return state.held
        }
        for continuation in held { continuation.resume() }
    }

    func send(_ request: OutboundRequest) async throws(OutboundFailure) -> OutboundResponse {
        await withCheckedContinuation { continuation in
            let goesOn = state.withLock { state in
                state.requests.append(request)
                if state.isHeld { state.held.append(continuation) }
                return !state.isHeld
            }
            if goesOn { continuation.resume() }
        }
        let found = state.withLock { $0.answers[request.url.description] }
        guard let answer = found else { throw OutboundFailure(.unreachable, "nothing is there") }
        if let failure = answer.failure { throw OutboundFailure(failure, "as the test wants it") }
        guard answer.body.utf8.count <= request.contentLimit else {
            throw OutboundFailure(.tooLarge, "more than \(request.contentLimit) bytes")
        }
        var fields = Fields()
        if let type = answer.type { fields.append(.contentType, type) }
        for (name, value) in answer.fields { fields.append(FieldName(name), value) }
        return OutboundResponse(
            status: answer.status, fields: fields, content: Array(answer.body.utf8))
    }
}

/// A document as a client really publishes it, and what it comes to.
struct RealDocument: Sendable {
    let url: String
    let body: String
    let name: String
    let kept: [String]
    var method = "none"
    var isAlsoPublic = true
    var keysURL: String?

    static let all = [
        RealDocument(
            url: "https://claude.ai/oauth/claude-code-client-metadata",
            body: """
                {"client_id":"https://claude.ai/oauth/claude-code-client-metadata",\
                "client_name":"Claude Code","client_uri":"https://claude.ai",\
                "redirect_uris":["http://localhost/callback","http://127.0.0.1/callback"],\
                "grant_types":["authorization_code","refresh_token"],"response_types":["code"],\
                "token_endpoint_auth_method":"none"}
                """,
            name: "Claude Code", kept: ["http://localhost/callback", "http://127.0.0.1/callback"]),
        RealDocument(
            url: "https://vscode.dev/oauth/client-metadata.json",
            body: """
                {"client_id":"https://vscode.dev/oauth/client-metadata.json",\
                "client_name":"Visual Studio Code","client_uri":"https://vscode.dev/product",\
                "grant_types":["authorization_code","refresh_token",\
                "urn:ietf:params:oauth:grant-type:device_code"],"response_types":["code"],\
                "redirect_uris":["http://127.0.0.1:33418/","https://vscode.dev/redirect",\
                "http://127.0.0.1/","https://insiders.vscode.dev/redirect"],\
                "token_endpoint_auth_method":"none","application_type":"native"}
                """,
            name: "Visual Studio Code",
            kept: [
                "http://127.0.0.1:33418/", "https://vscode.dev/redirect", "http://127.0.0.1/",
                "https://insiders.vscode.dev/redirect",
            ]),
        RealDocument(
            url: "https://goose-docs.ai/oauth/client-metadata.json",
            body: """
                {"client_id":"https://goose-docs.ai/oauth/client-metadata.json",\
                "client_name":"goose","redirect_uris":["http://127.0.0.1/oauth_callback"],\
                "grant_types":["authorization_code","refresh_token"],"response_types":["code"],\
                "token_endpoint_auth_method":"none"}
                """,
            name: "goose", kept: ["http://127.0.0.1/oauth_callback"]),
        RealDocument(
            url: "https://chatgpt.com/oauth/abc123/client.json",
            body: """
                {"client_id":"https://chatgpt.com/oauth/abc123/client.json","client_name":"ChatGPT",\
                "redirect_uris":["https://chatgpt.com/connector/oauth/abc123"],\
                "grant_types":["authorization_code","refresh_token"],"response_types":["code"],\
                "token_endpoint_auth_method":"private_key_jwt",\
                "token_endpoint_auth_methods_supported":["none","private_key_jwt"],\
                "token_endpoint_auth_signing_alg":"RS256",\
                "jwks_uri":"https://chatgpt.com/oauth/jwks.json"}
                """,
            name: "ChatGPT", kept: ["https://chatgpt.com/connector/oauth/abc123"],
            method: "private_key_jwt", keysURL: "https://chatgpt.com/oauth/jwks.json"),
        RealDocument(
            url: "https://chatgpt.com/oauth/client.json",
            body: """
                {"client_id":"https://chatgpt.com/oauth/client.json","client_name":"ChatGPT",\
                "redirect_uris":["https://chatgpt.com/connector_platform_oauth_redirect",\
                "https://chatgpt.example/elsewhere"],\
                "token_endpoint_auth_method":"private_key_jwt",\
                "jwks_uri":"https://chatgpt.com/oauth/jwks.json"}
                """,
            name: "ChatGPT", kept: ["https://chatgpt.com/connector_platform_oauth_redirect"],
            method: "private_key_jwt", isAlsoPublic: false,
            keysURL: "https://chatgpt.com/oauth/jwks.json"),
        // The Inspector takes the URL of a document that its user has put somewhere; no method is
        // said.
        RealDocument(
            url: "https://dev.example.com:8443/inspector.json?v=2",
            body: """
                {"client_id":"https://dev.example.com:8443/inspector.json?v=2",\
                "client_name":"MCP Inspector","redirect_uris":["http://localhost:6274/oauth/callback"]}
                """,
            name: "MCP Inspector", kept: ["http://localhost:6274/oauth/callback"]),
    ]

    static let domains = [
        "claude.ai", "vscode.dev", "goose-docs.ai", "chatgpt.com", "dev.example.com:8443",
    ]

    /// A document of one's own.
    static func body(
        at url: String, name: String = "Tool", uris: [String] = ["http://127.0.0.1/callback"],
        members: String = ""
    ) -> String {
        let uris = uris.map { "\"\($0)\"" }.joined(separator: ",")
        let more = members.isEmpty ? "" : "," + members
        return
            #"{"client_id":"\#(url)","client_name":"\#(name)","redirect_uris":[\#(uris)]\#(more)}"#
    }
}
