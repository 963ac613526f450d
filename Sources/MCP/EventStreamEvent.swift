/// One block of a stream of server-sent events, with its blank line (WHATWG HTML §9.2.6).
///
/// A block without `data` dispatches nothing in a client: a comment, a new `retry`, a bare `id`.
package struct EventStreamEvent: Sendable, Equatable {
    /// The block exactly as it was sent.
    package let bytes: [UInt8]
    /// The lines of `data`, joined by LF; nil if there is none.
    package let data: [UInt8]?
    /// `event`, nil if absent or empty: then it is `message`.
    package let event: String?
    /// `id`; nil if the block sets none.
    package let id: String?
    /// `retry` in milliseconds; nil if the block sets none.
    package let retry: Int?

    /// The bytes of a new event.
    ///
    /// Line ends within `data` begin a new `data` line. A value of `event` or `id` that holds CR,
    /// LF or NUL could not be written without becoming something else and is left out.
    package static func encode(
        data: [UInt8]?, event: String? = nil, id: String? = nil, retry: Int? = nil
    ) -> [UInt8] { [] }

    /// The bytes of this event with other data, or another id, and every other line as it was.
    package func rewritten(data: [UInt8]? = nil, id: String? = nil) -> [UInt8] { [] }
}
