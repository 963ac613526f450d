import Foundation
import HTTP
import Testing

@testable import AuthorizationServer

/// One browser: a jar of cookies, and the pages that it has seen.
final class ConsentBrowser {
    var fixture: ConsentFixture
    var cookies: [String: String] = [:]
    var now = ConsentFixture.start
    /// What a browser says of where a request comes from.
    var formFields = [("Origin", ConsentFixture.issuer), ("Sec-Fetch-Site", "same-origin")]

    init(_ fixture: ConsentFixture) { self.fixture = fixture }

    func send(
        _ method: String, _ target: String, body: String? = nil, fields: [(String, String)] = []
    ) async throws -> EndpointResponse {
        let response = await fixture.respond(
            to: try request(method, target, body: body, fields: fields))
        for field in response.fields where field.name == "Set-Cookie" { keep(field.value) }
        return response
    }

    func request(
        _ method: String, _ target: String, body: String? = nil, fields: [(String, String)] = []
    ) throws -> EndpointRequest {
        var lines = ["\(method) \(target) HTTP/1.1", "Host: gate.example"]
        lines += fields.map { "\($0.0): \($0.1)" }
        if !cookies.isEmpty {
            lines.append(
                "Cookie: " + cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; "))
        }
        let bytes = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
        var decoder = RequestDecoder()
        var offset = 0
        guard case .head(let head) = try decoder.next(bytes.span, &offset) else {
            throw PageChecker.Flaw(description: "no head")
        }
        return EndpointRequest(
            head: head, body: Array((body ?? "").utf8), clientAddress: "192.0.2.7",
            nowMilliseconds: now * 1000)
    }

    private func keep(_ cookie: String) {
        let parts = cookie.split(separator: ";").map { $0.trimmingCharacters(in: .whitespaces) }
        let pair = parts[0].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.contains("Max-Age=0") {
            cookies[String(pair[0])] = nil
        } else {
            cookies[String(pair[0])] = String(pair[1])
        }
    }

    func get(_ target: String) async throws -> EndpointResponse { try await send("GET", target) }

    func post(
        _ path: String, _ pairs: [(String, String)], fields: [(String, String)]? = nil
    ) async throws -> EndpointResponse {
        try await send(
            "POST", path, body: ConsentFixture.encoded(pairs),
            fields: (fields ?? formFields) + [("Content-Type", "application/x-www-form-urlencoded")]
        )
    }

    /// Signs in on a page that asks for it, and follows to the next.
    func signIn(
        _ name: String = "lee", password: String = "right", on page: EndpointResponse? = nil
    ) async throws -> EndpointResponse {
        let page = if let page { page } else { try await get("/sign-in") }
        let response = try await post(
            "/sign-in",
            try Self.hidden(page) + [("username", name), ("password", password)])
        guard response.status == 303 else { return response }
        return try await get(try #require(response.location))
    }

    /// The first page of a request as somebody who is signed in.
    func consentPage(
        _ client: String, _ changes: [String: String?] = [:], as name: String = "lee"
    ) async throws -> EndpointResponse {
        _ = try await signIn(name)
        return try await get(ConsentFixture.target(client, changes))
    }

    /// Sends the consent form of a page; the ticked boxes are those that are ticked already if
    /// none are named.
    func decide(
        _ decision: String = "approve", on page: EndpointResponse, scopes: [String]? = nil,
        changing changes: [String: String] = [:], fields: [(String, String)]? = nil
    ) async throws -> EndpointResponse {
        let html = try PageChecker(page.body)
        let ticked = html.tags("input", ["name": "scope", "checked": ""]).compactMap {
            $0.attributes["value"]
        }
        let pairs = try Self.hidden(page).map { ($0.0, changes[$0.0] ?? $0.1) }
        return try await post(
            "/consent",
            pairs + (scopes ?? ticked).map { ("scope", $0) } + [("decision", decision)],
            fields: fields)
    }

    /// The hidden fields of the first form.
    static func hidden(_ page: EndpointResponse) throws -> [(String, String)] {
        var seen: Set<String> = []
        return try PageChecker(page.body).tags("input", ["type": "hidden"]).compactMap { tag in
            guard let name = tag.attributes["name"], seen.insert(name).inserted else { return nil }
            return (name, tag.attributes["value"] ?? "")
        }
    }
}

extension EndpointResponse {
    var location: String? { fields.first { $0.name == "Location" }?.value }

    /// The parameters of an authorization response; nil unless it is one to the callback.
    func answer(to callback: String = ConsentFixture.callback) -> [String: String]? {
        guard status == 303, let location, location.hasPrefix(callback + "?"),
            let items = URLComponents(string: location)?.queryItems
        else { return nil }
        return Dictionary(uniqueKeysWithValues: items.map { ($0.name, $0.value ?? "") })
    }

    var pageText: String { (try? PageChecker(body).text) ?? "" }
}
