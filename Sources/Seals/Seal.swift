import Cryptography

/// Seals bytes for one purpose, and opens them again.
///
/// The text of a seal is letters, digits, `-` and `_` only: base64url of key id (3 bytes), AES-SIV
/// vector (16 bytes) and ciphertext. The same bytes in the same context have the same seal for as
/// long as the ring begins with the same key.
package struct Seal: Sendable {
    private let entries: [(id: [UInt8], cipher: AESSIV)]

    /// How many bytes may be sealed, and how long a seal may be before it is opened.
    package static let bytesLimit = 8 * 1024

    /// Stands before the sealed bytes: tells forms apart, should there be another, and lets nothing
    /// be sealed too.
    private static let form: UInt8 = 1

    /// A seal for `purpose` with the keys of `ring`.
    package init(_ purpose: SealPurpose, ring: KeyRing) {
        entries = ring.keys.map { ($0.id, $0.cipher(for: purpose)) }
    }

    /// The seal of `bytes`, at most 8 KiB.
    ///
    /// Each part of `context` (such as server and principal) is bound apart: the seal opens only
    /// with the same parts in the same order.
    package func seal(_ bytes: [UInt8], context: [UInt8]...) -> String {
        precondition(bytes.count <= Self.bytesLimit, "no more than 8 KiB are sealed")
        guard let entry = entries.first else { preconditionFailure("a ring has a key") }
        let sealed = entry.cipher.seal([Self.form] + bytes, associatedData: context)
        return Base64URL.encode(entry.id + sealed)
    }

    /// The bytes that were sealed, or nil if `text` is anything but a seal of this purpose and
    /// context by a key of the ring.
    package func open(_ text: String, context: [UInt8]...) -> [UInt8]? {
        open(Array(text.utf8)[...], parts: context)
    }

    /// The bytes that were sealed, or nil if `text` is anything but a seal of this purpose and
    /// context by a key of the ring.
    package func open(_ text: ArraySlice<UInt8>, context: [UInt8]...) -> [UInt8]? {
        open(text, parts: context)
    }

    private func open(_ text: ArraySlice<UInt8>, parts: [[UInt8]]) -> [UInt8]? {
        guard text.count <= Self.bytesLimit * 4 / 3 + 32, let bytes = Base64URL.decode(text) else {
            return nil
        }
        let id = bytes.prefix(RingKey.idLength)
        for entry in entries where id.elementsEqual(entry.id) {
            let sealed = Array(bytes.dropFirst(RingKey.idLength))
            guard let opened = entry.cipher.open(sealed, associatedData: parts),
                opened.first == Self.form
            else { continue }
            return Array(opened.dropFirst())
        }
        return nil
    }
}
