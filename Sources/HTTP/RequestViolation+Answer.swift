extension RequestViolation {
    /// The status code of the answer, RFC 9110 §15 and RFC 6585 §5.
    package var status: Int {
        switch self {
        case .emptyLinesBeforeRequest, .requestLineIncomplete, .requestLineSpacing,
            .methodInvalid, .targetNotOriginForm, .asteriskWithoutOptions, .targetFragment,
            .targetInvalidByte, .targetPercentEncoding, .versionMalformed, .bareCarriageReturn,
            .bareLineFeed, .nulByte, .controlByte, .whitespaceBeforeFirstField,
            .obsoleteLineFolding, .fieldLineWithoutColon, .fieldNameEmpty, .fieldNameInvalid,
            .whitespaceBeforeColon, .fieldNameTwin, .hostRepeated, .hostMissing, .hostInvalid,
            .authorizationRepeated, .originRepeated, .expectRepeated, .contentTypeRepeated,
            .contentLengthRepeated, .contentLengthInvalid, .contentLengthWithTransferEncoding,
            .transferEncodingRepeated, .transferEncodingInHTTP10, .transferEncodingNotChunked,
            .chunkedTwice, .chunkLineTooLong, .chunkSizeInvalid, .chunkSizeTooLong,
            .chunkExtensionInvalid, .chunkExtensionsTooLarge, .chunkDataUnterminated:
            400
        case .contentLengthOverflow, .bodyTooLarge:
            413
        case .startLineTooLong:
            414
        case .contentCodingUnsupported:
            415
        case .expectationUnsupported:
            417
        case .fieldLineTooLong, .fieldsTooLarge, .tooManyFields, .trailersTooLarge:
            431
        case .methodTooLong, .connectUnsupported, .transferCodingUnsupported:
            501
        case .versionUnsupported:
            505
        }
    }
}

extension RequestViolation: CustomStringConvertible {
    /// What is wrong, in a few plain words that may be sent to the peer.
    package var description: String {
        switch self {
        case .emptyLinesBeforeRequest: "empty lines precede the request line"
        case .startLineTooLong: "the request line is too long"
        case .requestLineIncomplete: "the request line is not method, target, version"
        case .requestLineSpacing: "the parts of the request line are not separated by one space"
        case .methodInvalid: "the method is not a token"
        case .methodTooLong: "the method is unknown"
        case .connectUnsupported: "CONNECT is not supported"
        case .targetNotOriginForm: "the request target does not begin with a slash"
        case .asteriskWithoutOptions: "the target * is for OPTIONS only"
        case .targetFragment: "the request target has a fragment"
        case .targetInvalidByte: "the request target has a byte that must be percent-encoded"
        case .targetPercentEncoding: "the request target has a broken percent-encoding"
        case .versionMalformed: "the protocol version is malformed"
        case .versionUnsupported: "the protocol version is not supported"
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
        case .fieldNameTwin: "a field name imitates another"
        case .hostRepeated: "Host is repeated"
        case .hostMissing: "Host is missing"
        case .hostInvalid: "Host is invalid"
        case .authorizationRepeated: "Authorization is repeated"
        case .originRepeated: "Origin is repeated"
        case .expectRepeated: "Expect is repeated"
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
        case .expectationUnsupported: "the expectation is not supported"
        case .contentCodingUnsupported: "the content coding is not supported"
        case .bodyTooLarge: "the content is too large"
        case .chunkLineTooLong: "a chunk line is too long"
        case .chunkSizeInvalid: "a chunk size is not a hexadecimal number"
        case .chunkSizeTooLong: "a chunk size is too long"
        case .chunkExtensionInvalid: "a chunk extension is malformed"
        case .chunkExtensionsTooLarge: "the chunk extensions are too large"
        case .chunkDataUnterminated: "a chunk is longer than its size"
        case .trailersTooLarge: "the trailer fields are too large"
        }
    }
}
