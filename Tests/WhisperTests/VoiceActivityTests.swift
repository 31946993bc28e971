import Foundation
import Inference
import TestSupport
import Testing
import Whisper

struct VoiceActivityTests {
    struct Voices: Decodable {
        struct Clip: Decodable {
            let samples: Int
            let probabilities: [Float]?
            /// Stretches of samples by the name of the rules that gave them.
            let speech: [String: [[Int]]]
        }
        struct Quiet: Decodable { let highest: Float }
        let clips: [String: Clip]
        let withoutSpeech: [String: Quiet]
    }

    static let frame = VoiceActivityModel.frameSamples

    /// Whole frames, the last one filled with zeros.
    private func framed(_ samples: [Float]) -> [Float] {
        samples + [Float](repeating: 0, count: (Self.frame - samples.count % Self.frame) % Self.frame)
    }

    private func probabilities(_ samples: [Float], kernels: Kernels = .best) throws -> [Float] {
        var detector = try VoiceActivityModel(path: Engine.voiceActivityPath(), kernels: kernels).detector()
        return detector.probabilities(framed(samples)[...])
    }

    private func audio(_ id: String) throws -> [Float] {
        guard id.contains(",") else { return try sample(id) }
        let clip = try sample("en/quick_brown_fox")
        return clip + silence(6) + clip + silence(6)
    }

    @Test func `probabilities are the reference's within 0.001`() throws {
        let golden: Voices = try Golden.read("voice-activity")
        var compared = 0
        for (id, clip) in golden.clips {
            guard let expected = clip.probabilities else { continue }
            let found = try probabilities(audio(id))
            #expect(found.count == expected.count || found.count + 1 == expected.count)
            // Audio that was resampled differs by the resampler's rounding.
            let tolerance: Float = id.contains("endgame") ? 0.02 : 0.001
            let first = found.indices.first { abs(found[$0] - expected[$0]) > tolerance }
            let largest = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
            print("voice activity of \(id): largest difference \(largest)")
            #expect(first == nil, "\(id): frame \(first ?? -1) differs first")
            compared += 1
        }
        #expect(compared >= 3)
    }

    @Test func `silence and a tone are as little speech as for the reference`() throws {
        let golden: Voices = try Golden.read("voice-activity")
        let tone = (0..<32_000).map { 0.3 * sin(2 * Float.pi * 440 * Float($0) / 16_000) }
        for (id, samples) in [("silence, 3 s", silence(3)), ("440 Hz, 2 s, amplitude 0.3", tone)] {
            let highest = try #require(golden.withoutSpeech[id]).highest
            #expect(abs(try probabilities(samples).max()! - highest) < 0.001, "\(id)")
        }
    }

    @Test func `speech lies where the reference finds it`() throws {
        let golden: Voices = try Golden.read("voice-activity")
        for (id, clip) in golden.clips {
            guard let expected = clip.probabilities, let strict = clip.speech["strict"] else { continue }
            var runs = SpeechRuns()
            var found = expected.compactMap { runs.add($0) }
            if let last = runs.finish() { found.append(last) }
            // The reference's strict rules keep what is surely speech, its own air of 30 ms around it.
            for stretch in strict {
                let middle = (stretch[0] + stretch[1]) / 2 / Self.frame
                #expect(found.contains { $0.contains(middle) }, "\(id): speech at frame \(middle) is missed")
            }
            for pair in zip(strict, strict.dropFirst()) where pair.1[0] - pair.0[1] > 48_000 {
                let middle = (pair.0[1] + pair.1[0]) / 2 / Self.frame
                #expect(!found.contains { $0.contains(middle) }, "\(id): silence at frame \(middle) is speech")
            }
        }
    }

    @Test func `a stream has the same probabilities in whatever blocks it comes`() throws {
        let samples = framed(try sample("en/quick_brown_fox"))
        let whole = try probabilities(samples)
        var random = SeededRandom()
        var detector = try Engine.voiceActivity().detector()
        var (found, rest) = ([Float](), samples[...])
        while !rest.isEmpty {
            let count = min(rest.count, Self.frame * Int.random(in: 1...9, using: &random))
            found += detector.probabilities(rest.prefix(count))
            rest = rest.dropFirst(count)
        }
        #expect(found.count == whole.count)
        #expect(zip(found, whole).allSatisfy { abs($0 - $1) < 1e-5 })
    }

    @Test(arguments: InstructionSet.allCases)
    func `every instruction set hears the same`(_ set: InstructionSet) throws {
        guard let kernels = Kernels(set) else { try Test.cancel("this CPU lacks \(set.rawValue)") }
        let samples = try sample("en/quick_brown_fox")
        let (found, expected) = (try probabilities(samples, kernels: kernels), try probabilities(samples))
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-4 })
    }

    @Test func `two streams of one model do not hear each other`() throws {
        let (speech, model) = (framed(try sample("en/quick_brown_fox")), try Engine.voiceActivity())
        var (one, other) = (model.detector(), model.detector())
        var (found, quiet) = ([Float](), [Float]())
        for start in stride(from: 0, to: speech.count, by: Self.frame) {
            found += one.probabilities(speech[start..<start + Self.frame])
            quiet += other.probabilities([Float](repeating: 0, count: Self.frame)[...])
        }
        #expect(zip(found, try probabilities(speech)).allSatisfy { abs($0 - $1) < 1e-5 })
        #expect(quiet.allSatisfy { $0 < 0.05 })
    }

    @Test func `a file that is no such network is refused by its name`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("{}", to: "silero.safetensors")
        #expect(throws: SafetensorsError.self) { try VoiceActivityModel(path: path) }
        #expect(throws: SafetensorsError.missingFile(path: "/nowhere")) { try VoiceActivityModel(path: "/nowhere") }
    }
}
