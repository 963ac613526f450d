import Testing

@testable import Gateway

@Suite("Latency histogram") struct LatencyHistogramTests {
    @Test(arguments: LatencyHistogram.edgesMicroseconds.indices)
    func `an edge belongs to the range below it`(_ index: Int) {
        let edge = Int(LatencyHistogram.edgesMicroseconds[index])
        var histogram = LatencyHistogram()
        histogram.observe(microseconds: edge)
        #expect(histogram.counts[index] == 1)
        histogram.observe(microseconds: edge + 1)
        #expect(histogram.counts[index + 1] == 1)
        histogram.observe(microseconds: edge - 1)
        #expect(histogram.counts[index] == 2)
        #expect(histogram.count == 3)
        #expect(histogram.sumMicroseconds == UInt64(3 * edge))
    }

    @Test func `edges ascend`() {
        let edges = LatencyHistogram.edgesMicroseconds
        #expect(zip(edges, edges.dropFirst()).allSatisfy { $0 < $1 })
    }

    @Test func `nothing is shorter than the first range and longer than the last`() {
        var histogram = LatencyHistogram()
        histogram.observe(microseconds: 0)
        histogram.observe(microseconds: -5)
        histogram.observe(microseconds: .max)
        #expect(histogram.counts.first == 2)
        #expect(histogram.counts.last == 1)
        #expect(histogram.sumMicroseconds == UInt64(Int.max))
    }

    @Test func `histograms add up`() {
        var one = LatencyHistogram()
        var other = LatencyHistogram()
        one.observe(microseconds: 400)
        other.observe(microseconds: 400)
        other.observe(microseconds: 700)
        one.add(other)
        #expect(one.counts.prefix(3) == [2, 1, 0])
        #expect(one.sumMicroseconds == 1500)
    }
}
