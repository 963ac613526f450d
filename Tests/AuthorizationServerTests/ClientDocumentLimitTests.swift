import HTTP
import HTTPClient
import Synchronization
import Testing

@testable import AuthorizationServer

/// What bounds the cache of documents beside its sizes.
@Suite(.timeLimit(.minutes(1))) struct ClientDocumentLimitTests {
    private static let url = "https://app.example/client.json"
    private static let now = RegistrationFixture.now

    private let host = DocumentHost()

    @Test func `a clock that is set back does not lengthen a failure`() async throws {
        let documents = ClientDocuments(outbound: host)
        let url = try #require(ClientDocumentURL(Self.url))
        func isThere(at now: Int64) async -> Bool {
            (try? await documents.document(at: url, for: nil, at: now)) != nil
        }
        #expect(await !isThere(at: Self.now))
        host.put(RealDocument.body(at: Self.url), at: Self.url)
        #expect(await !isThere(at: Self.now + 29))
        #expect(host.requests.count == 1)
        #expect(await isThere(at: Self.now - 10))
        #expect(host.requests.count == 2)
    }

    @Test func `so many requests wait for one document, and no more`() async throws {
        let documents = ClientDocuments(outbound: host)
        host.put(RealDocument.body(at: Self.url), at: Self.url)
        host.hold()
        let url = try #require(ClientDocumentURL(Self.url))
        @Sendable func ask() async -> Bool {
            (try? await documents.document(at: url, for: nil, at: Self.now)) != nil
        }
        let most = ClientDocuments.waiterLimit
        let answers = await withTaskGroup(of: Bool.self) { group in
            for _ in 0...most { group.addTask { await ask() } }
            while documents.waiterCount(of: url) < most { await Task.yield() }
            let isAnswered = Mutex(false)
            async let extra = {
                let answer = await ask()
                isAnswered.withLock { $0 = true }
                return answer
            }()
            // One that waited too would show in the count.
            while !isAnswered.withLock({ $0 }), documents.waiterCount(of: url) == most {
                await Task.yield()
            }
            host.release()
            #expect(await !extra)
            return await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        #expect(answers == Array(repeating: true, count: most + 1))
        #expect(host.requests.count == 1)
    }
}
