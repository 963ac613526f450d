import Foundation
import Testing

/// One request of `Tests/Wire/requests.json`.
///
/// `verdict` is `accept` or the case of `RequestViolation`. `status` is the gateway's answer with a
/// valid token, zero where that is up to the layers above; `forwarded` says whether the upstream
/// may see it.
struct RequestRow: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let rule: String
    let raw: String
    let verdict: String
    let status: Int
    let forwarded: Bool
    let content: String?

    var testDescription: String { "\(name) (\(rule))" }
    /// The bytes on the wire.
    var bytes: [UInt8] { latin1(raw.replacingOccurrences(of: "{{token}}", with: "x")) }
}

/// One answer of an upstream of `Tests/Wire/responses.json`; `closes` says that the connection ends
/// after it.
struct ResponseRow: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let rule: String
    let requestMethod: String
    let raw: String
    let closes: Bool
    let verdict: String
    let content: String?

    var testDescription: String { "\(name) (\(rule))" }
    /// The bytes on the wire.
    var bytes: [UInt8] { latin1(raw) }
}

/// The bytes of a string whose characters are bytes.
func latin1(_ text: String) -> [UInt8] {
    text.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
}

enum WireTable {
    static let requests: [RequestRow] = load("requests.json")
    static let responses: [ResponseRow] = load("responses.json")

    private static func load<Row: Decodable>(_ name: String) -> [Row] {
        let file = URL(fileURLWithPath: #filePath).resolvingSymlinksInPath()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Wire").appendingPathComponent(name)
        do {
            return try JSONDecoder().decode([Row].self, from: Data(contentsOf: file))
        } catch {
            preconditionFailure("\(name) cannot be read: \(error)")
        }
    }

    /// Every position of short bytes, and of long ones the first and last and some between.
    static func splits(of count: Int) -> [Int] {
        guard count > 900 else { return Array(0...count) }
        return Array(0..<150) + stride(from: 150, to: count - 150, by: count / 40)
            + Array((count - 150)...count)
    }
}
