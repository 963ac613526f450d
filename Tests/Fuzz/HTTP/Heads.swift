import HTTP

extension Array<UInt8> {
    fileprivate mutating func add(_ bytes: some Sequence<UInt8>) {
        append(contentsOf: bytes)
        append(0)
    }

    fileprivate mutating func add(_ fields: Fields) {
        for field in fields {
            add(field.name)
            add(field.value)
        }
    }
}

extension RequestHead {
    /// All that was read of it, without ambiguity.
    var canonical: [UInt8] {
        var bytes: [UInt8] = []
        bytes.add(method.name.utf8)
        bytes.add(targetBytes)
        bytes.add(pathBytes)
        bytes += [version == .http11 ? 1 : 0, persistent ? 1 : 0, expectsContinue ? 1 : 0]
        switch framing {
        case .none: bytes.append(0)
        case .length(let length): bytes.add("\(length)".utf8)
        case .chunked: bytes.append(1)
        }
        bytes.add(fields)
        return bytes
    }
}

extension ResponseHead {
    /// All that was read of it, without ambiguity; the reason phrase says nothing.
    var canonical: [UInt8] {
        var bytes: [UInt8] = [UInt8(status >> 8), UInt8(status & 255)]
        bytes += [version == .http11 ? 1 : 0, persistent ? 1 : 0]
        switch framing {
        case .none: bytes.append(0)
        case .length(let length): bytes.add("\(length)".utf8)
        case .chunked: bytes.append(1)
        case .untilClose: bytes.append(2)
        }
        bytes.add(fields)
        return bytes
    }
}
