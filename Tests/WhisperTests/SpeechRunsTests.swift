import Foundation
import TestSupport
import Testing
import Whisper

struct SpeechRunsTests {
    private func runs(_ probabilities: [Float]) -> [Range<Int>] {
        var runs = SpeechRuns()
        var found: [Range<Int>] = []
        for probability in probabilities { if let run = runs.add(probability) { found.append(run) } }
        if let run = runs.finish() { found.append(run) }
        return found
    }

    private func frames(_ probability: Float, _ count: Int) -> [Float] { [Float](repeating: probability, count: count) }

    private let start = SpeechRuns.startProbabilityMin
    private let goOn = SpeechRuns.goOnProbabilityMin
    private let pause = SpeechRuns.pauseFramesMin

    @Test func `speech begins at the threshold and not below it`() {
        #expect(runs(frames(0, 3) + frames(start, 4) + frames(0, 20)) == [3..<7])
        #expect(runs(frames(start.nextDown, 30)).isEmpty)
    }

    @Test func `speech goes on at the lower threshold and ends below it`() {
        #expect(runs(frames(1, 2) + frames(goOn, 30) + frames(0, 20)) == [0..<32])
        #expect(runs(frames(1, 2) + frames(goOn.nextDown, 30)) == [0..<2])
    }

    @Test func `a pause one frame too short does not end speech`() {
        #expect(runs(frames(1, 2) + frames(0, pause - 1) + frames(1, 2)) == [0..<2 + pause - 1 + 2])
        #expect(runs(frames(1, 2) + frames(0, pause) + frames(1, 2)) == [0..<2, 2 + pause..<4 + pause])
    }

    @Test func `a doubtful frame in a pause neither ends nor restarts it`() {
        let doubtful = frames(0, 2) + frames((start + goOn) / 2, 2) + frames(0, pause)
        #expect(runs(frames(1, 2) + doubtful) == [0..<2])
    }

    @Test func `speech that is cut off ends with its recording`() {
        #expect(runs(frames(0, 5) + frames(1, 5)) == [5..<10])
        #expect(runs(frames(1, 5) + frames(0, 2)) == [0..<5])
        #expect(runs([]).isEmpty)
    }

    @Test func `runs of any probabilities are those of the rules over the whole recording`() {
        var source = SpeechLikeNoise()
        for _ in 0..<300 {
            let probabilities = source.probabilities()
            #expect(runs(probabilities) == WrittenRuns.of(probabilities))
        }
    }
}

/// The rules looking at the whole recording at once.
enum WrittenRuns {
    static func of(_ probabilities: [Float]) -> [Range<Int>] {
        var runs: [Range<Int>] = []
        var from = 0
        while let start = probabilities[from...].firstIndex(where: { $0 >= SpeechRuns.startProbabilityMin }) {
            let end = end(of: start, probabilities)
            runs.append(start..<end.speech)
            from = end.known
        }
        return runs
    }

    /// Where the run ends, and the frame from which on the next may begin.
    private static func end(of start: Int, _ probabilities: [Float]) -> (speech: Int, known: Int) {
        var quietStart: Int?
        for index in start + 1..<max(start + 1, probabilities.count) {
            let probability = probabilities[index]
            if probability >= SpeechRuns.startProbabilityMin { quietStart = nil }
            if probability < SpeechRuns.goOnProbabilityMin {
                let quiet = quietStart ?? index
                quietStart = quiet
                if index - quiet + 1 >= SpeechRuns.pauseFramesMin { return (quiet, index + 1) }
            }
        }
        return (quietStart ?? probabilities.count, probabilities.count)
    }
}

/// Probabilities as voice activity gives them: talk and pauses of any length, with doubt in between.
struct SpeechLikeNoise {
    private var random: SeededRandom

    init(test: String = #function) { random = SeededRandom(test: test) }

    /// - Parameter longestSeconds: of one stretch of talk or pause.
    mutating func probabilities(parts: Int = 12, longestSeconds: Double = 20) -> [Float] {
        (0..<Int.random(in: 0...parts, using: &random)).flatMap { part in
            let length = Int(pow(Double.random(in: 0...1, using: &random), 3) * longestSeconds / 0.032)
            let centre: Float = part % 2 == 0 ? .random(in: 0.4...1, using: &random) : .random(in: 0...0.5, using: &random)
            let spread = Float.random(in: 0...0.5, using: &random)
            return random.floats(length, limit: 1).map { min(1, max(0, centre + $0 * spread)) }
        }
    }
}
