import Cryptography
import FuzzSupport
import JOSE
import JSON

/// What must hold of claims that were signed.
struct ClaimLaws {
    let text: [UInt8]
    var choices: Choices

    private static let keys: JSONWebKeySet = {
        let own = JSONWebKey(id: "k", algorithm: .es256, key: OwnKey.key.verificationKey)
        guard let keys = try? JSONWebKeySet([own]) else { fatalError("broken: one key is a set") }
        return keys
    }()

    mutating func check() {
        let document = try? JSONDocument(parsing: text)
        // Signing takes long, and what is no JSON is refused before anything else.
        guard document != nil || choices.once(in: 256) else { return }
        guard
            let compact = try? SignedJWT.compact(
                type: "at+jwt", keyID: "k", claims: text, key: OwnKey.key),
            var jws = try? UnverifiedJWS(Array(compact.utf8))
        else { return require(text.count > 8000, "a token that we sign is a token") }
        guard let verified = try? jws.verified(by: Self.keys, allowing: [.es256]) else {
            return require(false, "a token that we signed verifies")
        }
        require(verified.payload == text, "what was signed is the payload")
        check(try? JWTClaims(verified), document)
        guard choices.once(in: 16) else { return }
        // One letter of the token, other than it was.
        var changed = Array(compact.utf8)
        let place = choices.below(changed.count)
        changed[place] = changed[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
        guard let other = try? UnverifiedJWS(changed) else { return }
        jws = other
        require(
            (try? jws.verified(by: Self.keys, allowing: [.es256])) == nil,
            "a token that was changed does not verify")
    }

    private func check(_ claims: JWTClaims?, _ document: JSONDocument?) {
        guard let claims else { return }
        guard let root = document?.root, root.kind == .object else {
            return require(false, "claims are an object")
        }
        let texts = [("iss", claims.issuer), ("sub", claims.subject), ("jti", claims.id)]
        for (name, value) in texts {
            require(root.member(name)?.stringBytes == value.map { Array($0.utf8) }, "\(name) is so")
        }
        let audience = root.member("aud").map { value in
            value.string.map { [$0] } ?? value.elements.map { $0.string ?? "" }
        }
        require(audience ?? [] == claims.audience, "an audience is whom it names")
        let dates = [claims.expiresAt, claims.notBefore, claims.issuedAt].compactMap { $0 }
        require(dates.allSatisfy { 0...253_402_300_799 ~= $0 }, "dates are within our time")
        for (name, date) in [("exp", claims.expiresAt), ("nbf", claims.notBefore)] {
            require((root.member(name) == nil) == (date == nil), "\(name) is not overlooked")
            guard let date, let number = root.member(name)?.rawBytes else { continue }
            let exact = Double(String(decoding: number, as: UTF8.self)) ?? -1
            require(abs(exact - Double(date)) <= 1, "\(name) is the date")
        }
        check(claims, at: choicesOfTime(claims))
        if let issuer = claims.issuer {
            require((try? claims.requireIssuer(issuer)) != nil, "an issuer is itself")
            require((try? claims.requireIssuer(issuer + "/")) == nil, "and no other")
        }
        require(
            (try? claims.requireAudience("nobody at all")) == nil
                || claims.audience.contains("nobody at all"),
            "who is not named is not meant")
    }

    private func choicesOfTime(_ claims: JWTClaims) -> [Int64] {
        [0, 1 << 40] + [claims.expiresAt, claims.notBefore, claims.issuedAt].compactMap { $0 }
    }

    private func check(_ claims: JWTClaims, at times: [Int64]) {
        for time in times {
            guard (try? claims.requireTime(time, leeway: 30)) != nil else { continue }
            guard let end = claims.expiresAt else { return require(false, "all ends") }
            require(time < end + 30, "what has ended has ended")
            require(time >= (claims.notBefore ?? 0) - 30, "what has not begun has not begun")
            require(time >= (claims.issuedAt ?? 0) - 30, "nor what comes from the future")
        }
    }
}
