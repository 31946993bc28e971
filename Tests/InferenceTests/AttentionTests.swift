import Foundation
import Inference
import TestSupport
import Testing

struct AttentionTests {
    private static let size = Kernels.headSize
    private static let scale: Float = 0.125
    /// One key, the edges of a block of 64, the window of Whisper and one more.
    private static let keyCounts = [1, 2, 63, 64, 65, 1_500, 1_501]

    private struct Example {
        var q: Matrix<Float>
        var keys: Matrix<Float>
        var values: Matrix<Float>

        init(rows: Int, keys count: Int, using random: inout SeededRandom) {
            q = .random(rows: rows, columns: size, gap: 7, limit: 2, using: &random)
            let both = Matrix<Float>.random(rows: count, columns: 2 * size, gap: 3, limit: 2, using: &random)
            keys = both.columns(0..<size)
            values = both.columns(size..<2 * size)
        }

        func attend(_ precision: Precision, _ kernels: Kernels) -> (out: Matrix<Float>, weights: Matrix<Float>) {
            let heads = PackedHeads(heads: 3, keys: keys.rows, precision: precision)
            heads.pack(1, keys: keys, values: values, kernels: kernels)
            let out = Matrix<Float>(rows: q.rows, columns: size + 9).columns(4..<4 + size)
            let weights = Matrix<Float>(rows: q.rows, columns: keys.rows + 2).columns(0..<keys.rows)
            let scratch = Buffer<UInt8>(Kernels.attentionScratchBytes(keys: keys.rows))
            heads.attend(q, head: 1, scale: scale, into: out, weights: weights, scratch: scratch, kernels: kernels)
            let again = Matrix<Float>(rows: q.rows, columns: size)
            heads.attend(q, head: 1, scale: scale, into: again, scratch: scratch, kernels: kernels)
            #expect(again.array == out.array, "asking for the weights changed the result")
            return (out, weights)
        }

        /// The example with the numbers that int8 leaves of it: queries by row, keys by row after their mean, values by
        /// column, in the arithmetic of kernels.h.
        var quantized: Example {
            func restored(_ row: [Float]) -> [Float] {
                let (values, scale) = Naive.quantized(row)
                return values.map { Float($0) * scale }
            }
            var copy = self
            copy.q = Matrix(rows: q.rows, columns: size)
            copy.keys = Matrix(rows: keys.rows, columns: size)
            copy.values = Matrix(rows: keys.rows, columns: size)
            for row in 0..<q.rows { copy.q.setRow(row, restored(q.row(row))) }
            var mean = [Float](repeating: 0, count: size)
            for key in 0..<keys.rows { mean = zip(mean, keys.row(key)).map { $0 + $1 } }
            mean = mean.map { $0 / Float(keys.rows) }
            for key in 0..<keys.rows { copy.keys.setRow(key, restored(zip(keys.row(key), mean).map { $0 - $1 })) }
            for column in 0..<size {
                let whole = restored((0..<keys.rows).map { values[$0, column] })
                for key in 0..<keys.rows { copy.values[key, column] = whole[key] }
            }
            return copy
        }

        /// What each row should give, in double precision.
        var expected: [(out: [Double], weights: [Double])] {
            let (k, v) = ((0..<keys.rows).map { keys.row($0) }, (0..<keys.rows).map { values.row($0) })
            return (0..<q.rows).map { Naive.attention(q.row($0), keys: k, values: v, scale: Double(scale)) }
        }
    }

    @Test(arguments: InstructionSet.allCases, keyCounts)
    func `float32 attention and its weights agree with double precision`(_ set: InstructionSet, _ keys: Int) throws {
        let kernels = try kernels(of: set)
        var random = SeededRandom()
        for rows in keys < 100 ? Array(1...7) + [13] : [1, 7] {
            let example = Example(rows: rows, keys: keys, using: &random)
            let (out, weights) = example.attend(.float32, kernels)
            let expected = example.expected
            #expect(out.distance(to: expected.map(\.out)) < 5e-6, "\(rows) rows")
            #expect(weights.distance(to: expected.map(\.weights)) < 2e-6, "\(rows) rows")
        }
    }

    @Test(arguments: InstructionSet.allCases, keyCounts)
    func `int8 attention is that of the quantised numbers`(_ set: InstructionSet, _ keys: Int) throws {
        let kernels = try kernels(of: set)
        var random = SeededRandom()
        for rows in keys < 100 ? Array(1...7) + [13] : [1, 7] {
            let example = Example(rows: rows, keys: keys, using: &random)
            let (out, weights) = example.attend(.int8, kernels)
            let expected = example.quantized.expected
            for row in 0..<rows {
                // Each weight is rounded to 1/255 of the largest of its block: an error of uniform distribution, with
                // which the values, up to 2, are summed. Five deviations of the sum are no chance.
                let largest = expected[row].weights.max() ?? 0
                let deviation = 2 * largest / 255 * (Double(keys) / 12).squareRoot()
                let distance = zip(out.row(row), expected[row].out).map { abs(Double($0) - $1) }.max() ?? .infinity
                #expect(distance < 5 * deviation + 1e-5, "row \(row) of \(rows)")
            }
            #expect(weights.distance(to: expected.map(\.weights)) < 2e-5, "\(rows) rows")
        }
    }

    @Test(arguments: InstructionSet.allCases)
    func `what all int8 keys have in common costs no precision`(_ set: InstructionSet) throws {
        let kernels = try kernels(of: set)
        var random = SeededRandom()
        let example = Example(rows: 6, keys: 200, using: &random)
        let common = random.floats(AttentionTests.size, limit: 50)
        for key in 0..<200 { example.keys.setRow(key, zip(example.keys.row(key), common).map { $0 + $1 }) }
        #expect(example.attend(.int8, kernels).out.distance(to: example.expected.map(\.out)) < 0.05)
    }

    @Test(arguments: InstructionSet.allCases, Precision.allCases)
    func `a key far above the others takes all the weight`(_ set: InstructionSet, _ precision: Precision) throws {
        let kernels = try kernels(of: set)
        var random = SeededRandom()
        let example = Example(rows: 2, keys: 70, using: &random)
        for row in 0..<2 { example.q.setRow(row, [Float](repeating: 10, count: AttentionTests.size)) }
        example.keys.setRow(69, [Float](repeating: 20, count: AttentionTests.size))
        let (out, weights) = example.attend(precision, kernels)
        #expect(weights[0, 69] > 0.999_999 && weights[1, 69] > 0.999_999)
        #expect(out.distance(to: [example.values.row(69), example.values.row(69)].map { $0.map(Double.init) }) < 0.02)
    }

    /// One key has the weight 1, 1 400 others 1/1000 each: less than a byte's step, together more than the one.
    @Test(arguments: InstructionSet.allCases, Precision.allCases)
    func `many small weights count beside a large one`(_ set: InstructionSet, _ precision: Precision) throws {
        let kernels = try kernels(of: set)
        let (q, both) = (Matrix<Float>(rows: 1, columns: AttentionTests.size), Matrix<Float>(rows: 1_401, columns: 128))
        q.setRow(0, [Float](repeating: 1, count: AttentionTests.size))
        let low = -Float(log(1_000.0)) / Float(AttentionTests.size) / AttentionTests.scale
        for key in 0...1_400 {
            let (k, v): (Float, Float) = key == 7 ? (0, -1) : (low, 1)
            both.setRow(key, [Float](repeating: k, count: 64) + [Float](repeating: v, count: 64))
        }
        let heads = PackedHeads(heads: 1, keys: 1_401, precision: precision)
        heads.pack(0, keys: both.columns(0..<64), values: both.columns(64..<128), kernels: kernels)
        let out = Matrix<Float>(rows: 1, columns: AttentionTests.size)
        heads.attend(
            q, head: 0, scale: AttentionTests.scale, into: out,
            scratch: Buffer(Kernels.attentionScratchBytes(keys: 1_401)), kernels: kernels)
        // (1.4 - 1) / 2.4; a byte loses the 127 small weights that share the large one's scale.
        #expect(abs(out[0, 0] - 0.4 / 2.4) < 0.06)
    }

    @Test(arguments: InstructionSet.allCases, Precision.allCases)
    func `heads packed beside each other do not disturb one another`(_ set: InstructionSet, _ precision: Precision)
        throws
    {
        let kernels = try kernels(of: set)
        var random = SeededRandom()
        let examples = (0..<3).map { _ in Example(rows: 3, keys: 65, using: &random) }
        let heads = PackedHeads(heads: 3, keys: 65, precision: precision)
        for (head, example) in examples.enumerated() {
            heads.pack(head, keys: example.keys, values: example.values, kernels: kernels)
        }
        for (head, example) in examples.enumerated() {
            let out = Matrix<Float>(rows: 3, columns: AttentionTests.size)
            heads.attend(
                example.q, head: head, scale: AttentionTests.scale, into: out,
                scratch: Buffer(Kernels.attentionScratchBytes(keys: 65)), kernels: kernels)
            #expect(out.array == example.attend(precision, kernels).out.array)
        }
    }
}
