// Looks at fields where they lie: nothing is copied and nothing is kept alive beyond the call.

extension Fields {
    /// Whether a field line carries this name.
    package func has(_ name: WellKnownField) -> Bool { present & name.bit != 0 }

    /// Whether exactly one field line carries this name.
    package func hasOne(_ name: WellKnownField) -> Bool { present & ~repeated & name.bit != 0 }

    /// Whether a field line has a name that is not well-known and begins with `prefix`, which is in
    /// lower case.
    package func hasName(beginningWith prefix: StaticString) -> Bool {
        let length = prefix.utf8CodeUnitCount
        let bytes = storage.span
        for index in 0..<entries.count where entries[index].known == nil {
            let name = entries[index].name
            if name.count >= length,
                bytes.extracting(name.lowerBound..<name.lowerBound + length)
                    .equalsIgnoringCase(prefix)
            {
                return true
            }
        }
        return false
    }

    /// What `body` says about the value of the one field line with this name; false if there is
    /// none, or more than one.
    package func withOnly(_ name: WellKnownField, _ body: (Span<UInt8>) -> Bool) -> Bool {
        guard hasOne(name), let entry = firstEntry(of: name) else { return false }
        return body(storage.span.extracting(entry.value))
    }

    /// Appends the field lines for which `isWanted` is true, byte for byte and in their order.
    package func appendLines(to bytes: inout [UInt8], where isWanted: (Field) -> Bool) {
        for index in 0..<entries.count {
            let field = self[index]
            if isWanted(field) { bytes.appendField(field) }
        }
    }
}

extension Span<UInt8> {
    /// Whether one of these bytes is `byte`.
    package func holds(_ byte: UInt8) -> Bool { first(byte, in: 0..<count) < count }
}
