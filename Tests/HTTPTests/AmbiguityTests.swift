import HTTP
import Testing

@Suite struct AmbiguityTests {
    /// The messages as the decoder reads them; nil if it refuses any, or if one is incomplete.
    private func strict(_ bytes: [UInt8]) -> [LenientReader.Message]? {
        var decoder = RequestDecoder()
        var offset = 0
        var messages: [LenientReader.Message] = []
        var ended = 0
        while true {
            guard let event = try? decoder.next(bytes.span, &offset) else { return nil }
            switch event {
            case .needMore:
                return ended == messages.count && decoder.isBetweenRequests ? messages : nil
            case .head(let head):
                messages.append(
                    LenientReader.Message(
                        method: head.method.name, target: head.target, host: head.host,
                        authorization: head.fields[.authorization] ?? ""))
            case .body(let range): messages[messages.count - 1].content += bytes[range]
            case .end: ended += 1
            }
        }
    }

    private func disagreement(_ bytes: [UInt8]) -> LenientReader? {
        guard let messages = strict(bytes) else { return nil }
        return LenientReader.all.first { $0.messages(bytes) != messages }
    }

    @Test(arguments: WireTable.requests.filter { $0.verdict == "accept" })
    func `what is accepted is read alike by every lenient reader`(row: RequestRow) {
        #expect(disagreement(row.bytes) == nil)
    }

    @Test func `the lenient readers disagree about the classics that are refused`() {
        for name in [
            "Content-Length and Transfer-Encoding", "two differing Content-Lengths",
            "a space before the colon of Transfer-Encoding", "Content_Length imitates another name",
            "a field smuggled in behind a bare LF", "Host twice", "Authorization twice",
            "NUL at the end of Host", "a bare CR in a field value", "Transfer-Encoding folded",
            "a Content-Length with a plus sign", "a Content-Length with a leading zero",
            "a size with 0x", "a framing field hidden in a fold",
        ] {
            guard let row = WireTable.requests.first(where: { $0.name == name }) else {
                Issue.record("no row is called \(name)")
                continue
            }
            let readings = LenientReader.all.map { $0.messages(row.bytes) }
            #expect(!readings.allSatisfy { $0 == readings.first }, "\(name)")
        }
    }

    @Test func `no mutation of a message passes with two readings`() {
        var random = SplitMix(state: 0x6761_7465)
        let seeds = WireTable.requests.map(\.bytes).filter { $0.count < 900 }
        let pieces: [[UInt8]] = [
            [0], [9], [10], [11], [13], [32], [13, 10], [13, 10, 13, 10], [58], [44], [59], [43],
            [48], [95], [0xFF], latin1("Content-Length: 3\r\n"), latin1("Host: b\r\n"),
            latin1("Transfer-Encoding: chunked\r\n"), latin1("chunked"), latin1("0\r\n\r\n"),
            latin1("Authorization: y\r\n"), latin1("GET / HTTP/1.1\r\n"), latin1(" "),
        ]
        var accepted = 0
        for _ in 0..<6_000 {
            var bytes = seeds[random.below(seeds.count)]
            for _ in 0...random.below(2) {
                let position = random.below(bytes.count)
                switch random.below(3) {
                case 0: bytes.remove(at: position)
                case 1: bytes[position] = pieces[random.below(15)][0]
                default:
                    bytes.insert(contentsOf: pieces[random.below(pieces.count)], at: position)
                }
            }
            if strict(bytes) != nil { accepted += 1 }
            if let reader = disagreement(bytes) {
                Issue.record("\(reader) reads otherwise: \(String(decoding: bytes, as: UTF8.self))")
            }
        }
        // Otherwise the comparison would say nothing.
        #expect(accepted > 200)
    }
}

/// A small generator with a fixed seed, so that a failure can be repeated.
struct SplitMix {
    var state: UInt64

    mutating func below(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ mixed >> 31) % UInt64(bound))
    }
}
