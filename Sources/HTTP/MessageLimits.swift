/// The sizes and counts beyond which a message is refused; all bytes unless the name says
/// otherwise.
package struct MessageLimits: Sendable, Equatable {
    /// The request line or status line, without its CRLF.
    package var startLine = 8 * 1024
    /// One field line, without its CRLF; trailer fields too.
    package var fieldLine = 8 * 1024
    /// All field lines of a head together, each with its CRLF.
    package var fields = 32 * 1024
    /// The number of field lines of a head, and of a trailer section.
    package var fieldCount = 100
    /// The content of a message, without the framing of its chunks.
    package var body = 4 * 1024 * 1024
    /// One chunk-size line with its extensions, without its CRLF.
    package var chunkLine = 256
    /// The extensions of all chunks of one message together.
    package var chunkExtensions = 4 * 1024
    /// All trailer field lines together, each with its CRLF.
    package var trailers = 8 * 1024
    /// The number of 1xx answers that may precede the final one.
    package var interimResponseCount = 8

    /// The defaults that `gateway.conf` documents.
    package init() {}
}
