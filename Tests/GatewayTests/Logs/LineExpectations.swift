import Foundation
import Testing

/// Expects one line, ended by a line feed, without anything that a terminal or an editor would take
/// for a line end, a control or a change of direction.
func expectOneCleanLine(_ line: String, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(line.utf8.last == UInt8(ascii: "\n"), sourceLocation: sourceLocation)
    for scalar in line.unicodeScalars.dropLast() {
        let category = scalar.properties.generalCategory
        #expect(
            ![.control, .format, .lineSeparator, .paragraphSeparator].contains(category),
            "U+\(String(scalar.value, radix: 16))", sourceLocation: sourceLocation)
    }
}

/// The line as a reader of JSON sees it.
func decodedObject(_ line: String) throws -> [String: Any] {
    let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
    return try #require(value as? [String: Any])
}
