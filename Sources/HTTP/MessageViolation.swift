/// The deviations that a request and a response can have in common: lines, fields, framing, chunks.
///
/// One reader serves both; it throws the violation of the message it reads.
protocol MessageViolation: Error, Equatable, Sendable {
    static var startLineTooLong: Self { get }
    static var bareCarriageReturn: Self { get }
    static var bareLineFeed: Self { get }
    static var nulByte: Self { get }
    static var controlByte: Self { get }
    static var versionMalformed: Self { get }
    static var versionUnsupported: Self { get }
    static var fieldLineTooLong: Self { get }
    static var fieldsTooLarge: Self { get }
    static var tooManyFields: Self { get }
    static var whitespaceBeforeFirstField: Self { get }
    static var obsoleteLineFolding: Self { get }
    static var fieldLineWithoutColon: Self { get }
    static var fieldNameEmpty: Self { get }
    static var fieldNameInvalid: Self { get }
    static var whitespaceBeforeColon: Self { get }
    static var contentTypeRepeated: Self { get }
    static var contentLengthRepeated: Self { get }
    static var contentLengthInvalid: Self { get }
    static var contentLengthOverflow: Self { get }
    static var contentLengthWithTransferEncoding: Self { get }
    static var transferEncodingRepeated: Self { get }
    static var transferEncodingInHTTP10: Self { get }
    static var transferEncodingNotChunked: Self { get }
    static var chunkedTwice: Self { get }
    static var transferCodingUnsupported: Self { get }
    static var bodyTooLarge: Self { get }
    static var chunkLineTooLong: Self { get }
    static var chunkSizeInvalid: Self { get }
    static var chunkSizeTooLong: Self { get }
    static var chunkExtensionInvalid: Self { get }
    static var chunkExtensionsTooLarge: Self { get }
    static var chunkDataUnterminated: Self { get }
    static var trailersTooLarge: Self { get }
}
