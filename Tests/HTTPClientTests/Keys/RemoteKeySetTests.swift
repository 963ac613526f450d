import HTTP
import JOSE
import Synchronization
import Testing

@testable import HTTPClient

@Suite(.serialized, .timeLimit(.minutes(5))) struct RemoteKeySetTests {
    private let client = StubClient()
    private let clock = ManualClock()
    private let set: RemoteKeySet

    init() throws {
        set = RemoteKeySet(
            url: try AbsoluteURI(parsing: "https://issuer.example/keys"), client: client,
            now: clock.now)
    }

    private func ids(_ id: String?) async -> [String]? {
        try? await set.keys(for: id).keys.map(\.id)
    }

    @Test func `a set is fetched once and used`() async {
        client.answer = .keys("one")
        for _ in 0..<3 { #expect(await ids("one") == ["one"]) }
        #expect(await ids(nil) == ["one"])
        #expect(client.requests == ["https://issuer.example/keys"])
    }

    @Test func `ten thousand unknown ids at once make one fetch`() async {
        client.answer = .keys("one")
        _ = await ids("one")
        clock.advance(31)
        await withTaskGroup(of: [String]?.self) { group in
            for number in 0..<10_000 { group.addTask { await ids("unknown-\(number)") } }
            for await answer in group { #expect(answer == ["one"]) }
        }
        #expect(client.requests.count == 2)
    }

    @Test func `ten thousand ids at once before the first answer make one fetch`() async {
        client.answer = .failure(.timeout)
        await withTaskGroup(of: [String]?.self) { group in
            for number in 0..<10_000 { group.addTask { await ids("unknown-\(number)") } }
            for await answer in group { #expect(answer == nil) }
        }
        #expect(client.requests.count == 1)
    }

    @Test func `an unknown id is looked for again only after the cool-down`() async {
        client.answer = .keys("one")
        _ = await ids("one")
        client.answer = .keys("two")
        clock.advance(29)
        #expect(await ids("two") == ["one"])
        #expect(client.requests.count == 1)
        clock.advance(1)
        #expect(await ids("two") == ["two"])
        #expect(client.requests.count == 2)
        #expect(await ids("three") == ["two"])
        #expect(client.requests.count == 2)
    }

    @Test(arguments: [
        ("", 600), ("max-age=120", 120), ("public, max-age=120, must-revalidate", 120),
        ("max-age=1", 60), ("max-age=0", 60), ("no-store", 60), ("no-cache, max-age=500", 60),
        ("max-age=999999999", 86_400), ("max-age=99999999999999999999", 86_400),
        ("max-age=x", 60), ("max-age=\"300\"", 300), ("max-age=300, max-age=200", 200),
        ("MAX-AGE=300", 300), ("s-maxage=300", 600),
    ])
    func `a set is used as long as its answer says, within bounds`(
        _ cacheControl: String, _ seconds: Int
    ) async {
        client.answer = .keys("one", cacheControl: cacheControl)
        _ = await ids("one")
        client.answer = .keys("two")
        clock.advance(seconds - 1)
        #expect(await ids("one") == ["one"])
        #expect(client.requests.count == 1)
        clock.advance(1)
        #expect(await ids("one") == ["two"])
        #expect(client.requests.count == 2)
    }

    @Test func `an answer from a cache has that much less to live`() async {
        client.answer = .keys("one", cacheControl: "max-age=600", age: "400")
        _ = await ids("one")
        clock.advance(199)
        _ = await ids("one")
        #expect(client.requests.count == 1)
        clock.advance(1)
        _ = await ids("one")
        #expect(client.requests.count == 2)
    }

    @Test(arguments: [
        StubClient.Answer.failure(.timeout), .status(500), .status(404), .status(302),
        .text("<html>"), .text(""),
    ])
    func `the last good set stays while a fetch fails, and is asked for after each cool-down`(
        _ failure: StubClient.Answer
    ) async {
        client.answer = .keys("one")
        _ = await ids("one")
        client.answer = failure
        clock.advance(600)
        for _ in 0..<5 { #expect(await ids("one") == ["one"]) }
        #expect(client.requests.count == 2)
        clock.advance(30)
        #expect(await ids("one") == ["one"])
        #expect(client.requests.count == 3)
        client.answer = .keys("two")
        clock.advance(30)
        #expect(await ids("one") == ["two"])
    }

    @Test func `without any set the failure is told, and remembered for the cool-down`() async {
        client.answer = .failure(.forbidden)
        for _ in 0..<5 {
            await #expect(throws: OutboundFailure.self) { try await set.keys(for: "one") }
        }
        #expect(client.requests.count == 1)
        client.answer = .keys("one")
        clock.advance(30)
        #expect(await ids("one") == ["one"])
    }

    @Test func `one object stands for one URL, and as many are remembered as may be`() throws {
        let sets = RemoteKeySets(client: client, now: clock.now)
        let first = try AbsoluteURI(parsing: "https://issuer.example/0")
        let remembered = sets.set(at: first)
        for number in 1...RemoteKeySets.limit * 2 {
            _ = sets.set(at: try AbsoluteURI(parsing: "https://issuer.example/\(number)"))
            #expect(sets.set(at: first) === remembered)
        }
        #expect(sets.count == RemoteKeySets.limit)
        sets.forgetAll()
        #expect(sets.set(at: first) !== remembered)
        #expect(sets.count == 1)
    }
}
