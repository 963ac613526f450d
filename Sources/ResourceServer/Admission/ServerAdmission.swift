import Cryptography

/// The limits of one server, with the counters that they count by.
///
/// Immutable; a reload makes another, which goes on with the same counters.
package struct ServerAdmission: Sendable {
    /// The most entries of `limits.tools`; a call is held against each.
    package static let maximumToolLimits = 64

    /// What says no.
    package enum Limit: Sendable, Equatable {
        /// The limit of one user and client.
        case principal
        /// The limit of all together.
        case server
        /// A limit of the tool.
        case tool

        /// For the log.
        package var reason: String {
            switch self {
            case .principal: "a limit of the user and client was reached"
            case .server: "a limit of the server was reached"
            case .tool: "a limit of the tool was reached"
            }
        }
    }

    /// What becomes of a request.
    package enum Admission: Sendable {
        /// It may go on.
        case admitted(AdmissionPermit)
        /// A limit was reached; worth trying again after so many milliseconds.
        case limited(Limit, retryAfterMilliseconds: Int)
    }

    /// A class, so that going through the entries copies none of them.
    private final class Tool: Sendable {
        let pattern: Pattern
        let limits: AdmissionLimits
        /// Nil where each user and client has its own in the table.
        let counter: AdmissionCounter?
        /// Names the entry in keys of the table.
        let digest: SHA256Digest

        init(
            pattern: Pattern, limits: AdmissionLimits, counter: AdmissionCounter?,
            digest: SHA256Digest
        ) {
            self.pattern = pattern
            self.limits = limits
            self.counter = counter
            self.digest = digest
        }
    }

    private let table: AdmissionTable
    private let principal: AdmissionLimits
    private let server: AdmissionPermit.Claim?
    private let tools: [Tool]

    /// The limits of a server.
    ///
    /// - Parameters:
    ///   - name: of the server.
    ///   - principal: what one user and client may ask.
    ///   - server: what all together may ask.
    ///   - tools: what tools may be asked.
    ///   - table: the counters.
    package init(
        server name: String, principal: AdmissionLimits, server: AdmissionLimits = .none,
        tools: [ToolLimit] = [], table: AdmissionTable
    ) {
        self.table = table
        self.principal = principal
        self.server =
            server.isEmpty
            ? nil
            : AdmissionPermit.Claim(counter: table.counter(ofServer: name), limits: server)
        self.tools = tools.map { tool in
            let text = tool.pattern.text
            let counter: AdmissionCounter? =
                switch tool.sharing {
                case .server: table.counter(ofServer: name, tool: text)
                case .principal: nil
                }
            return Tool(
                pattern: tool.pattern, limits: tool.limits, counter: counter,
                digest: sha256(Array(text.utf8)))
        }
    }

    /// Admits a request that was found allowed, or says when to come again; then nothing is counted.
    ///
    /// - Parameters:
    ///   - token: whose request it is.
    ///   - name: the tool that it calls; nil for everything else.
    ///   - isStanding: whether it is a stream that lasts, which is not among those under way: the
    ///     connections that an address may have are its limit.
    ///   - now: a monotonic clock in nanoseconds.
    /// - Returns: a permit, or the refusal.
    package func admit(
        _ token: VerifiedAccessToken, tool name: ArraySlice<UInt8>? = nil,
        isStanding: Bool = false, at now: UInt64
    ) -> Admission {
        let ofPrincipal = claim(token, isStanding: isStanding, at: now)
        let ofServer = isStanding ? server?.ofRate : server
        let ofTools = claims(token, tool: name, at: now)
        // Looked at before anything is taken: what is refused does not get into others' way even for
        // a moment.
        var longest: (limit: Limit, wait: UInt64) = (.principal, ofPrincipal?.wait(at: now) ?? 0)
        if let wait = ofServer?.wait(at: now), wait > longest.wait { longest = (.server, wait) }
        for tool in ofTools {
            let wait = tool.wait(at: now)
            if wait > longest.wait { longest = (.tool, wait) }
        }
        guard longest.wait == 0 else { return Self.limited(longest.limit, longest.wait) }
        do throws(AdmissionRefusal) {
            return .admitted(
                try AdmissionPermit(
                    principal: ofPrincipal, server: ofServer, tools: ofTools, at: now))
        } catch {
            return Self.limited(error.limit, error.wait)
        }
    }

    /// Counts a request that was refused for what it asks: for its principal it is one like others,
    /// for the server and its tools it did not take place.
    package func count(_ token: VerifiedAccessToken, at now: UInt64) {
        guard let claim = claim(token, isStanding: true, at: now) else { return }
        _ = claim.counter.take(claim.limits, at: now)
    }

    private func claim(
        _ token: VerifiedAccessToken, isStanding: Bool, at now: UInt64
    ) -> AdmissionPermit.Claim? {
        let limits = isStanding ? principal.ofRate : principal
        guard !limits.isEmpty else { return nil }
        return AdmissionPermit.Claim(
            counter: table.counter(of: token.admissionKey, at: now), limits: limits)
    }

    /// What counts a call of the tool; empty without an allocation where nothing does.
    private func claims(
        _ token: VerifiedAccessToken, tool name: ArraySlice<UInt8>?, at now: UInt64
    ) -> [AdmissionPermit.Claim] {
        guard let name, !tools.isEmpty else { return [] }
        var claims: [AdmissionPermit.Claim] = []
        for tool in tools where tool.pattern.matches(name.span) {
            let counter =
                tool.counter
                ?? table.counter(
                    of: .calls(of: token.ownerDigest, limitedBy: tool.digest), at: now)
            claims.append(AdmissionPermit.Claim(counter: counter, limits: tool.limits))
        }
        return claims
    }

    private static func limited(_ limit: Limit, _ wait: UInt64) -> Admission {
        .limited(limit, retryAfterMilliseconds: Int((wait + 999_999) / 1_000_000))
    }
}
