import CLibevent
import Glibc

/// Looks host names up on the loop with evdns; literal addresses are answered at once.
///
/// Answers are kept for ``cacheLifetime``; a failure is kept for ``failureLifetime``, so that a
/// broken resolver is not asked once per request.
@safe package final class HostResolver: AddressSource {
    /// How long an answer is used, in nanoseconds.
    package static let cacheLifetime: UInt64 = 30_000_000_000
    /// How long a failure is used, in nanoseconds.
    package static let failureLifetime: UInt64 = 1_000_000_000
    /// Names remembered at the most.
    package static let cacheLimit = 1024

    /// The addresses of a name, or the resolver's words.
    package typealias Answer = Result<[SocketAddress], ResolutionFailure>

    private let context: LoopContext
    private var resolver: OpaquePointer?
    private var cache: [String: (answer: Answer, until: UInt64)] = [:]
    private var waiting: [String: [(Answer) -> Void]] = [:]

    /// Makes a resolver that asks the system's name servers (`resolv.conf`, `hosts`).
    package init(_ context: LoopContext) { self.context = context }

    deinit {
        if let resolver = unsafe resolver { unsafe evdns_base_free(resolver, 0) }
    }

    /// Looks up `host` and calls `completion` on the loop, at once where the answer is known.
    package func resolve(_ host: String, port: UInt16, _ completion: @escaping (Answer) -> Void) {
        if let address = SocketAddress(literal: host, port: port) {
            return completion(.success([address]))
        }
        let completion: (Answer) -> Void = { answer in
            completion(answer.map { $0.map { $0.with(port: port) } })
        }
        if let known = cache[host], known.until > Clock.monotonic {
            return completion(known.answer)
        }
        waiting[host, default: []].append(completion)
        if waiting[host]?.count == 1 { ask(host) }
    }

    private func ask(_ host: String) {
        if unsafe resolver == nil {
            let flags = EVDNS_BASE_INITIALIZE_NAMESERVERS | EVDNS_BASE_DISABLE_WHEN_INACTIVE
            unsafe resolver = unsafe evdns_base_new(context.base, Int32(flags))
        }
        guard let resolver = unsafe resolver else {
            return finish(host, .failure(ResolutionFailure(host: host, reason: "no resolver")))
        }
        var hints = unsafe addrinfo()
        unsafe hints.ai_family = AF_UNSPEC
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        unsafe hints.ai_protocol = Int32(IPPROTO_TCP)
        let question = unsafe Unmanaged.passRetained(Question(resolver: self, host: host))
        unsafe evdns_getaddrinfo(
            resolver, host, nil, &hints,
            { code, answer, argument in
                guard let argument = unsafe argument else { return }
                let question = unsafe Unmanaged<Question>.fromOpaque(argument).takeRetainedValue()
                unsafe question.answered(code, answer)
            }, question.toOpaque())
    }

    fileprivate func finish(_ host: String, _ answer: Answer) {
        if cache.count >= Self.cacheLimit { cache.removeAll() }
        let lifetime: UInt64
        switch answer {
        case .success: lifetime = Self.cacheLifetime
        case .failure: lifetime = Self.failureLifetime
        }
        cache[host] = (answer, Clock.monotonic + lifetime)
        for completion in waiting.removeValue(forKey: host) ?? [] { completion(answer) }
    }
}

/// A host name that could not be resolved.
package struct ResolutionFailure: Error, Sendable, CustomStringConvertible {
    let host: String
    let reason: String

    /// A failure in the resolver's words.
    package init(host: String, reason: String) {
        self.host = host
        self.reason = reason
    }

    package var description: String { "could not resolve \(host): \(reason)" }
}

private final class Question {
    private weak var resolver: HostResolver?
    private let host: String

    init(resolver: HostResolver, host: String) {
        self.resolver = resolver
        self.host = host
    }

    func answered(_ code: Int32, _ answer: UnsafeMutablePointer<addrinfo>?) {
        defer { if let answer = unsafe answer { unsafe evutil_freeaddrinfo(answer) } }
        guard code == 0 else {
            let reason = unsafe String(cString: evutil_gai_strerror(code))
            resolver?.finish(host, .failure(ResolutionFailure(host: host, reason: reason)))
            return
        }
        var addresses: [SocketAddress] = []
        var next = unsafe answer
        while let entry = unsafe next, addresses.count < 16 {
            if let address = unsafe entry.pointee.ai_addr {
                unsafe addresses.append(
                    SocketAddress(copying: address, length: entry.pointee.ai_addrlen))
            }
            unsafe next = unsafe entry.pointee.ai_next
        }
        let failure = ResolutionFailure(host: host, reason: "the name has no address")
        resolver?.finish(host, addresses.isEmpty ? .failure(failure) : .success(addresses))
    }
}
