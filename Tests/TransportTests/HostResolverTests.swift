import Synchronization
import Testing
import Transport

@Suite(.serialized, .timeLimit(.minutes(1))) struct HostResolverTests {
    private let loop: EventLoop

    init() throws {
        loop = try EventLoop(name: "test")
        try loop.start { $0.resident = HostResolver($0) }
    }

    /// The texts of the addresses, nil after a failure.
    private func resolve(_ host: String, port: UInt16) async -> [String]? {
        await withCheckedContinuation { continuation in
            loop.execute { context in
                guard let resolver = context.resident as? HostResolver else {
                    return continuation.resume(returning: nil)
                }
                resolver.resolve(host, port: port) { answer in
                    continuation.resume(returning: try? answer.get().map { "\($0)" })
                }
            }
        }
    }

    @Test(arguments: [("192.0.2.1", "192.0.2.1:81"), ("::1", "[::1]:81")])
    func `a literal address is answered at once`(_ host: String, _ text: String) async {
        let answer = await loop.visit { context in
            var answer: [String]?
            (context.resident as? HostResolver)?.resolve(host, port: 81) {
                answer = try? $0.get().map { "\($0)" }
            }
            return answer
        }
        #expect(answer == [text])
        loop.stop()
    }

    @Test func `a name of the hosts file has the port that was asked for`() async {
        let first = await resolve("localhost", port: 81)
        #expect(first?.contains("127.0.0.1:81") == true)
        let second = await resolve("localhost", port: 82)
        #expect(second?.contains("127.0.0.1:82") == true)
        #expect(second?.count == first?.count)
        loop.stop()
    }

    @Test func `a known name is answered at once, an unknown one is remembered for a moment`() async
    {
        _ = await resolve("localhost", port: 81)
        // Asked within the answer, so that the moment cannot be over.
        let atOnce = await withCheckedContinuation { continuation in
            loop.execute { context in
                guard let resolver = context.resident as? HostResolver else {
                    return continuation.resume(returning: 0)
                }
                resolver.resolve("no-such-name.invalid", port: 81) { answer in
                    var count = 0
                    for host in ["localhost", "no-such-name.invalid"] {
                        resolver.resolve(host, port: 82) { _ in count += 1 }
                    }
                    if case .success = answer { count = 0 }
                    continuation.resume(returning: count)
                }
            }
        }
        #expect(atOnce == 2)
        loop.stop()
    }

    @Test func `other work on the loop goes on while a name is looked up`() async {
        let order = await withCheckedContinuation { continuation in
            loop.execute { [loop] context in
                let done = Mutex<[String]>([])
                let note: @Sendable (String) -> Void = { word in
                    let all = done.withLock { done in
                        done.append(word)
                        return done
                    }
                    if all.count == 2 { continuation.resume(returning: all) }
                }
                guard let resolver = context.resident as? HostResolver else { return }
                resolver.resolve("no-such-name.invalid", port: 81) { _ in note("answer") }
                loop.execute { _ in note("work") }
            }
        }
        #expect(order == ["work", "answer"])
        loop.stop()
    }

    @Test func `whoever asks for the same name meanwhile is answered with the first`() async {
        async let first = resolve("localhost", port: 90)
        async let second = resolve("localhost", port: 91)
        async let third = resolve("localhost", port: 92)
        #expect(await first?.contains("127.0.0.1:90") == true)
        #expect(await second?.contains("127.0.0.1:91") == true)
        #expect(await third?.contains("127.0.0.1:92") == true)
        loop.stop()
    }
}
