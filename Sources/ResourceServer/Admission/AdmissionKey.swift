import Cryptography

/// Names what the table counts for one user and client at one server.
///
/// A key is the beginning of a digest over one byte for its kind and parts of fixed length, so that
/// no two kinds ever have the same text; what a caller chooses can only be searched for by trying.
struct AdmissionKey: Sendable, Hashable {
    /// What is counted.
    private enum Kind: UInt8 {
        case requests = 1
        case calls = 2
    }

    /// Never 0.
    let value: UInt64

    /// All requests of an owner: the digest of a server's name and a principal.
    static func requests(of owner: SHA256Digest) -> AdmissionKey {
        AdmissionKey([Kind.requests.rawValue] + owner.bytes)
    }

    /// The owner's calls that one entry of a server's `tools` limits; `entry` is the digest of its
    /// pattern.
    static func calls(of owner: SHA256Digest, limitedBy entry: SHA256Digest) -> AdmissionKey {
        AdmissionKey([Kind.calls.rawValue] + entry.bytes + owner.bytes)
    }

    private init(_ bytes: [UInt8]) {
        value = max(1, sha256(bytes).bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }
}
