import Storage
import Testing

/// The keys that codes and refresh tokens are bound to (RFC 9449 §5, §10).
@Suite struct KeyBindingTests {
    private static let now: Int64 = 1_800_000_000

    @Test(arguments: [nil, "0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"])
    func `codes and grants keep their key through redemption and rotation`(
        key: String?
    ) async throws {
        let folder = try TemporaryFolder()
        let store = try await SQLiteStore.open(path: folder.database)
        let code = CodeRecord(
            digest: [1], requestID: "r", requestExpiresAt: Self.now + 600,
            expiresAt: Self.now + 60, clientID: "c", clientName: "C", redirectURI: "",
            codeChallenge: "", server: "s", subject: "u", source: "local", userName: "u",
            scope: "", declinedScope: "", grantID: nil, keyThumbprint: key)
        let grant = GrantRecord(
            id: "g", server: "s", subject: "u", source: "local", userName: "u", client: "c",
            clientName: "C", scope: "", issuedAt: Self.now, expiresAt: Self.now + 3600,
            refresh: GrantRecord.RefreshFamily(
                generation: 0, currentDigest: [7], previousDigest: nil,
                rotatedAtMilliseconds: Self.now * 1000, expiresAt: Self.now + 86_400),
            keyThumbprint: key)
        _ = try await store.issue(code, at: Self.now)
        #expect(try await store.code([1]) == code)
        #expect(try await store.redeem([1], as: grant, at: Self.now) == .redeemed)
        #expect(try await store.grant("g") == grant)
        let rotation = RefreshRotation(
            grantID: "g", presentedDigest: [7], successorDigests: [[8]],
            nowMilliseconds: Self.now * 1000, graceMilliseconds: 0,
            accessExpiresAt: Self.now + 3600)
        _ = try await store.rotate(rotation)
        #expect(try await store.grants(of: "u", limit: 9).map(\.keyThumbprint) == [key])
        #expect(try await store.grants(of: nil, limit: 9).map(\.keyThumbprint) == [key])
        await store.close()
        let again = try await SQLiteStore.open(path: folder.database)
        #expect(try await again.grant("g")?.keyThumbprint == key)
    }
}
