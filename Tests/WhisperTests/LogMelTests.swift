import Foundation
import Inference
import TestSupport
import Testing
import Whisper

struct LogMelTests {
    struct Numerics: Decodable {
        struct Mel: Decodable {
            let shape: [Int]
            let binMeans: [Double]
            let frames: [String: [Float]]
        }
        struct Clip: Decodable { let mel: Mel }
        let clips: [String: Clip]
        let mel128: [String: Mel]
    }

    static let tolerance: Float = 1e-4
    /// Tests run side by side: each computes on its own thread.
    private let alone = ComputeThreads(1)

    private func spectrogram(
        _ samples: [Float], _ melCount: Int = 80, kernels: Kernels = .best
    ) -> Matrix<Float> {
        LogMel(melCount: melCount).spectrogram(samples[...], kernels: kernels, threads: alone)
    }

    private func compare(_ id: String, _ golden: Numerics.Mel, melCount: Int) throws {
        let mel = try spectrogram(sample(id), melCount)
        #expect([mel.columns, mel.rows] == golden.shape)
        for (frame, expected) in golden.frames {
            let found = mel.row(try #require(Int(frame)))
            let bin = expected.indices.first { abs(found[$0] - expected[$0]) > LogMelTests.tolerance }
            #expect(bin == nil, "\(id): frame \(frame) differs first in bin \(bin ?? -1)")
        }
        for bin in 0..<melCount {
            let mean = (0..<mel.rows).reduce(0.0) { $0 + Double(mel[$1, bin]) } / Double(mel.rows)
            #expect(abs(mean - golden.binMeans[bin]) < 1e-4, "\(id): mean of bin \(bin)")
        }
    }

    @Test(arguments: Engine.allCases)
    func `log-mel of the samples is that of the reference within 1e-4`(_ engine: Engine) throws {
        let golden: Numerics = try Golden.read("numerics.\(engine.rawValue)")
        #expect(!golden.clips.isEmpty)
        for (id, clip) in golden.clips { try compare(id, clip.mel, melCount: 80) }
    }

    @Test func `log-mel with 128 bins is that of the reference within 1e-4`() throws {
        let golden: Numerics = try Golden.read("numerics.base")
        #expect(!golden.mel128.isEmpty)
        for (id, mel) in golden.mel128 { try compare(id, mel, melCount: 128) }
    }

    @Test(.enabled(if: Shared.path("oracle/numerics") != nil, "needs ../shared/oracle/numerics"))
    func `the filter bank is the reference's, weight by weight`() throws {
        let expected = try NumpyFile(path: #require(Shared.path("oracle/numerics/mel_filters.npy")))
        let filters = LogMel.filterBank(melCount: 80)
        #expect(expected.shape == [80, 201] && filters.count == 80)
        for (index, filter) in filters.enumerated() {
            for bin in 0..<201 {
                let tap = bin - filter.firstBin
                let weight = filter.weights.indices.contains(tap) ? filter.weights[tap] : 0
                #expect(abs(weight - expected.values[index * 201 + bin]) < 1e-7, "filter \(index), bin \(bin)")
            }
        }
    }

    @Test(
        .enabled(if: Shared.path("oracle/numerics") != nil, "needs ../shared/oracle/numerics"),
        arguments: ["en_jfk", "de_kerstin_0004"])
    func `log-mel is the oracle's within 1e-4 in every frame`(_ clip: String) throws {
        let expected = try NumpyFile(path: #require(Shared.path("oracle/numerics/\(clip).mel.npy")))
        let mel = try spectrogram(pcm(#require(Shared.path("audio/clips/\(clip).wav"))))
        // The reference adds a frame of the zeros it appends.
        #expect(expected.shape == [80, mel.rows + 1])
        var largest: Float = 0
        for frame in 0..<mel.rows {
            let found = mel.row(frame)
            for bin in 0..<80 {
                let difference = abs(found[bin] - expected.values[bin * expected.shape[1] + frame])
                largest = max(largest, difference)
                guard difference <= LogMelTests.tolerance else {
                    Issue.record("frame \(frame), bin \(bin) differs by \(difference)")
                    return
                }
            }
        }
        print("log-mel of \(clip): largest difference \(largest)")
    }

    @Test func `log-mel of noise is that of a plain Fourier sum, on every instruction set`() throws {
        var random = SeededRandom()
        let samples = random.floats(160 * 3 + 77, limit: 0.5)
        let expected = PlainLogMel.spectrogram(samples, melCount: 80)
        for set in InstructionSet.allCases {
            guard let kernels = Kernels(set) else { continue }
            let mel = spectrogram(samples, kernels: kernels)
            #expect(mel.rows == expected.count)
            for (frame, row) in expected.enumerated() {
                for (bin, value) in row.enumerated() {
                    #expect(abs(Double(mel[frame, bin]) - value) < 1e-4, "\(set): frame \(frame), bin \(bin)")
                }
            }
        }
    }

    @Test func `silence is −1.5 in every bin of every frame`() {
        let mel = spectrogram([Float](repeating: 0, count: 16_000))
        #expect(mel.rows == 100)
        #expect(mel.array.allSatisfy { abs($0 + 1.5) < 1e-6 })
    }

    @Test func `160 samples are one frame, one less is none`() {
        #expect(spectrogram([Float](repeating: 0.1, count: 160)).rows == 1)
        #expect(spectrogram([Float](repeating: 0.1, count: 159)).rows == 0)
        #expect(spectrogram([]).rows == 0)
    }

    @Test func `30 s are 3,000 frames`() {
        var random = SeededRandom()
        let mel = spectrogram(random.floats(LogMel.samplesMax, limit: 0.1))
        #expect(mel.rows == 3_000)
        #expect(mel.array.allSatisfy { $0.isFinite })
    }

    @Test func `one sample more than 30 s is a mistake of the caller`() async {
        await #expect(processExitsWith: .failure) {
            let samples = [Float](repeating: 0, count: LogMel.samplesMax + 1)
            _ = LogMel(melCount: 80).spectrogram(samples[...], kernels: .best, threads: ComputeThreads(1))
        }
    }

    @Test func `a window that sees the samples around it has the frames of the whole recording`() {
        var random = SeededRandom()
        // Equal periods, so that the loudest frame of a part is that of the whole.
        let period = random.floats(8_000, limit: 0.5)
        let whole = period + period + period
        let mel = LogMel(melCount: 80)
        let all = spectrogram(whole)
        let part = mel.spectrogram(
            whole[8_000..<16_000], before: whole[7_800..<8_000], after: whole[16_000..<16_200], kernels: .best,
            threads: alone)
        #expect(part.rows == 50)
        for frame in 0..<50 {
            for (found, expected) in zip(part.row(frame), all.row(50 + frame)) { #expect(abs(found - expected) < 1e-4) }
        }
    }
}

/// The log-mel spectrogram by the definition: a Fourier sum a bin, filters of their own.
private enum PlainLogMel {
    static func spectrogram(_ samples: [Float], melCount: Int) -> [[Double]] {
        // Mirrored around the first sample, silent behind the last.
        func at(_ index: Int) -> Double {
            let index = abs(index)
            return index < samples.count ? Double(samples[index]) : 0
        }
        let logs = (0..<samples.count / 160).map { frame in
            let power = (0...200).map { bin in
                var (real, imaginary) = (0.0, 0.0)
                for n in 0..<400 {
                    let window = 0.5 - 0.5 * cos(2 * .pi * Double(n) / 400)
                    let value = window * at(frame * 160 - 200 + n)
                    real += value * cos(2 * .pi * Double(bin * n) / 400)
                    imaginary += value * sin(2 * .pi * Double(bin * n) / 400)
                }
                return real * real + imaginary * imaginary
            }
            return filters(melCount).map { filter in
                log10(max(1e-10, zip(filter, power).reduce(0) { $0 + $1.0 * $1.1 }))
            }
        }
        let loudest = logs.joined().max() ?? 0
        return logs.map { $0.map { (max($0, loudest - 8) + 4) / 4 } }
    }

    private static func filters(_ count: Int) -> [[Double]] {
        func hz(_ mel: Double) -> Double { mel <= 15 ? mel / 0.015 : 1_000 * pow(6.4, (mel - 15) / 27) }
        let top = 15 + 27 * log(8.0) / log(6.4)
        return (1...count).map { index in
            let (a, b, c) = (
                hz(top * Double(index - 1) / Double(count + 1)), hz(top * Double(index) / Double(count + 1)),
                hz(top * Double(index + 1) / Double(count + 1))
            )
            return (0...200).map { bin in
                let f = 40 * Double(bin)
                let height = f <= b ? (f - a) / (b - a) : (c - f) / (c - b)
                return max(0, height) * 2 / (c - a)
            }
        }
    }
}
