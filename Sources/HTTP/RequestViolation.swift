/// How a request deviates from what the gateway reads; one case each, none of which is ever
/// forwarded.
///
/// Whatever two readers could understand in two ways is among them.
package enum RequestViolation: String, Error, Sendable, CaseIterable {
    /// RFC 9112 §2.2: more than the one empty line that a server skips.
    case emptyLinesBeforeRequest
    /// RFC 9112 §3: the request line is longer than `MessageLimits.startLine`.
    case startLineTooLong
    /// RFC 9112 §3: fewer than three parts.
    case requestLineIncomplete
    /// RFC 9112 §3: parts that are not separated by exactly one SP.
    case requestLineSpacing
    /// RFC 9110 §9.1: the method is no token.
    case methodInvalid
    /// RFC 9112 §3: a method longer than any that exists.
    case methodTooLong
    /// RFC 9110 §9.3.6: CONNECT asks for a tunnel.
    case connectUnsupported
    /// RFC 9112 §3.2: absolute-form or authority-form, which name the host a second time.
    case targetNotOriginForm
    /// RFC 9112 §3.2.4: `*` with a method other than OPTIONS.
    case asteriskWithoutOptions
    /// RFC 9112 §3.2: a `#` in the target.
    case targetFragment
    /// RFC 3986 §3.3: a byte that neither path nor query may hold.
    case targetInvalidByte
    /// RFC 3986 §2.1: a `%` without two hexadecimal digits.
    case targetPercentEncoding
    /// RFC 9112 §2.3: not `HTTP/` digit `.` digit in upper case.
    case versionMalformed
    /// RFC 9110 §15.6.6: a version other than 1.0 and 1.1.
    case versionUnsupported
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
    /// RFC 3875 §4.1.18: a name that becomes a well-known one where `_` and `-` are the same.
    case fieldNameTwin
    /// RFC 9112 §3.2: more than one Host.
    case hostRepeated
    /// RFC 9112 §3.2: no Host in HTTP/1.1.
    case hostMissing
    /// RFC 9110 §7.2: a Host that is no host with an optional port.
    case hostInvalid
    /// RFC 9110 §11.6.2: more than one Authorization.
    case authorizationRepeated
    /// RFC 6454 §7.3: more than one Origin.
    case originRepeated
    /// RFC 9110 §10.1.1: more than one Expect.
    case expectRepeated
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
    /// RFC 9110 §10.1.1: an expectation other than `100-continue`.
    case expectationUnsupported
    /// RFC 9110 §8.4: encoded content, which the gateway does not read.
    case contentCodingUnsupported
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
}

extension RequestViolation: MessageViolation {}
