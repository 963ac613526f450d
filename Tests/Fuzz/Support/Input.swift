/// The bytes that the fuzzer chose, in memory of their own size, so that reading past them is seen.
package func input(_ data: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
    unsafe Array(UnsafeBufferPointer(start: data, count: count))
}

extension Array<UInt8> {
    /// The bytes before and behind the first line feed; nothing behind where there is none.
    package var splitAtLineFeed: (ArraySlice<UInt8>, ArraySlice<UInt8>) {
        let end = firstIndex(of: 0x0A) ?? endIndex
        return (self[..<end], self[end...].dropFirst())
    }

    /// The bytes in pieces at the given places, each in memory of its own.
    package func cut(at places: [Int]) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var start = 0
        for place in places.sorted() + [count] {
            pieces.append(Array(self[start..<place]))
            start = place
        }
        return pieces
    }
}
