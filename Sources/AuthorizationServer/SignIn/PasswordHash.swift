package import Cryptography

/// A password as it is kept: scrypt in the PHC string format,
/// `$scrypt$ln=15,r=8,p=3$<salt>$<hash>` with base64 without padding.
package struct PasswordHash: Sendable, Equatable, CustomStringConvertible,
    CustomReflectable
{
    /// The longest password that is looked at, in bytes.
    package static let maximumPasswordLength = 1024
    /// The shortest password that is set, in characters.
    package static let minimumPasswordLength = 8
    /// What new passwords are kept with: 32 MB, three times.
    static let parameters = (logN: 15, r: 8, p: 3)
    static let saltLength = 16
    static let hashLength = 32

    private let logN: Int
    private let r: Int
    private let p: Int
    private let salt: [UInt8]
    private let hash: [UInt8]

    /// The PHC string.
    package var text: String {
        "$scrypt$ln=\(logN),r=\(r),p=\(p)$\(Self.encode(salt))$\(Self.encode(hash))"
    }

    package var description: String { "(a password's hash)" }
    package var customMirror: Mirror { Mirror(self, children: []) }

    /// Hashes a password with a new salt; takes long.
    ///
    /// - Throws: `CryptographyError` when there is not enough memory.
    package init(of password: [UInt8]) throws(CryptographyError) {
        (logN, r, p) = Self.parameters
        salt = randomBytes(Self.saltLength)
        hash = try scrypt(
            password: password, salt: salt, logN: logN, r: r, p: p, count: Self.hashLength)
    }

    /// Reads a PHC string; nil for one of another kind, or one that costs more than we bear.
    package init?(_ text: String) {
        let parts = text.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].isEmpty, parts[1] == "scrypt",
            let costs = Self.costs(parts[2]), let salt = Self.decode(parts[3]),
            let hash = Self.decode(parts[4]), (8...64).contains(salt.count),
            (16...64).contains(hash.count)
        else { return nil }
        guard (10...17).contains(costs[0]), (1...32).contains(costs[1]),
            (1...16).contains(costs[2]), costs[1] << costs[0] <= 1 << 20
        else { return nil }
        (logN, r, p) = (costs[0], costs[1], costs[2])
        self.salt = salt
        self.hash = hash
    }

    /// Whether the password is this one; takes long.
    package func matches(_ password: [UInt8]) -> Bool {
        guard
            let derived = try? scrypt(
                password: password, salt: salt, logN: logN, r: r, p: p, count: hash.count)
        else { return false }
        return constantTimeEqual(derived, hash)
    }

    /// Does the work of a comparison for a user who does not exist, so that it takes as long.
    package static func compareWithNobody(_ password: [UInt8]) {
        _ = try? scrypt(
            password: password, salt: [UInt8](repeating: 0, count: saltLength),
            logN: parameters.logN, r: parameters.r, p: parameters.p, count: hashLength)
    }

    /// Changes whenever the password does; says nothing about it.
    package var mark: String {
        Base64URL.encode(Array(sha256(Array(text.utf8)).bytes.prefix(12)))
    }

    private static func costs(_ text: Substring) -> [Int]? {
        let pairs = text.split(separator: ",", omittingEmptySubsequences: false)
        guard pairs.count == 3 else { return nil }
        var costs: [Int] = []
        for (pair, name) in zip(pairs, ["ln=", "r=", "p="]) {
            let digits = pair.dropFirst(name.count)
            guard pair.hasPrefix(name), (1...3).contains(digits.count), digits.first != "0",
                digits.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(digits)
            else { return nil }
            costs.append(number)
        }
        return costs
    }

    /// Base64 without padding (RFC 4648 §4), which the PHC string format has.
    private static func encode(_ bytes: [UInt8]) -> String {
        String(
            Base64URL.encode(bytes).map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
    }

    private static func decode(_ text: Substring) -> [UInt8]? {
        guard !text.contains("-"), !text.contains("_") else { return nil }
        return Base64URL.decode(
            String(text.map { $0 == "+" ? "-" : $0 == "/" ? "_" : $0 }))
    }
}
