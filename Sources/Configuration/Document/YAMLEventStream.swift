internal import CYAML

/// The events of one YAML text, as libyaml's parser tells them.
///
/// Owns the parser, the copy of the text that it reads, and the event at hand.
@safe final class YAMLEventStream {
    /// What the parser read, with everything of C copied.
    struct Event {
        let position: SourcePosition
        let kind: Kind
        /// Whether an anchor (`&name`) stands on the node.
        var isAnchored = false
        /// Whether a tag (`!name`) stands on the node.
        var isTagged = false
    }

    /// The events that the reader tells apart.
    enum Kind {
        case streamEnd
        case documentStart(hasDirectives: Bool)
        case alias
        case scalar(text: String, isPlain: Bool)
        case sequenceStart
        case mappingStart
        /// The end of a sequence or a mapping.
        case collectionEnd
        /// The start of the stream or the end of a document, which say nothing.
        case other
    }

    /// The text is not YAML.
    struct SyntaxError: Error {
        let position: SourcePosition
        let message: String
    }

    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let event: UnsafeMutablePointer<yaml_event_t>
    private let text: UnsafeMutableBufferPointer<UInt8>

    /// A stream over a UTF-8 text.
    init(_ bytes: [UInt8]) {
        unsafe parser = .allocate(capacity: 1)
        unsafe event = .allocate(capacity: 1)
        unsafe event.initialize(to: yaml_event_t())
        unsafe text = .allocate(capacity: bytes.count)
        _ = unsafe text.initialize(from: bytes)
        let ready = unsafe yaml_parser_initialize(parser)
        precondition(ready == 1, "libyaml could not allocate its parser")
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        unsafe yaml_parser_set_input_string(parser, text.baseAddress, text.count)
    }

    deinit {
        unsafe yaml_event_delete(event)
        unsafe yaml_parser_delete(parser)
        unsafe event.deallocate()
        unsafe parser.deallocate()
        unsafe text.deallocate()
    }

    /// The next event.
    ///
    /// - Throws: `SyntaxError` where the text is not YAML; the stream is of no use afterwards.
    func next() throws(SyntaxError) -> Event {
        unsafe yaml_event_delete(event)
        guard unsafe yaml_parser_parse(parser, event) == 1 else { throw syntaxError() }
        let position = unsafe Self.position(event.pointee.start_mark)
        switch unsafe event.pointee.type {
        case YAML_STREAM_END_EVENT:
            return Event(position: position, kind: .streamEnd)
        case YAML_DOCUMENT_START_EVENT:
            let start = unsafe event.pointee.data.document_start
            let hasDirectives =
                unsafe start.version_directive != nil
                || start.tag_directives.start != start.tag_directives.end
            return Event(position: position, kind: .documentStart(hasDirectives: hasDirectives))
        case YAML_ALIAS_EVENT:
            return Event(position: position, kind: .alias)
        case YAML_SCALAR_EVENT:
            let scalar = unsafe event.pointee.data.scalar
            let bytes = unsafe UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            let isPlain = unsafe scalar.style == YAML_PLAIN_SCALAR_STYLE
            return unsafe Event(
                position: position,
                kind: .scalar(text: String(decoding: bytes, as: UTF8.self), isPlain: isPlain),
                isAnchored: scalar.anchor != nil, isTagged: scalar.tag != nil)
        case YAML_SEQUENCE_START_EVENT:
            let start = unsafe event.pointee.data.sequence_start
            return unsafe Event(
                position: position, kind: .sequenceStart, isAnchored: start.anchor != nil,
                isTagged: start.tag != nil)
        case YAML_MAPPING_START_EVENT:
            let start = unsafe event.pointee.data.mapping_start
            return unsafe Event(
                position: position, kind: .mappingStart, isAnchored: start.anchor != nil,
                isTagged: start.tag != nil)
        case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
            return Event(position: position, kind: .collectionEnd)
        default:
            return Event(position: position, kind: .other)
        }
    }

    private static func position(_ mark: yaml_mark_t) -> SourcePosition {
        SourcePosition(line: mark.line + 1, column: mark.column + 1)
    }

    private func syntaxError() -> SyntaxError {
        let problem = unsafe parser.pointee.problem.map { unsafe String(cString: $0) }
        let message = problem ?? "cannot be read"
        guard unsafe parser.pointee.error != YAML_READER_ERROR else {
            let offset = unsafe parser.pointee.problem_offset
            return SyntaxError(position: position(ofByte: offset), message: message)
        }
        return unsafe SyntaxError(
            position: Self.position(parser.pointee.problem_mark), message: message)
    }

    /// The place of a byte, for problems that libyaml finds before it counts lines.
    private func position(ofByte offset: Int) -> SourcePosition {
        var position = SourcePosition.start
        for index in unsafe 0..<min(offset, text.count) {
            let byte = unsafe text[index]
            if byte == UInt8(ascii: "\n") {
                position = SourcePosition(line: position.line + 1, column: 1)
            } else if byte & 0xC0 != 0x80 {
                position.column += 1
            }
        }
        return position
    }
}
