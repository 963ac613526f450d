/// Reads content in the chunked transfer coding, RFC 9112 §7.1.
///
/// Extensions and trailers are read by their grammar, limited, and dropped: nothing of the framing
/// is relayed.
struct ChunkedDecoder<Violation: MessageViolation>: Sendable {
    enum Event {
        case needMore
        case body(Range<Int>)
        case end
    }

    private enum Phase {
        case size
        case data(remaining: Int)
        case dataEnd
        case dataLineFeed
        case trailers
    }

    private let limits: MessageLimits
    private var phase = Phase.size
    private var sizeLine: Gatherer<ChunkLine<Violation>>
    private var trailers: Gatherer<TrailerSection<Violation>>
    private var received = 0
    private var extensionBytes = 0

    init(limits: MessageLimits) {
        self.limits = limits
        self.sizeLine = Gatherer(ChunkLine(limit: limits.chunkLine))
        self.trailers = Gatherer(TrailerSection(limits: limits))
    }

    /// The next event of `input` from `offset` on.
    mutating func next(
        _ input: Span<UInt8>, _ offset: inout Int, bodyLimit: Int
    ) throws(Violation) -> Event {
        while true {
            switch phase {
            case .size:
                guard try sizeLine.read(input, &offset) != nil else { return .needMore }
                try beginChunk(bodyLimit: bodyLimit)
            case .data(let remaining):
                guard offset < input.count else { return .needMore }
                let range = offset..<min(input.count, offset + remaining)
                offset = range.upperBound
                phase =
                    range.count < remaining ? .data(remaining: remaining - range.count) : .dataEnd
                return .body(range)
            case .dataEnd:
                guard offset < input.count else { return .needMore }
                // RFC 9112 §7.1 — chunk-data is followed by CRLF, and by nothing that resembles it.
                if input[offset] != .carriageReturn { throw .chunkDataUnterminated }
                offset += 1
                phase = .dataLineFeed
            case .dataLineFeed:
                guard offset < input.count else { return .needMore }
                if input[offset] != .lineFeed { throw .chunkDataUnterminated }
                offset += 1
                phase = .size
            case .trailers:
                return try trailers.read(input, &offset) == nil ? .needMore : .end
            }
        }
    }

    private mutating func beginChunk(bodyLimit: Int) throws(Violation) {
        let line = sizeLine.consumer
        sizeLine = Gatherer(ChunkLine(limit: limits.chunkLine))
        extensionBytes += line.extensionBytes
        // RFC 9112 §7.1.1 — a server ought to limit the total length of chunk extensions.
        if extensionBytes > limits.chunkExtensions { throw .chunkExtensionsTooLarge }
        if line.size > bodyLimit - received { throw .bodyTooLarge }
        received += line.size
        phase = line.size == 0 ? .trailers : .data(remaining: line.size)
    }
}

/// One chunk-size line, RFC 9112 §7.1: `chunk-size [ chunk-ext ] CRLF`.
struct ChunkLine<Violation: MessageViolation>: LineConsumer {
    static var keepsBytes: Bool { false }

    /// The size, at most 0xFFFFFFFF.
    private(set) var size = 0
    /// The bytes behind the size.
    private(set) var extensionBytes = 0
    private let limit: Int
    private var lines = LineReader<Violation>()

    init(limit: Int) { self.limit = limit }

    mutating func read(_ bytes: Span<UInt8>) throws(Violation) -> Int? {
        guard let line = try lines.nextLine(bytes, limit: limit, tooLong: .chunkLineTooLong) else {
            return nil
        }
        var index = 0
        while index < line.upperBound, let digit = bytes[index].hexDigitValue {
            // RFC 9112 §7.1 — a recipient MUST anticipate large numerals: eight digits, zeros
            // included.
            if index == 8 { throw .chunkSizeTooLong }
            size = size << 4 | Int(digit)
            index += 1
        }
        // RFC 9112 §7.1 — 1*HEXDIG: no sign, no `0x`, no whitespace.
        if index == 0 || index < line.upperBound && bytes[index] != .semicolon {
            throw .chunkSizeInvalid
        }
        extensionBytes = line.upperBound - index
        try checkExtensions(bytes.extracting(index..<line.upperBound))
        return lines.position
    }

    // RFC 9112 §7.1.1 — *( ";" chunk-ext-name [ "=" chunk-ext-val ] ), of which a recipient MUST
    // ignore what it does not know. The whitespace that the RFC tolerates there is refused: readers
    // disagree about it.
    private func checkExtensions(_ bytes: Span<UInt8>) throws(Violation) {
        var index = 0
        while index < bytes.count {
            guard bytes[index] == .semicolon else { throw .chunkExtensionInvalid }
            index = Self.endOfToken(bytes, from: index + 1)
            if bytes[index - 1] == .semicolon { throw .chunkExtensionInvalid }
            guard index < bytes.count, bytes[index] == .equalsSign else { continue }
            let start = index + 1
            if start < bytes.count, bytes[start] == .quote {
                guard let end = Self.endOfQuotedString(bytes, from: start + 1) else {
                    throw .chunkExtensionInvalid
                }
                index = end
            } else {
                index = Self.endOfToken(bytes, from: start)
                if index == start { throw .chunkExtensionInvalid }
            }
        }
    }

    private static func endOfToken(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index < bytes.count, bytes[index].isTokenByte { index += 1 }
        return index
    }

    // RFC 9110 §5.6.4; the line has no control bytes but HTAB.
    private static func endOfQuotedString(_ bytes: Span<UInt8>, from start: Int) -> Int? {
        var index = start
        while index < bytes.count {
            if bytes[index] == .quote { return index + 1 }
            index += bytes[index] == .backslash ? 2 : 1
        }
        return nil
    }
}

/// The trailer section, RFC 9112 §7.1.2, up to and with its empty line.
///
/// RFC 9110 §6.5.1 — trailers are not merged into the fields, whatever they name: all of them are
/// dropped.
struct TrailerSection<Violation: MessageViolation>: LineConsumer {
    static var keepsBytes: Bool { false }

    private let limits: MessageLimits
    private var lines = LineReader<Violation>()
    private var section = FieldSection<Violation>()

    init(limits: MessageLimits) { self.limits = limits }

    mutating func read(_ bytes: Span<UInt8>) throws(Violation) -> Int? {
        while let line = try lines.nextLine(
            bytes, limit: limits.fieldLine, tooLong: .fieldLineTooLong)
        {
            if line.isEmpty { return lines.position }
            try section.add(
                bytes, line, sizeLimit: limits.trailers, tooLarge: .trailersTooLarge,
                countLimit: limits.fieldCount)
            section.dropEntries()
        }
        return nil
    }
}
