package import JSON

/// The claims of a JWT whose signature was checked, or what its issuer said of a token.
///
/// Registered claims are read by RFC 7519 §4.1; a claim of a wrong type refuses the whole token,
/// even where nobody asks for it.
package struct JWTClaims: Sendable {
    /// The document, for claims beyond the registered ones.
    package let document: JSONDocument
    /// `iss`.
    package let issuer: String?
    /// `sub`.
    package let subject: String?
    /// `aud`: a string counts as an array of one; empty if absent.
    package let audience: [String]
    /// `exp` in Unix seconds, a fraction dropped.
    package let expiresAt: Int64?
    /// `nbf` in Unix seconds, a fraction rounded up.
    package let notBefore: Int64?
    /// `iat` in Unix seconds, a fraction rounded up.
    package let issuedAt: Int64?
    /// `jti`.
    package let id: String?

    /// How many audiences there may be.
    package static let audienceLimit = 100

    /// Reads the claims.
    ///
    /// - Throws: the first deviation found.
    package init(_ jws: VerifiedJWS) throws(JWTViolation) {
        try self.init(members: jws.payload)
    }

    /// Reads the claims of whoever has the key that signed them.
    ///
    /// - Throws: the first deviation found.
    package init(_ jws: SelfSignedJWS) throws(JWTViolation) {
        try self.init(members: jws.payload)
    }

    /// Reads the members of an introspection response, which mean what the claims do (RFC 7662
    /// §2.2).
    ///
    /// That they are the issuer's is not said by a signature but by where they were got from.
    ///
    /// - Throws: the first deviation found.
    package init(introspectionResponse content: [UInt8]) throws(JWTViolation) {
        try self.init(members: content)
    }

    private init(members content: [UInt8]) throws(JWTViolation) {
        do {
            document = try JSONDocument(parsing: content)
        } catch {
            throw .notJSON(error)
        }
        let root = document.root
        guard root.kind == .object else { throw .notAnObject }
        issuer = try Self.string("iss", of: root)
        subject = try Self.string("sub", of: root)
        audience = try Self.audience(of: root)
        expiresAt = try Self.date("exp", of: root)?.floor
        notBefore = try Self.date("nbf", of: root)?.ceiling
        issuedAt = try Self.date("iat", of: root)?.ceiling
        id = try Self.string("jti", of: root)
    }

    /// Checks that `iss` is `expected`, byte for byte: no slash is added, no case is folded (RFC
    /// 8725 §3.8).
    package func requireIssuer(_ expected: String) throws(JWTViolation) {
        guard let issuer else { throw .missing(claim: "iss") }
        guard issuer.utf8.elementsEqual(expected.utf8) else { throw .wrongIssuer }
    }

    /// Checks that `aud` contains `expected`, byte for byte (RFC 7519 §4.1.3, RFC 8725 §3.9).
    package func requireAudience(_ expected: String) throws(JWTViolation) {
        guard !audience.isEmpty else { throw .missing(claim: "aud") }
        guard audience.contains(where: { $0.utf8.elementsEqual(expected.utf8) }) else {
            throw .wrongAudience
        }
    }

    /// Checks `exp`, which must be there, and `nbf` and `iat`, which may.
    ///
    /// `now` is in Unix seconds; `leeway`, how far the issuer's clock may differ, is 0...300
    /// seconds.
    package func requireTime(_ now: Int64, leeway: Int64 = 0) throws(JWTViolation) {
        precondition((0...300).contains(leeway), "RFC 7519 §4.1.4: no more than a few minutes")
        guard let expiresAt else { throw .missing(claim: "exp") }
        guard now < expiresAt + leeway else { throw .expired }
        if let notBefore, now < notBefore - leeway { throw .notYetValid }
        if let issuedAt, now < issuedAt - leeway { throw .issuedInTheFuture }
    }

    private static func string(
        _ name: String, of root: JSONValue
    ) throws(JWTViolation) -> String? {
        guard let value = root.member(name) else { return nil }
        guard let string = value.string else { throw .malformed(claim: name) }
        return string
    }

    private static func audience(of root: JSONValue) throws(JWTViolation) -> [String] {
        guard let value = root["aud"] else { return [] }
        if let single = value.string { return [single] }
        guard value.kind == .array else { throw .malformed(claim: "aud") }
        var audience: [String] = []
        for element in value.elements {
            guard let string = element.string, audience.count < audienceLimit else {
                throw .malformed(claim: "aud")
            }
            audience.append(string)
        }
        return audience
    }

    private static func date(
        _ name: String, of root: JSONValue
    ) throws(JWTViolation) -> NumericDate? {
        guard let value = root.member(name) else { return nil }
        guard value.kind == .number, let date = NumericDate(value.rawBytes) else {
            throw .malformed(claim: name)
        }
        return date
    }
}
