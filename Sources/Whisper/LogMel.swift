import Foundation
import Inference

/// The log-mel front end: 25 ms frames every 10 ms, Slaney filters, clamped to 8 decades below the loudest.
///
/// - Source: Radford et al. 2022, §2.2; filters after Slaney, Auditory Toolbox, 1998.
package struct LogMel: Sendable {
    package static let sampleRateHz = 16_000
    package static let hopSamples = 160
    package static let frameSamples = 400
    /// Frames of one window: 30 s.
    package static let framesMax = 3_000
    package static let samplesMax = framesMax * hopSamples

    package let melCount: Int
    private let tables: Buffer<Double>
    private let filters: [Filter]

    package struct Filter: Sendable {
        package var firstBin: Int
        package var weights: [Float]
    }

    package init(melCount: Int) {
        self.melCount = melCount
        tables = Kernels.spectrumTables()
        filters = LogMel.filterBank(melCount: melCount)
    }

    /// The spectrogram of one window.
    ///
    /// - Parameters:
    ///   - samples: the window's audio, at most 480,000 samples of 16 kHz mono in −1…1.
    ///   - before: the 200 samples just before it, or empty at the start of a recording, where the audio is mirrored.
    ///   - after: up to 200 samples just after it; silence where the recording ends.
    /// - Returns: `[frames, melCount]`, one row a frame of 10 ms; `samples.count / 160` rows.
    package func spectrogram(
        _ samples: ArraySlice<Float>, before: ArraySlice<Float> = [], after: ArraySlice<Float> = [], kernels: Kernels,
        threads: ComputeThreads
    ) -> Matrix<Float> {
        precondition(samples.count <= LogMel.samplesMax)
        let frames = samples.count / LogMel.hopSamples
        let out = Matrix<Float>(rows: frames, columns: melCount)
        guard frames > 0 else { return out }
        let half = LogMel.frameSamples / 2
        let mirrored = samples.dropFirst().prefix(half).reversed()
        let lead = before.isEmpty ? Array(mirrored) : Array(before.suffix(half))
        var padded = [Float](repeating: 0, count: half - lead.count) + lead + samples + after.prefix(half)
        padded += [Float](repeating: 0, count: max(0, samples.count + 2 * half - padded.count))
        let audio = Matrix(Buffer(padded), rows: 1, columns: padded.count)
        let block = 100
        threads.run((frames + block - 1) / block) { index, _ in
            let range = index * block..<min(frames, (index + 1) * block)
            let start = range.lowerBound * LogMel.hopSamples
            let power = Matrix<Float>(rows: range.count, columns: 208)
            kernels.powerSpectra(
                audio.columns(start..<audio.columns), frames: range.count, tables: tables, into: power)
            for (row, frame) in range.enumerated() { fold(power.row(row), into: out, frame: frame) }
        }
        normalize(out, kernels: kernels)
        return out
    }

    private func fold(_ power: [Float], into out: Matrix<Float>, frame: Int) {
        var logs = [Float](repeating: 0, count: melCount)
        for (index, filter) in filters.enumerated() {
            var sum: Float = 0
            for (tap, weight) in filter.weights.enumerated() { sum += weight * power[filter.firstBin + tap] }
            logs[index] = log10(max(sum, 1e-10))
        }
        out.setRow(frame, logs)
    }

    private func normalize(_ out: Matrix<Float>, kernels: Kernels) {
        let all = Matrix(out.buffer, rows: 1, columns: out.rows * out.columns)
        let loudest = all[0, kernels.argMax(all, row: 0, columns: 0..<all.columns)]
        for frame in 0..<out.rows { out.setRow(frame, out.row(frame).map { (max($0, loudest - 8) + 4) / 4 }) }
    }

    /// Triangles on the mel scale, each of unit area in Hz: `melCount` rows over 201 bins up to 8 kHz.
    package static func filterBank(melCount: Int) -> [Filter] {
        // Linear below 1 kHz, logarithmic above.
        func mel(_ hz: Double) -> Double { hz < 1000 ? hz * 3 / 200 : 15 + log(hz / 1000) * 27 / log(6.4) }
        func hz(_ mel: Double) -> Double { mel < 15 ? mel * 200 / 3 : 1000 * exp((mel - 15) * log(6.4) / 27) }
        let top = mel(8000)
        let edges = (0..<melCount + 2).map { hz(top * Double($0) / Double(melCount + 1)) }
        return (0..<melCount).map { index in
            let (low, centre, high) = (edges[index], edges[index + 1], edges[index + 2])
            let weights = (0...200).map { bin -> Float in
                let frequency = Double(bin) * 40
                let slope = min((frequency - low) / (centre - low), (high - frequency) / (high - centre))
                return Float(max(0, slope) * 2 / (high - low))
            }
            let first = weights.firstIndex { $0 > 0 } ?? 0
            let last = weights.lastIndex { $0 > 0 } ?? 0
            return Filter(firstBin: first, weights: Array(weights[first...last]))
        }
    }
}
