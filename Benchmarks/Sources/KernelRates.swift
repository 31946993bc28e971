import ArgumentParser
import Inference

/// Products and attention of Whisper base's shapes beside a loop that only multiplies and adds, on one thread.
struct KernelRates: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kernels", abstract: "Measure kernels beside what the core can give.")

    @Option(help: "Rounds of each, a few milliseconds long; the fastest counts.") var rounds = 30

    private struct Rate: Encodable {
        var kernel: String
        var instructionSet: String
        var milliseconds: Double
        var gigaOperationsPerSecond: Double
        /// Share of the core's own rate in that arithmetic.
        var shareOfPeak: Double
    }

    mutating func run() throws {
        for set in InstructionSet.allCases {
            guard let kernels = Kernels(set) else { continue }
            for precision in Precision.allCases {
                let peak = peak(precision, kernels)
                for (rows, inputs, outputs) in [
                    (1_500, 512, 512), (1_500, 512, 2_048), (1_500, 2_048, 512), (96, 512, 2_048), (8, 512, 2_048),
                    (5, 512, 51_865), (1, 512, 512), (1, 512, 2_048), (1, 512, 51_865),
                ] {
                    let time = product(rows, inputs, outputs, precision, kernels)
                    try report(
                        "product \(precision) \(rows)×\(inputs)×\(outputs)", kernels, time,
                        operations: 2 * Double(rows * inputs * outputs), peak)
                }
                for rows in [1, 192] {
                    let time = attention(rows, precision, kernels)
                    // Scores and weighted values; the softmax between them counts as none.
                    try report(
                        "attention \(precision) \(rows)×1500", kernels, time,
                        operations: 4 * Double(rows * 1_500 * Kernels.headSize), peak)
                }
            }
        }
    }

    private func report(
        _ name: String, _ kernels: Kernels, _ time: Double, operations: Double, _ peak: Double
    ) throws {
        try printLine(
            Rate(
                kernel: name, instructionSet: kernels.instructionSet.rawValue, milliseconds: time * 1e3,
                gigaOperationsPerSecond: operations / time / 1e9, shareOfPeak: operations / time / peak))
    }

    /// Seconds of the fastest of several rounds, each long enough for the clock.
    private func fastest(_ work: () -> Void) -> Double {
        let once = max(1e-7, seconds(work))
        let repeats = max(1, Int(0.002 / once))
        return (0..<rounds).map { _ in
            seconds { for _ in 0..<repeats { work() } } / Double(repeats)
        }.min()!
    }

    /// Operations a second of a loop without memory.
    private func peak(_ precision: Precision, _ kernels: Kernels) -> Double {
        let iterations = 200_000
        var operations = 0.0
        let time = (0..<rounds).map { _ in
            seconds {
                operations =
                    precision == .int8
                    ? kernels.peakInt8(iterations: iterations) : kernels.peakFloat32(iterations: iterations)
            }
        }.min()!
        return operations / time
    }

    private func numbers(_ rows: Int, _ columns: Int) -> Matrix<Float> {
        let matrix = Matrix<Float>(rows: rows, columns: columns)
        for row in 0..<rows {
            matrix.setRow(row, (0..<columns).map { Float((row * 31 + $0 * 17) % 255 - 127) / 127 })
        }
        return matrix
    }

    private func product(
        _ rows: Int, _ inputs: Int, _ outputs: Int, _ precision: Precision, _ kernels: Kernels
    ) -> Double {
        let linear = Linear(
            weights: PackedMatrix(numbers(outputs, inputs), precision: precision, kernels: kernels),
            bias: [Float](repeating: 0.5, count: outputs))
        let (x, y) = (numbers(rows, inputs), Matrix<Float>(rows: rows, columns: outputs))
        // Rows go through in the encoder's blocks, so that they stay in the cache.
        let block = 96
        let scratch = QuantizedRows(rows: block, depth: inputs)
        return fastest {
            for start in stride(from: 0, to: rows, by: block) {
                let part = start..<min(rows, start + block)
                linear.apply(x.rows(part), into: y.rows(part), scratch: scratch, kernels: kernels)
            }
        }
    }

    private func attention(_ rows: Int, _ precision: Precision, _ kernels: Kernels) -> Double {
        let keys = 1_500
        let heads = PackedHeads(heads: 1, keys: keys, precision: precision)
        let rowsOfKeys = numbers(keys, Kernels.headSize)
        heads.pack(0, keys: rowsOfKeys, values: rowsOfKeys, kernels: kernels)
        let (q, out) = (numbers(rows, Kernels.headSize), Matrix<Float>(rows: rows, columns: Kernels.headSize))
        let scratch = Buffer<UInt8>(Kernels.attentionScratchBytes(keys: keys))
        return fastest { heads.attend(q, head: 0, scale: 0.125, into: out, scratch: scratch, kernels: kernels) }
    }
}
