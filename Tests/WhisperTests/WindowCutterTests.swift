import TestSupport
import Testing
import Whisper

struct WindowCutterTests {
    private typealias Cut = WindowCutter.Cut

    /// Cuts of a recording, each with the number of frames known when it was made and what was still needed before.
    private func cuts(_ probabilities: [Float]) -> [(cut: Cut, known: Int, neededFrom: Int)] {
        var cutter = WindowCutter()
        var found: [(Cut, Int, Int)] = []
        for (index, probability) in probabilities.enumerated() {
            let needed = cutter.neededFrom
            found += cutter.add(probability).map { ($0, index + 1, needed) }
        }
        let needed = cutter.neededFrom
        return found + cutter.finish().map { ($0, probabilities.count, needed) }
    }

    private func frames(_ probability: Float, seconds: Double) -> [Float] {
        [Float](repeating: probability, count: Int(seconds / 0.032))
    }

    private func seconds(_ cut: Cut) -> Double { Double(cut.pieces.reduce(0) { $0 + $1.count }) * 0.032 }

    @Test func `a recording without speech has no window`() {
        #expect(cuts([]).isEmpty)
        #expect(cuts(frames(0, seconds: 3_600)).isEmpty)
    }

    @Test func `speech gets air around it and long silence is left out`() throws {
        let found = cuts(
            frames(0, seconds: 10) + frames(1, seconds: 3) + frames(0, seconds: 8) + frames(1, seconds: 4)
                + frames(0, seconds: 10))
        let cut = try #require(found.first?.cut)
        #expect(found.count == 1 && cut.pieces.count == 2)
        let air = WindowCutter.padFrames
        #expect(cut.pieces[0] == 312 - air..<312 + 93 + air)
        #expect(cut.pieces[1] == 655 - air..<655 + 125 + air)
        #expect(cut.speechEnd == 780 && cut.speechFrames == 93 + 125)
    }

    @Test func `a short pause stays in its window`() {
        let found = cuts(frames(1, seconds: 3) + frames(0, seconds: 1.5) + frames(1, seconds: 4))
        #expect(found.count == 1 && found[0].cut.pieces.count == 1)
    }

    @Test func `a full window is cut at the longest pause of its last third`() throws {
        let found = cuts(
            frames(1, seconds: 12) + frames(0, seconds: 1.8) + frames(1, seconds: 9) + frames(0, seconds: 1.2)
                + frames(1, seconds: 4) + frames(0, seconds: 0.4) + frames(1, seconds: 8))
        #expect(found.count == 2)
        let first = try #require(found.first?.cut)
        // 12 + 1.8 + 9 s, then half of the pause of 1.2 s at most.
        #expect(abs(Double(first.speechEnd) * 0.032 - 22.8) < 0.1)
        #expect(seconds(first) > 22.7 && seconds(first) < 23.5)
    }

    @Test func `an hour of speech without a pause is cut where it is quietest`() {
        var probabilities = frames(1, seconds: 3_600)
        for quiet in stride(from: 800, to: probabilities.count, by: 800) { probabilities[quiet] = 0.6 }
        let found = cuts(probabilities).map(\.cut)
        #expect(found.dropLast().allSatisfy { $0.speechEnd % 800 == 0 })
        #expect(found.last?.speechEnd == probabilities.count)
    }

    @Test func `a pause of ten seconds stays in its window, a longer one ends it`() throws {
        func pause(_ count: Int) -> [Float] { [Float](repeating: 0, count: count) }
        let speech = frames(1, seconds: 2)
        let most = WindowCutter.pauseFramesMax
        #expect(cuts(speech + pause(most) + speech).count == 1)
        let found = cuts(speech + pause(most + 1) + speech)
        #expect(found.count == 2)
        #expect(try #require(found.first).known == speech.count + most + 1)
    }

    @Test func `cuts of any recording are in order, apart, no longer than a window and hold all speech`() {
        var source = SpeechLikeNoise()
        for round in 0..<400 {
            let probabilities = source.probabilities(parts: round % 4 == 0 ? 60 : 12, longestSeconds: 45)
            let found = cuts(probabilities).map(\.cut)
            let pieces = found.flatMap(\.pieces)
            for (earlier, later) in zip(pieces, pieces.dropFirst()) { #expect(earlier.upperBound <= later.lowerBound) }
            #expect(pieces.allSatisfy { $0.lowerBound >= 0 && $0.upperBound <= probabilities.count && !$0.isEmpty })
            for cut in found {
                #expect(cut.pieces.reduce(0) { $0 + $1.count } <= WindowCutter.windowFramesMax)
                #expect(cut.pieces.last!.contains(cut.speechEnd - 1))
            }
            let taken = Set(pieces.joined())
            for run in WrittenRuns.of(probabilities) {
                #expect(taken.isSuperset(of: run), "round \(round): speech in \(run) is lost")
            }
        }
    }

    @Test func `a cut needs no audio the cutter had no more need of`() {
        var source = SpeechLikeNoise()
        for _ in 0..<200 {
            var before = 0
            for (cut, known, neededFrom) in cuts(source.probabilities(parts: 40, longestSeconds: 45)) {
                #expect(cut.pieces[0].lowerBound >= neededFrom && neededFrom >= before)
                #expect(cut.pieces.last!.upperBound <= known)
                before = neededFrom
            }
        }
    }

    @Test func `the audio kept for a window is bounded, however speech and pauses lie`() {
        // Words of 32 ms, each as far from the next as keeps their window open.
        for pauseSeconds in [1, 3, 10, 20, 29, 29.9, 30.5] {
            var cutter = WindowCutter()
            var most = 0
            var frame = 0
            for _ in 0..<200 {
                for probability in [1] + frames(0, seconds: pauseSeconds) {
                    _ = cutter.add(probability)
                    frame += 1
                    most = max(most, frame - cutter.neededFrom)
                }
            }
            // A window may be open when the two minutes are over.
            #expect(most <= WindowCutter.heldFramesMax + WindowCutter.windowFramesMax, "pauses of \(pauseSeconds) s")
        }
    }
}
