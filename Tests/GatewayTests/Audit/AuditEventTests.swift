import Testing

@testable import AuthorizationServer
@testable import Gateway

/// What the authorization server did, as lines of the log.
@Suite struct AuditEventTests {
    private static let user = User(
        source: "local", name: "lee", groups: [], subject: "local:abc")

    /// What of a line follows its time.
    private static func members(_ event: AuditEvent) -> Substring {
        var formatter = AuditFormatter(chain: "c")
        var bytes: [UInt8] = []
        formatter.append(AuditEntry(event, at: 0), sequence: 1, to: &bytes)
        let text = String(decoding: bytes, as: UTF8.self)
        return text.dropFirst(#"{"chain":"c","seq":1,"time":"1970-01-01T00:00:00.000Z","#.count)
            .dropLast(2)
    }

    @Test(arguments: [
        (
            AuditEvent.registration(isAccepted: true),
            #""event":"registration","decision":"accepted""#
        ),
        (.registration(isAccepted: false), #""event":"registration","decision":"refused""#),
        (
            .signIn(AuditEvent.SignIn(outcome: .accepted, source: "local", user: user)),
            #""event":"sign_in","subject":"local:abc","source":"local","user":"lee","decision":"accepted""#
        ),
        (
            .signIn(AuditEvent.SignIn(outcome: .refused, source: "local", user: nil)),
            #""event":"sign_in","source":"local","decision":"refused""#
        ),
        (
            .signIn(AuditEvent.SignIn(outcome: .delayed, source: "local", user: nil)),
            #""event":"sign_in","source":"local","decision":"delayed""#
        ),
        (
            .signIn(AuditEvent.SignIn(outcome: .overloaded, source: "local", user: nil)),
            #""event":"sign_in","source":"local","decision":"overloaded""#
        ),
        (
            .consent(
                AuditEvent.Consent(isGiven: true, server: "s", scope: "a", declinedScope: "b")),
            #""event":"consent","server":"s","decision":"given","scope":"a","declined_scope":"b""#
        ),
        (
            .issuance(
                AuditEvent.Issuance(
                    basis: .refreshToken, server: "s", scope: "a", grantID: "g", tokenID: "t")),
            #""event":"issuance","server":"s","method":"refresh_token","decision":"issued","scope":"a","grant_id":"g","token_id":"t""#
        ),
        (.refusedIssuance, #""event":"issuance","decision":"refused""#),
        (
            .stepUp(server: "s", scope: "a b", addedScope: "b"),
            #""event":"step_up","server":"s","decision":"given","scope":"a b","added_scope":"b""#
        ),
        (
            .revocation(by: .user, grantID: "g"),
            #""event":"revocation","method":"user","decision":"ended","grant_id":"g""#
        ),
    ])
    func `every event has its members and no others`(_ event: AuditEvent, _ text: String) {
        #expect(Self.members(event) == text)
    }
}
