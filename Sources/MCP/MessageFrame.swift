import JSON

/// The bytes of a message without its id, to know the same message with another id again.
package struct MessageFrame: Sendable {
    private let bytes: [UInt8]
    private let id: Range<Int>

    /// The frame of a message.
    ///
    /// - Parameters:
    ///   - bytes: the message.
    ///   - id: where in it the id lies.
    package init(_ bytes: [UInt8], id: Range<Int>) {
        self.bytes = bytes
        self.id = id
    }

    /// The frame of `message`; nil where it has no id.
    package init?(of message: Message) {
        guard let id = message.idBytes else { return nil }
        self.init(message.document.bytes, id: id.startIndex..<id.endIndex)
    }

    /// The frame of bytes that were made of this message by changing what follows its id, or what
    /// is before it, where `start` says which.
    ///
    /// - Parameters:
    ///   - edited: the bytes.
    ///   - start: where the first change was made.
    /// - Returns: the frame of these bytes.
    package func edited(_ edited: [UInt8], from start: Int) -> MessageFrame {
        let shift = start < id.lowerBound ? edited.count - bytes.count : 0
        return MessageFrame(edited, id: id.lowerBound + shift..<id.upperBound + shift)
    }

    /// How many bytes the message has.
    package var count: Int { bytes.count }

    /// A number that is the same for messages that are the same but for the id, and seldom for others.
    ///
    /// It is not keyed: a peer can find messages that share it, so nothing may be believed for it.
    package var digest: UInt64 {
        let bytes = bytes.span
        return bytes.extracting(id.upperBound..<bytes.count)
            .digest(from: bytes.extracting(first: id.lowerBound).digest(from: 0))
    }

    /// Whether `message` is this one but for the id, which it spells as `newID`.
    package func isFrame(of message: [UInt8], id newID: ArraySlice<UInt8>) -> Bool {
        guard message.count == bytes.count - id.count + newID.count else { return false }
        let (known, new) = (bytes.span, message.span)
        let end = id.lowerBound + newID.count
        return known.extracting(first: id.lowerBound)
            .isSame(as: new.extracting(first: id.lowerBound))
            && newID.span.isSame(as: new.extracting(id.lowerBound..<end))
            && known.extracting(id.upperBound..<known.count)
                .isSame(as: new.extracting(end..<new.count))
    }

    /// The message with the id spelled as `newID`.
    package func bytes(id newID: ArraySlice<UInt8>) -> [UInt8] {
        if bytes[id].elementsEqual(newID) { return bytes }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count - id.count + newID.count)
        result += bytes[..<id.lowerBound]
        result += newID
        result += bytes[id.upperBound...]
        return result
    }
}

extension Span<UInt8> {
    /// Mixes the bytes into `start`, 32 at a time.
    fileprivate func digest(from start: UInt64) -> UInt64 {
        let factor: UInt64 = 0x9E37_79B9_7F4A_7C15
        var lanes = SIMD4(start, start &+ 1, start &+ 2, start &+ 3)
        var index = 0
        while index &+ 32 <= count {
            let words = unsafe bytes.unsafeLoadUnaligned(
                fromByteOffset: index, as: SIMD4<UInt64>.self)
            for lane in 0..<4 {
                let mixed = (lanes[lane] ^ words[lane]) &* factor
                lanes[lane] = mixed ^ mixed >> 32
            }
            index &+= 32
        }
        var result = lanes[0]
        for lane in 1..<4 { result = (result ^ lanes[lane]) &* factor ^ result >> 29 }
        while index < count {
            result = (result ^ UInt64(self[index])) &* factor
            result ^= result >> 32
            index &+= 1
        }
        return (result ^ UInt64(count)) &* factor
    }

    /// Whether the bytes are those of `other`, 64 at a time.
    fileprivate func isSame(as other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        var index = 0
        while index &+ 64 <= count {
            let mine = unsafe bytes.unsafeLoadUnaligned(
                fromByteOffset: index, as: SIMD8<UInt64>.self)
            let theirs = unsafe other.bytes.unsafeLoadUnaligned(
                fromByteOffset: index, as: SIMD8<UInt64>.self)
            if mine != theirs { return false }
            index &+= 64
        }
        return extracting(index..<count).equals(other.extracting(index..<count))
    }
}
