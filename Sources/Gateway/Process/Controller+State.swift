import AuthorizationServer
import JOSE
import Logging
import Storage
import Transport

/// How often the state is read again without being told, in nanoseconds.
private let upkeepInterval: UInt64 = 60_000_000_000

extension Controller {
    /// Listens for commands, and looks at the state now and then by itself: another process may have
    /// changed it.
    func startControl() {
        if let descriptor = parts.control {
            let service = ControlService(
                context: context, audit: { [unowned self] in audit($0) },
                reread: { [unowned self] in readState($0) })
            controlListener = Listener(descriptor: descriptor, context: context) { socket, _ in
                service.accept(socket)
            }
        }
        upkeepTimer = LoopTimer(context, every: upkeepInterval) { [unowned self] in
            readState { _ in }
        }
    }

    /// Reads keys and ended grants from the state, deletes what has expired there, and lets every
    /// loop go by it; calls back on this loop.
    private func readState(_ completion: @escaping (Bool) -> Void) {
        parts.issuing.expectChangedUsers()
        let ticket = nextReading
        nextReading += 1
        readings[ticket] = completion
        let (control, share) = (context.loop, parts.share)
        let observations = parts.issuing.observations
        let (configuration, store, pool) = (snapshot.configuration, parts.state.store, parts.pool)
        let reading: @Sendable () async -> Void = {
            let result: Result<GatewayState, any Error>
            do {
                try await observations.flush(to: store)
                try await store.expire(at: Int64(Clock.wall / 1_000_000_000))
                let state = try await GatewayState.read(configuration, from: store, pool: pool)
                await share.end(state.endedGrants)
                result = .success(state)
            } catch {
                result = .failure(error)
            }
            control.execute { context in
                (context.resident as? Controller)?.stateWasRead(result, ticket)
            }
        }
        Task(executorPreference: control, operation: reading)
    }

    private func stateWasRead(_ result: Result<GatewayState, any Error>, _ ticket: UInt64) {
        guard let completion = readings.removeValue(forKey: ticket) else { return }
        do {
            try adopt(try result.get().keys)
        } catch {
            parts.logger.error("the state could not be read", metadata: ["cause": "\(error)"])
            return completion(false)
        }
        // Handed over after the new keys, and run after them.
        let (control, share) = (context.loop, parts.share)
        readings[ticket] = completion
        let waiting: @Sendable () async -> Void = {
            await share.end([EndedGrant]())
            control.execute { context in
                (context.resident as? Controller)?.stateIsServed(ticket)
            }
        }
        Task(executorPreference: control, operation: waiting)
    }

    private func stateIsServed(_ ticket: UInt64) {
        readings.removeValue(forKey: ticket)?(true)
    }

    /// Serves with other keys if they are others: tokens of keys that are gone are refused, and
    /// what their seals hold no longer opens.
    private func adopt(_ keys: OwnKeys) throws {
        guard keys.names != self.keys.names else { return }
        let next = try GatewaySnapshot(
            snapshot.configuration, keys: keys, issuing: parts.issuing, labels: snapshot.labels,
            admission: snapshot.admission)
        let revoked = Set(self.keys.signing.keySet.keys.map(\.id))
            .subtracting(keys.signing.keySet.keys.map(\.id))
        self.keys = keys
        snapshot = next
        for worker in parts.workers {
            worker.visit { worker in
                worker.adopt(next)
                if !revoked.isEmpty { worker.endExchanges(signedBy: revoked) }
            }
        }
        parts.logger.info(
            "the keys were read again",
            metadata: [
                "signing": "\(keys.signing.currentID)", "identity": "\(keys.identity.currentID)",
            ])
    }
}
