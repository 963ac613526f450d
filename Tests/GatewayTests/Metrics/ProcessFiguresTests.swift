import Foundation
import Testing

@testable import Gateway

@Suite("Process figures", .serialized) struct ProcessFiguresTests {
    @Test func `the figures are this process's`() {
        let figures = ProcessFigures.read(startTimeMilliseconds: 7)
        #expect(figures.startTimeMilliseconds == 7)
        #expect(figures.processorMicroseconds > 0)
        #expect(figures.residentBytes > 1 << 20)
        #expect(figures.residentBytes < 1 << 40)
        #expect(figures.openDescriptors >= 3)
        #expect(figures.descriptorLimit.map { $0 >= 64 } ?? true)
    }

    @Test func `an open descriptor is counted`() {
        let before = ProcessFigures.read(startTimeMilliseconds: 0).openDescriptors
        let opened = (0..<200).map { _ in dup(0) }
        let during = ProcessFigures.read(startTimeMilliseconds: 0).openDescriptors
        for descriptor in opened { close(descriptor) }
        // Other tests open and close some of their own meanwhile.
        #expect(abs(during - before - 200) < 100)
    }
}
