/// Seals session ids on their way out and opens them on their way back.
///
/// Sealing is deterministic, since clients compare session ids; a seal opens only in the context in
/// which it was made.
package protocol SessionSealing: Sendable {
    /// The sealed text of visible ASCII for these bytes in this context; nil for too many bytes.
    func seal(_ bytes: ArraySlice<UInt8>, context: [UInt8]) -> [UInt8]?
    /// The bytes that were sealed in this context; nil for anything else.
    func open(_ sealed: ArraySlice<UInt8>, context: [UInt8]) -> [UInt8]?
}
