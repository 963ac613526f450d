import Cryptography
import Foundation
import HTTP
import HTTPClient
import JOSE
import Synchronization

/// An identity provider without sockets: checks what it is sent, and says what it is told to.
final class StubProvider: OutboundClient {
    struct Script {
        /// Members of the ID token, as JSON; nil leaves one out.
        var claims: [String: String?] = [:]
        /// Members of the metadata, as JSON; nil leaves one out.
        var metadata: [String: String?] = [:]
        /// The answer of the userinfo endpoint.
        var userInfo = #"{"sub":"u1","groups":["support"]}"#
        /// Whether there is a refresh token.
        var givesRefreshToken = true
        /// Whether a refresh has an ID token.
        var refreshesIDToken = true
        /// The refresh tokens that are good; each for one use.
        var refreshTokens: Set<String> = []
        /// What is answered at a path instead.
        var answers: [String: Result<(status: Int, body: String), OutboundFailure>] = [:]
        /// The `typ` of ID tokens.
        var type = "JWT"
        /// The key that signs; nil for the provider's own.
        var otherKey: SigningKey?
        /// What was asked for, the path each.
        var paths: [String] = []
        /// What was sent to the token endpoint.
        var forms: [[String: String]] = []
        /// The Authorization fields that came.
        var credentials: [String] = []
        fileprivate var codes: [String: (nonce: String, challenge: String, uri: String)] = [:]
        fileprivate var count = 0
    }

    let issuer: String
    let key: SigningKey
    let script = Mutex(Script())
    let clock = Mutex<Int64>(ConsentFixture.start)

    init(issuer: String = "https://login.example.com") throws {
        self.issuer = issuer
        key = try SigningKey.generate(.es256)
    }

    func change(_ body: (inout Script) -> Void) { script.withLock { body(&$0) } }

    /// How often a path was asked for.
    func count(_ path: String) -> Int {
        script.withLock { script in script.paths.filter { $0 == path }.count }
    }

    // MARK: The browser's side

    /// What the provider does with a browser whose person signs in: the target of our callback.
    func authorize(
        _ url: String, changing changes: [String: String?] = [:]
    ) throws -> String {
        guard let components = URLComponents(string: url),
            url.hasPrefix(issuer + "/authorize?"), let items = components.queryItems
        else { throw PageChecker.Flaw(description: "not our authorization endpoint: \(url)") }
        let asked = Dictionary(uniqueKeysWithValues: items.map { ($0.name, $0.value ?? "") })
        guard asked["response_type"] == "code", asked["client_id"] == "gate",
            asked["code_challenge_method"] == "S256", let challenge = asked["code_challenge"],
            let uri = asked["redirect_uri"], uri.hasPrefix(ConsentFixture.issuer + "/"),
            let state = asked["state"]
        else { throw PageChecker.Flaw(description: "a bad request: \(asked)") }
        let code = script.withLock { script in
            script.count += 1
            let code = "code \(script.count)"
            script.codes[code] = (asked["nonce"] ?? "", challenge, uri)
            return code
        }
        var answer: [String: String?] = ["code": code, "state": state]
        for (name, value) in changes { answer[name] = .some(value) }
        return uri.dropFirst(ConsentFixture.issuer.count) + "?"
            + ConsentFixture.encoded(answer.compactMap { name, value in value.map { (name, $0) } })
    }

    // MARK: The gateway's side

    func send(_ request: OutboundRequest) async throws(OutboundFailure) -> OutboundResponse {
        let form = Self.form(request.content)
        let scripted = script.withLock { script in
            script.paths.append(request.url.path)
            script.credentials += request.fields.filter { $0.name == "Authorization" }.map(\.value)
            if request.method == .post { script.forms.append(form) }
            return script.answers[request.url.path]
        }
        if let scripted {
            let (status, body) = try scripted.get()
            return Self.response(status, body)
        }
        switch request.url.path {
        case "/.well-known/openid-configuration": return Self.response(200, document)
        case "/jwks": return Self.response(200, keySet)
        case "/token": return token(form)
        case "/userinfo": return Self.response(200, script.withLock { $0.userInfo })
        default: return Self.response(404, "")
        }
    }

    private static func form(_ bytes: [UInt8]) -> [String: String] {
        let text = String(decoding: bytes, as: UTF8.self)
        let items = URLComponents(string: "?" + text)?.queryItems ?? []
        return Dictionary(items.map { ($0.name, $0.value ?? "") }) { first, _ in first }
    }

    private static func response(_ status: Int, _ body: String) -> OutboundResponse {
        OutboundResponse(status: status, fields: Fields(), content: Array(body.utf8))
    }

    static func object(_ members: [String: String?]) -> String {
        "{"
            + members.compactMap { name, value in value.map { "\"\(name)\":\($0)" } }
            .joined(separator: ",") + "}"
    }

    private var document: String {
        var members: [String: String?] = [
            "issuer": "\"\(issuer)\"", "authorization_endpoint": "\"\(issuer)/authorize\"",
            "token_endpoint": "\"\(issuer)/token\"", "jwks_uri": "\"\(issuer)/jwks\"",
            "userinfo_endpoint": "\"\(issuer)/userinfo\"",
        ]
        for (name, value) in script.withLock({ $0.metadata }) { members[name] = .some(value) }
        return Self.object(members)
    }

    private var keySet: String {
        let web = JSONWebKey(id: "one", algorithm: .es256, key: key.verificationKey)
        guard let set = try? JSONWebKeySet([web]) else { return "" }
        let body = JWKSetDocumentText.text(set)
        return body
    }

    private func token(_ form: [String: String]) -> OutboundResponse {
        let invalid = Self.response(400, #"{"error":"invalid_grant"}"#)
        let script = script.withLock { script in
            script.count += 1
            return script
        }
        var nonce: String?
        switch form["grant_type"] {
        case "authorization_code":
            guard let code = form["code"], let known = script.codes[code],
                form["redirect_uri"] == known.uri,
                Base64URL.encode(sha256(Array((form["code_verifier"] ?? "").utf8)).bytes)
                    == known.challenge
            else { return invalid }
            change { $0.codes[code] = nil }
            nonce = known.nonce
        case "refresh_token":
            guard let token = form["refresh_token"], script.refreshTokens.contains(token) else {
                return invalid
            }
            change { $0.refreshTokens.remove(token) }
        default: return Self.response(400, #"{"error":"unsupported_grant_type"}"#)
        }
        var members: [String: String?] = [
            "access_token": "\"access-\(script.count)\"", "token_type": "\"Bearer\"",
        ]
        if nonce != nil || script.refreshesIDToken {
            members["id_token"] = "\"\(idToken(nonce, script))\""
        }
        if script.givesRefreshToken {
            members["refresh_token"] = "\"refresh-\(script.count)\""
            change { $0.refreshTokens.insert("refresh-\(script.count)") }
        }
        return Self.response(200, Self.object(members))
    }

    private func idToken(_ nonce: String?, _ script: Script) -> String {
        let now = clock.withLock { $0 }
        var claims: [String: String?] = [
            "iss": "\"\(issuer)\"", "sub": "\"u1\"", "aud": "\"gate\"", "iat": "\(now)",
            "exp": "\(now + 300)", "nonce": nonce.map { "\"\($0)\"" }, "name": "\"Lee Doe\"",
            "groups": #"["support","tech"]"#,
        ]
        for (name, value) in script.claims { claims[name] = .some(value) }
        let text = try? SignedJWT.compact(
            type: script.type, keyID: "one", claims: Array(Self.object(claims).utf8),
            key: script.otherKey ?? key)
        return text ?? ""
    }
}

/// A JWK set as text.
enum JWKSetDocumentText {
    static func text(_ set: JSONWebKeySet) -> String {
        let keys = set.keys.compactMap { key -> String? in
            guard case .p256(let x, let y) = key.key.components else { return nil }
            return #"{"kty":"EC","crv":"P-256","kid":"\#(key.id)","alg":"ES256","x":""#
                + Base64URL.encode(x) + #"","y":""# + Base64URL.encode(y) + #""}"#
        }
        return #"{"keys":["# + keys.joined(separator: ",") + "]}"
    }
}
