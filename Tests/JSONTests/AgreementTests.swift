import Foundation
import JSON
import Testing

/// Random documents, read by this module and by Foundation.
@Suite("Agreement") struct AgreementTests {
    @Test(arguments: 0..<40)
    func `a valid random document is accepted by both and means the same`(_ seed: UInt64) throws {
        var random = SplitMix(state: seed)
        for _ in 0..<25 {
            let text = RandomText.value(depth: 5, using: &random)
            let theirs = try JSONSerialization.jsonObject(
                with: Data(text.utf8), options: .fragmentsAllowed)
            expectSame(try value(text), theirs)
        }
    }

    @Test(arguments: 0..<40)
    func `whatever is accepted after a random change is accepted by Foundation too`(
        _ seed: UInt64
    ) throws {
        var random = SplitMix(state: seed &+ 1000)
        var accepted = 0
        for _ in 0..<120 {
            var bytes = Array(RandomText.value(depth: 3, using: &random).utf8)
            for _ in 0..<Int.random(in: 1...2, using: &random) {
                RandomText.change(&bytes, using: &random)
            }
            guard let document = try? JSONDocument(parsing: bytes) else { continue }
            // Foundation has a limit that the grammar has not: numbers must fit a Double.
            guard isRepresentable(document.root) else { continue }
            accepted += 1
            #expect(throws: Never.self, "\(String(decoding: bytes, as: UTF8.self))") {
                _ = try JSONSerialization.jsonObject(
                    with: Data(bytes), options: .fragmentsAllowed)
            }
        }
        #expect(accepted > 0)
    }

    private func isRepresentable(_ value: JSONValue) -> Bool {
        switch value.kind {
        case .number:
            Double(String(decoding: value.rawBytes, as: UTF8.self))?.isFinite == true
        default:
            value.elements.allSatisfy { isRepresentable($0) }
                && value.members.allSatisfy { isRepresentable($0.value) }
        }
    }

    private func expectSame(_ ours: JSONValue, _ theirs: Any) {
        switch ours.kind {
        case .object:
            let object = theirs as? [String: Any] ?? [:]
            let members = Array(ours.members)
            #expect(members.count == object.count)
            for (name, value) in members {
                let key = name.string ?? ""
                #expect(ours.member(key)?.range == value.range)
                expectSame(value, object[key] as Any)
            }
        case .array:
            let array = theirs as? [Any] ?? []
            let elements = Array(ours.elements)
            #expect(elements.count == array.count)
            for (element, other) in zip(elements, array) { expectSame(element, other) }
        case .string:
            #expect(ours.string == theirs as? String)
        case .number:
            let text = String(decoding: ours.rawBytes, as: UTF8.self)
            #expect(Double(text) == (theirs as? NSNumber)?.doubleValue)
            #expect(ours.integer == Int64(text))
        case .true, .false:
            #expect(ours.bool == theirs as? Bool)
        case .null:
            #expect(theirs is NSNull)
        }
    }
}

/// Texts within the grammar, with whitespace, escapes and all planes of Unicode.
private enum RandomText {
    static func value(depth: Int, using random: inout SplitMix) -> String {
        let kinds = depth > 0 ? 9 : 6
        switch Int.random(in: 0..<kinds, using: &random) {
        case 0: return ["true", "false", "null"].randomElement(using: &random) ?? "null"
        case 1: return String(Int64.random(in: -1_000_000...1_000_000, using: &random))
        case 2: return number(using: &random)
        case 3...5: return string(using: &random)
        case 6, 7:
            let names = (0..<Int.random(in: 0...20, using: &random)).map { "\($0)" }
            let members = names.shuffled(using: &random).map { suffix in
                let name = string(using: &random).dropLast() + "#\(suffix)\""
                return space(&random) + name + space(&random) + ":" + space(&random)
                    + value(depth: depth - 3, using: &random) + space(&random)
            }
            return "{" + members.joined(separator: ",") + "}"
        default:
            let elements = (0..<Int.random(in: 0...6, using: &random)).map { _ in
                space(&random) + value(depth: depth - 1, using: &random) + space(&random)
            }
            return "[" + elements.joined(separator: ",") + "]"
        }
    }

    static func number(using random: inout SplitMix) -> String {
        let digits = String(Int.random(in: 0...99_999, using: &random))
        let exponent = ["", "e3", "E-4", "e+05"].randomElement(using: &random) ?? ""
        let fraction = ["", ".5", ".000", ".125"].randomElement(using: &random) ?? ""
        return (Bool.random(using: &random) ? "-" : "") + digits + fraction + exponent
    }

    static func string(using random: inout SplitMix) -> String {
        let pieces = [
            "a", "method", "lorem ipsum dolor sit amet, consectetur adipiscing", "é", "漢字", "😀",
            "\\n", "\\\"", "\\\\", "\\/", "\\u0041", "\\u00e9", "\\ud83d\\ude00", "\u{7F}", "{",
            "]",
            ",", ":", "\u{10FFFF}",
        ]
        let content = (0..<Int.random(in: 0...8, using: &random)).map { _ in
            pieces.randomElement(using: &random) ?? ""
        }
        return "\"" + content.joined() + "\""
    }

    static func space(_ random: inout SplitMix) -> String {
        ["", "", "", " ", "\n", "\t ", "\r\n    "].randomElement(using: &random) ?? ""
    }

    static func change(_ bytes: inout [UInt8], using random: inout SplitMix) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        let byte = Array("\"\\{}[],:0189-+.eEtu \n\u{0}é".utf8).randomElement(using: &random) ?? 0
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[place] = byte
        case 1: bytes.insert(byte, at: place)
        default: if bytes.count > 1 { bytes.remove(at: place) }
        }
    }
}

/// A generator that gives the same numbers for the same seed.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
