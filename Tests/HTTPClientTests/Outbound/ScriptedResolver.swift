import HTTP
import HTTPClient
import Synchronization
import Transport

/// Names whose addresses a test decides, lookup by lookup; the last answer stays.
final class Names: Sendable {
    private let answers: [[String]]
    private let hosts = Mutex<[String]>([])

    init(_ answers: [[String]]) { self.answers = answers }

    /// The names that were looked up.
    var lookups: [String] { hosts.withLock { $0 } }

    fileprivate func next(_ host: String) -> [String] {
        let number = hosts.withLock { hosts in
            hosts.append(host)
            return hosts.count - 1
        }
        return answers[min(number, answers.count - 1)]
    }
}

/// Answers with the addresses of ``Names``, or that there is none.
final class ScriptedResolver: AddressSource {
    private let names: Names

    init(_ names: Names) { self.names = names }

    func resolve(
        _ host: String, port: UInt16, _ completion: @escaping (HostResolver.Answer) -> Void
    ) {
        let addresses = names.next(host).compactMap { SocketAddress(literal: $0, port: port) }
        if addresses.isEmpty {
            completion(.failure(ResolutionFailure(host: host, reason: "no address")))
        } else {
            completion(.success(addresses))
        }
    }
}

extension LoopOutboundClient {
    /// A client of a test: blocks that it may reach, names, authorities.
    convenience init(
        allowing blocks: [String] = [], names: Names? = nil, trust: TLSTrust = .system,
        _ change: (inout OutboundLimits) -> Void = { _ in }
    ) throws {
        var limits = OutboundLimits()
        change(&limits)
        let policy = AddressPolicy(allowing: blocks.compactMap { AddressBlock($0) })
        let tls = try TLSContext.client(trusting: trust)
        if let names {
            try self.init(policy: policy, tls: tls, limits: limits) { _ in
                ScriptedResolver(names)
            }
        } else {
            try self.init(policy: policy, tls: tls, limits: limits)
        }
    }

    /// What became of a GET: the answer, or the kind of failure.
    func fetch(
        _ url: String, contentLimit: Int = 1 << 20, timeLimit: Int = 20_000
    ) async throws -> Fetched {
        let url = try AbsoluteURI(parsing: url)
        return await fetch(.get(url, contentLimit: contentLimit, timeLimit: timeLimit))
    }

    /// What became of a request.
    func fetch(_ request: OutboundRequest) async -> Fetched {
        do throws(OutboundFailure) {
            let answer = try await send(request)
            return .answer(answer.status, String(decoding: answer.content, as: UTF8.self))
        } catch {
            return .failure(error.kind)
        }
    }
}

/// What became of a request.
enum Fetched: Equatable, Sendable {
    case answer(Int, String)
    case failure(OutboundFailure.Kind)
}
