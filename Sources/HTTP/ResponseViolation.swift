/// How an upstream's response deviates from what the gateway reads; one case each, all of them
/// answered with 502.
package enum ResponseViolation: String, Error, Sendable, CaseIterable {
    /// RFC 9112 §4: the status line is longer than `MessageLimits.startLine`.
    case startLineTooLong
    /// RFC 9112 §4: not version SP three digits SP reason.
    case statusLineMalformed
    /// RFC 9110 §15: a status code outside of 100 to 599.
    case statusCodeOutOfRange
    /// RFC 9112 §2.3: not `HTTP/` digit `.` digit in upper case.
    case versionMalformed
    /// RFC 9110 §15.6.6: a version other than 1.0 and 1.1.
    case versionUnsupported
    /// RFC 9110 §15.2.2: 101, which the gateway never asks for.
    case switchingProtocols
    /// RFC 9110 §15.2: more 1xx answers than `MessageLimits.interimResponseCount`.
    case tooManyInterimResponses
    /// RFC 9112 §6.1, RFC 9110 §8.6: a 1xx answer with Content-Length or Transfer-Encoding.
    case interimResponseWithContent
    /// RFC 9112 §6.1, RFC 9110 §8.6: 204 that announces content.
    case noContentWithContent
    /// RFC 9112 §2.2: a CR that no LF follows.
    case bareCarriageReturn
    /// RFC 9112 §2.2: a line ended by LF alone.
    case bareLineFeed
    /// RFC 9110 §5.5: a NUL in a line.
    case nulByte
    /// RFC 9110 §5.5: a control byte other than HTAB in a line.
    case controlByte
    /// RFC 6585 §5: a field line is longer than `MessageLimits.fieldLine`.
    case fieldLineTooLong
    /// RFC 6585 §5: the field lines are longer than `MessageLimits.fields`.
    case fieldsTooLarge
    /// RFC 6585 §5: more field lines than `MessageLimits.fieldCount`.
    case tooManyFields
    /// RFC 9112 §2.2: whitespace between the start line and the first field.
    case whitespaceBeforeFirstField
    /// RFC 9112 §5.2: a field line that continues the one before.
    case obsoleteLineFolding
    /// RFC 9112 §5: a field line without a colon.
    case fieldLineWithoutColon
    /// RFC 9110 §5.1: a field line that begins with its colon.
    case fieldNameEmpty
    /// RFC 9110 §5.1: a field name that is no token.
    case fieldNameInvalid
    /// RFC 9112 §5.1: whitespace between field name and colon.
    case whitespaceBeforeColon
    /// RFC 9110 §8.3: more than one Content-Type.
    case contentTypeRepeated
    /// RFC 9112 §6.3: more than one Content-Length, the same or not.
    case contentLengthRepeated
    /// RFC 9110 §8.6: not digits alone, a list, or a leading zero.
    case contentLengthInvalid
    /// RFC 9110 §8.6: more than an integer holds.
    case contentLengthOverflow
    /// RFC 9112 §6.1: both ways of framing in one message.
    case contentLengthWithTransferEncoding
    /// RFC 9112 §6.1: more than one Transfer-Encoding.
    case transferEncodingRepeated
    /// RFC 9112 §6.1: a transfer coding in HTTP/1.0.
    case transferEncodingInHTTP10
    /// RFC 9112 §6.3: the final coding is not `chunked`, or the list is malformed.
    case transferEncodingNotChunked
    /// RFC 9112 §7: chunked applied more than once.
    case chunkedTwice
    /// RFC 9112 §6.1: a coding beneath chunked.
    case transferCodingUnsupported
    /// RFC 9110 §15.5.14: more content than the limit, announced or sent.
    case bodyTooLarge
    /// RFC 9112 §7.1.1: a chunk-size line longer than `MessageLimits.chunkLine`.
    case chunkLineTooLong
    /// RFC 9112 §7.1: a chunk size that is not hexadecimal digits alone.
    case chunkSizeInvalid
    /// RFC 9112 §7.1: a chunk size of more than eight digits.
    case chunkSizeTooLong
    /// RFC 9112 §7.1.1: a chunk extension outside of the grammar, whitespace included.
    case chunkExtensionInvalid
    /// RFC 9112 §7.1.1: more extensions than `MessageLimits.chunkExtensions`.
    case chunkExtensionsTooLarge
    /// RFC 9112 §7.1: chunk data that CRLF does not follow.
    case chunkDataUnterminated
    /// RFC 6585 §5: trailers longer than `MessageLimits.trailers`.
    case trailersTooLarge
    /// RFC 9112 §9.5: the connection was closed before the first byte of an answer.
    case closedBeforeResponse
    /// RFC 9112 §8: the connection was closed inside of the head.
    case headTruncated
    /// RFC 9112 §8: the connection was closed before the announced end of the content.
    case contentTruncated
}

extension ResponseViolation: MessageViolation {}

extension ResponseViolation: CustomStringConvertible {
    /// What is wrong, in a few plain words for the log.
    package var description: String {
        switch self {
        case .startLineTooLong: "the status line is too long"
        case .statusLineMalformed: "the status line is malformed"
        case .statusCodeOutOfRange: "the status code is out of range"
        case .versionMalformed: "the protocol version is malformed"
        case .versionUnsupported: "the protocol version is not supported"
        case .switchingProtocols: "the upstream switches protocols"
        case .tooManyInterimResponses: "there are too many interim responses"
        case .interimResponseWithContent: "an interim response announces content"
        case .noContentWithContent: "a 204 response announces content"
        case .bareCarriageReturn: "a carriage return that no line feed follows"
        case .bareLineFeed: "a line feed without a carriage return"
        case .nulByte: "a NUL byte"
        case .controlByte: "a control byte"
        case .fieldLineTooLong: "a field line is too long"
        case .fieldsTooLarge: "the fields are too large"
        case .tooManyFields: "there are too many fields"
        case .whitespaceBeforeFirstField: "whitespace precedes the first field"
        case .obsoleteLineFolding: "a field value is folded"
        case .fieldLineWithoutColon: "a field line has no colon"
        case .fieldNameEmpty: "a field has no name"
        case .fieldNameInvalid: "a field name is not a token"
        case .whitespaceBeforeColon: "whitespace precedes a colon"
        case .contentTypeRepeated: "Content-Type is repeated"
        case .contentLengthRepeated: "Content-Length is repeated"
        case .contentLengthInvalid: "Content-Length is not a number"
        case .contentLengthOverflow: "Content-Length is too large"
        case .contentLengthWithTransferEncoding:
            "Content-Length and Transfer-Encoding exclude each other"
        case .transferEncodingRepeated: "Transfer-Encoding is repeated"
        case .transferEncodingInHTTP10: "HTTP/1.0 has no transfer codings"
        case .transferEncodingNotChunked: "the final transfer coding is not chunked"
        case .chunkedTwice: "chunked is applied twice"
        case .transferCodingUnsupported: "the transfer coding is not supported"
        case .bodyTooLarge: "the content is too large"
        case .chunkLineTooLong: "a chunk line is too long"
        case .chunkSizeInvalid: "a chunk size is not a hexadecimal number"
        case .chunkSizeTooLong: "a chunk size is too long"
        case .chunkExtensionInvalid: "a chunk extension is malformed"
        case .chunkExtensionsTooLarge: "the chunk extensions are too large"
        case .chunkDataUnterminated: "a chunk is longer than its size"
        case .trailersTooLarge: "the trailer fields are too large"
        case .closedBeforeResponse: "the connection was closed before an answer"
        case .headTruncated: "the head is truncated"
        case .contentTruncated: "the content is truncated"
        }
    }
}
