/// How much work a derivation by scrypt takes (RFC 7914 §2).
package struct ScryptCost: Sendable, Equatable {
    /// The binary logarithm of N: how much memory and time, 2^logN blocks.
    package let logN: Int
    /// The size of a block, in units of 128 bytes.
    package let r: Int
    /// How often it is done.
    package let p: Int

    /// The most memory that one derivation may take, in bytes.
    package static let memoryLimit = 128 << 20

    /// A cost; nil for one that this process does not bear, or that RFC 7914 §2 does not have.
    package init?(logN: Int, r: Int, p: Int) {
        guard (1...20).contains(logN), (1...32).contains(r), (1...16).contains(p),
            Self.memory(logN, r, p) <= Self.memoryLimit
        else { return nil }
        self.logN = logN
        self.r = r
        self.p = p
    }

    /// What OpenSSL takes: N blocks, and the p states beside them.
    private static func memory(_ logN: Int, _ r: Int, _ p: Int) -> Int {
        128 * r * (1 << logN) + 128 * r * p + 256 * r
    }
}
