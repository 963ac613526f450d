import Synchronization

/// The counters of all servers: one for each that the configuration names, and a fixed table for
/// users and clients.
///
/// A user and client is looked for in a few places behind its own, and takes one from whoever has
/// nothing under way and all of its rate left, so that nothing is forgotten by it. Where all of
/// those places belong to others that are busy, it shares the first: then the two limit each other,
/// and each limit is only ever tighter. What the configuration names (a server, a tool of it) has a
/// counter of its own outside the table, which no number of users and clients can crowd out.
package final class AdmissionTable: Sendable {
    /// How many users and clients the table counts at a time.
    package static let capacity = 4096
    /// In how many places a key is looked for.
    private static let probes = 8

    private let places: [AdmissionCounter]
    /// Written when a configuration is made ready; requests never come here.
    private let named = Mutex<[[UInt8]: AdmissionCounter]>([:])

    /// An empty table.
    package init() {
        places = (0..<Self.capacity).map { _ in AdmissionCounter() }
    }

    /// The counter of all requests to a server, or of those calls that one entry of its `tools`
    /// limits; the same for as long as the process runs, whatever the configuration.
    ///
    /// - Parameters:
    ///   - server: the name in the configuration.
    ///   - pattern: that of the entry; nil for all requests.
    /// - Returns: the counter.
    func counter(ofServer server: String, tool pattern: String? = nil) -> AdmissionCounter {
        let name = LengthPrefixed.encode([server] + (pattern.map { [$0] } ?? []))
        return named.withLock { named in
            if let known = named[name] { return known }
            let made = AdmissionCounter()
            named[name] = made
            return made
        }
    }

    /// The counter of the key, taken from an idle key if need be.
    func counter(of key: AdmissionKey, at now: UInt64) -> AdmissionCounter {
        let key = key.value
        let home = Int(truncatingIfNeeded: (key ^ (key >> 32)) & UInt64(Self.capacity - 1))
        for probe in 0..<Self.probes {
            let place = places[(home + probe) & (Self.capacity - 1)]
            if place.key.load(ordering: .relaxed) == key { return place }
        }
        for probe in 0..<Self.probes {
            let place = places[(home + probe) & (Self.capacity - 1)]
            let owner = place.key.load(ordering: .relaxed)
            // Another loop may have found the place for the same key just now.
            if owner == key { return place }
            guard owner == 0 || place.isIdle(at: now) else { continue }
            let (exchanged, original) = place.key.compareExchange(
                expected: owner, desired: key, ordering: .relaxed)
            if exchanged || original == key { return place }
        }
        return places[home]
    }
}
