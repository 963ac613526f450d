/// What the nodes say of the values.
extension JSONIndex {
    /// The text of a string, unescaped; nil for another kind.
    func utf8(of node: JSONNode) -> ArraySlice<UInt8>? {
        let bytes = bytes
        return switch node.tag {
        case .string: bytes[node.content]
        case .escapedString: bytes.span.unescaped(node.content)[...]
        default: nil
        }
    }

    /// A number written as digits only, perhaps after a minus sign, that fits; nil otherwise.
    func integer(of node: JSONNode) -> Int64? {
        guard node.tag == .integer else { return nil }
        let bytes = bytes
        let digits = bytes.span.extracting(node.range)
        let isNegative = digits[0] == ASCII.minus
        var value: Int64 = 0
        for offset in (isNegative ? 1 : 0)..<digits.count {
            let digit = Int64(digits[offset] - ASCII.zero)
            let (tens, overflows) = value.multipliedReportingOverflow(by: 10)
            let (sum, sumOverflows) =
                isNegative
                ? tens.subtractingReportingOverflow(digit) : tens.addingReportingOverflow(digit)
            if overflows || sumOverflows { return nil }
            value = sum
        }
        return value
    }

    /// Whether the node is a string of exactly that text.
    @inline(__always)
    func isString(_ node: JSONNode, _ text: Span<UInt8>) -> Bool {
        let bytes = bytes
        return node.isString(text, in: bytes.span)
    }
}

extension JSONNode {
    /// Offsets of the value with its quotes, brackets or braces.
    var range: Range<Int> { Int(start)..<Int(end) }

    /// What kind of value it is.
    var kind: JSONValue.Kind {
        switch tag.kind {
        case .object: .object
        case .array: .array
        case .string: .string
        case .number: .number
        case .true: .true
        case .false: .false
        default: .null
        }
    }

    /// Whether this is a string of exactly that text.
    @inline(__always)
    func isString(_ text: Span<UInt8>, in bytes: Span<UInt8>) -> Bool {
        switch tag {
        case .string:
            return bytes.equals(text, in: content)
        case .escapedString:
            let unescaped = bytes.unescaped(content)
            return text.equals(unescaped.span, in: 0..<text.count)
        default:
            return false
        }
    }
}
