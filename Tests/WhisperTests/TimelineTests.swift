import TestSupport
import Testing
import Whisper

struct TimelineTests {
    private let timeline = Timeline(pieces: [16_000..<48_000, 160_000..<176_000])

    @Test func `moments inside a piece are moved by what lies before it`() {
        #expect(timeline.sampleCount == 48_000)
        #expect(timeline.start(0.5) == 1.5 && timeline.end(0.5) == 1.5)
        #expect(timeline.start(2.5) == 10.5 && timeline.end(2.5) == 10.5)
    }

    @Test func `at a seam a beginning lies behind the gap and an end before it`() {
        #expect(timeline.start(2) == 10 && timeline.end(2) == 3)
        #expect(timeline.start(0) == 1 && timeline.end(0) == 1)
    }

    @Test func `moments past the ends are the ends`() {
        #expect(timeline.start(99) == 11 && timeline.end(99) == 11)
        #expect(timeline.start(-1) == 1)
    }

    @Test func `every sample of any pieces goes back to where it was`() {
        var random = SeededRandom()
        for _ in 0..<100 {
            var at = 0
            let pieces = (0..<Int.random(in: 1...5, using: &random)).map { _ -> Range<Int> in
                let start = at + Int.random(in: 1...9_000, using: &random)
                at = start + Int.random(in: 1...9_000, using: &random)
                return start..<at
            }
            let timeline = Timeline(pieces: pieces)
            let samples = Array(pieces.joined())
            #expect(timeline.sampleCount == samples.count)
            for _ in 0..<20 {
                let index = Int.random(in: 0..<samples.count, using: &random)
                let seconds = Double(index) / 16_000
                #expect(abs(timeline.start(seconds) - Double(samples[index]) / 16_000) < 1e-6)
                // The end of a sample's own span.
                #expect(abs(timeline.end(seconds + 0.5 / 16_000) - (Double(samples[index]) + 0.5) / 16_000) < 1e-6)
            }
        }
    }
}
