/// Reads something that ends with a line: a head, a chunk-size line, a trailer section.
protocol LineConsumer: Sendable {
    associatedtype Violation: MessageViolation
    /// Whether the bytes are wanted when everything has been read.
    static var keepsBytes: Bool { get }
    /// Reads what is new of `bytes`, which begin where the whole begins and only ever grow.
    ///
    /// Returns the length of the whole once it is complete, else nil.
    mutating func read(_ bytes: Span<UInt8>) throws(Violation) -> Int?
}

/// Gives a consumer contiguous bytes: the caller's own if the whole lies in one piece, else a copy.
struct Gatherer<Consumer: LineConsumer>: Sendable {
    var consumer: Consumer
    private var held: [UInt8] = []

    init(_ consumer: Consumer) { self.consumer = consumer }

    /// Whether nothing has come yet.
    var isEmpty: Bool { held.isEmpty }

    /// Reads on from `offset`, which moves behind what was taken.
    ///
    /// Returns the bytes of the whole once it is complete, or no bytes if the consumer does not
    /// keep them; nil if more input is needed.
    mutating func read(
        _ input: Span<UInt8>, _ offset: inout Int
    ) throws(Consumer.Violation) -> [UInt8]? {
        if held.isEmpty {
            let bytes = input.extracting(offset...)
            if let count = try consumer.read(bytes) {
                offset += count
                return Consumer.keepsBytes ? [UInt8](copying: bytes.extracting(..<count)) : []
            }
            held.append(copying: bytes)
            offset = input.count
            return nil
        }
        var bytes = held
        held = []
        while offset < input.count {
            let end = input.lineEnd(from: offset)
            bytes.append(copying: input.extracting(offset..<end))
            offset = end
            if try consumer.read(bytes.span) != nil { return bytes }
        }
        held = bytes
        return nil
    }
}

extension Span<UInt8> {
    /// The offset behind the next LF, or the end.
    fileprivate func lineEnd(from start: Int) -> Int {
        var index = start
        while index < count {
            index += 1
            if self[index - 1] == .lineFeed { return index }
        }
        return count
    }
}

extension [UInt8] {
    fileprivate init(copying bytes: Span<UInt8>) {
        self = unsafe bytes.withUnsafeBufferPointer { buffer in unsafe Array(buffer) }
    }

    fileprivate mutating func append(copying bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer { buffer in unsafe append(contentsOf: buffer) }
    }
}
