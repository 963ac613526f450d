import Cryptography
import Seals
import Testing

@Suite struct DerivedKeyTests {
    static let old = SecretBytes([UInt8](repeating: 1, count: 32))
    static let new = SecretBytes([UInt8](repeating: 2, count: 32))

    @Test func `a ring gives one key for each root key, the newest first`() {
        let both = KeyRing([Self.new, Self.old]).derivedKeys(for: .clientSecret).map(\.bytes)
        let new = KeyRing([Self.new]).derivedKeys(for: .clientSecret).map(\.bytes)
        let old = KeyRing([Self.old]).derivedKeys(for: .clientSecret).map(\.bytes)
        #expect(both == new + old)
        #expect(new != old)
        #expect(both.allSatisfy { $0.count == 32 })
    }

    @Test func `keys of different purposes differ, and none is a part of its root key`() {
        let keys = DerivedKeyPurpose.allCases.map {
            KeyRing([Self.new]).derivedKeys(for: $0).map(\.bytes)
        }
        #expect(Set(keys).count == DerivedKeyPurpose.allCases.count)
        #expect(!keys.contains([Self.new.bytes]))
    }

    // HKDF-SHA-256 as another implementation computes it (Python's hmac).
    @Test func `a derived key is what RFC 5869 makes of root key and purpose`() {
        let key = KeyRing([Self.new]).derivedKeys(for: .clientSecret).map {
            Base64URL.encode($0.bytes)
        }
        #expect(key == ["0sRB6MhAch9rcyirUSYiRtHrW-xXdyk8Wx1ylBASYb0"])
    }
}
