package import Cryptography
import Synchronization

/// The nonces that proofs must hold (RFC 9449 §8, §9): they follow from a key and the time alone, so
/// that nothing is kept and every replica knows those of the others.
///
/// One is the same for everybody, at the token endpoint and at all servers: clients keep one per
/// origin.
package final class DPoPNonces: Sendable {
    /// How long a nonce is the newest, in seconds; it is taken for as long again.
    package static let sliceLength: Int64 = 150
    /// The length of a nonce in bytes, before base64url.
    private static let length = 16

    /// What is made, and what is taken, in one slice of time.
    private struct Slice {
        let number: Int64
        let newest: String
        let accepted: [[UInt8]]
    }

    private let keys: [SecretBytes]
    /// The latest slice, so that its nonces are not made for every request.
    private let latest = Mutex<Slice?>(nil)

    /// Nonces by these keys: the first one makes, and what any of them made is taken.
    ///
    /// - Precondition: there is a key.
    package init(keys: [SecretBytes]) {
        precondition(!keys.isEmpty, "a nonce is made with a key")
        self.keys = keys
    }

    /// The nonce for proofs that are made now; `now` is in Unix seconds.
    package func newest(at now: Int64) -> String { slice(at: now).newest }

    /// Whether a nonce is the newest or the one before; `now` is in Unix seconds.
    package func contains(_ nonce: String, at now: Int64) -> Bool {
        let bytes = Array(nonce.utf8)
        return slice(at: now).accepted.contains { constantTimeEqual($0, bytes) }
    }

    private func slice(at now: Int64) -> Slice {
        let number = max(0, now) / Self.sliceLength
        return latest.withLock { latest in
            if let latest, latest.number == number { return latest }
            let accepted = [number, number - 1].flatMap { number in
                keys.map { Self.nonce(number, $0) }
            }
            let slice = Slice(
                number: number, newest: Self.nonce(number, keys[0]),
                accepted: accepted.map { Array($0.utf8) })
            latest = slice
            return slice
        }
    }

    private static func nonce(_ number: Int64, _ key: SecretBytes) -> String {
        let message = stride(from: Int64(56), through: 0, by: -8).map { shift in
            UInt8(truncatingIfNeeded: number >> shift)
        }
        return Base64URL.encode(Array(hmacSHA256(key: key.bytes, message).prefix(length)))
    }
}
