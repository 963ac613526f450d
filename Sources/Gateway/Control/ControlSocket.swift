import Configuration
import Glibc
import Transport

/// The socket beside the state through which commands reach the running gateway.
///
/// It speaks HTTP: `POST /reread` is answered with 204 when every loop goes by what the state says
/// now; what changed stands in the state, which whoever may open the socket may read and write as
/// well. `POST /audit` takes the line of a command where the audit log is the gateway's own output.
enum ControlSocket {
    /// Where the socket of a state is.
    static func path(of state: StateOptions) -> String {
        switch state {
        case .sqlite(let file): "\(file).control"
        }
    }

    /// What came of telling the running gateway.
    enum Outcome: Equatable {
        /// It goes by the new state already.
        case told
        /// None runs.
        case notRunning
        /// One may run and did not answer; it finds out by itself within a minute.
        case failed(reason: String)
    }

    /// How long a command waits for the gateway, in seconds.
    private static let patience = 10

    /// Tells the gateway of a state that the state has changed; blocks until it knows.
    static func tell(_ state: StateOptions) -> Outcome {
        post("/reread", [], to: state, failure: "the running gateway could not read its state")
    }

    /// Hands the gateway of a state the audit line of a command; blocks until it has it.
    static func tell(_ state: StateOptions, of event: AdministratorEvent) -> Outcome {
        post(
            "/audit", event.json, to: state,
            failure: "the running gateway cannot write its audit log")
    }

    private static func post(
        _ target: String, _ body: [UInt8], to state: StateOptions, failure: String
    ) -> Outcome {
        do throws(TransportFailure) {
            let descriptor = try UnixSocket.connect(to: path(of: state), seconds: patience)
            let head =
                "POST \(target) HTTP/1.1\r\nHost: gatehouse\r\nContent-Length: \(body.count)\r\n"
                + "Connection: close\r\n\r\n"
            let answer = try BlockingConnection.ask(descriptor, Array(head.utf8) + body)
            guard answer.starts(with: "HTTP/1.1 204 ".utf8) else {
                return .failed(reason: failure)
            }
            return .told
        } catch {
            if error.code == ENOENT || error.code == ECONNREFUSED { return .notRunning }
            return .failed(reason: "\(error)")
        }
    }

    /// Tells the gateway of a configuration's state to write down what it holds in memory; warns on
    /// standard error if it may not have.
    static func tellOrWarn(configurationFile path: String) {
        let outcome = ConfigurationFile.load(path, environment: Environment.all)
        guard let state = outcome.configuration?.state else { return }
        if case .failed(let reason) = tell(state) {
            StandardError.write("gatehouse: the running gateway did not answer: \(reason)")
        }
    }

    /// Tells the gateway and warns on standard error if it may not know yet.
    static func tellOrWarn(_ state: StateOptions) {
        if case .failed(let reason) = tell(state) {
            StandardError.write(
                "gatehouse: done; the running gateway was not told and finds out within a minute: "
                    + reason)
        }
    }
}
