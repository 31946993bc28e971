import Foundation
import Inference
import TestSupport
import Testing

struct ProductTests {
    /// Rows 1…7 meet every height of a tile; columns end inside, at and past panels; 16 is the least depth.
    private static let edges = [
        (1, 16, 1), (2, 16, 63), (3, 32, 64), (4, 48, 65), (5, 64, 128), (6, 80, 130), (7, 512, 70), (13, 1536, 200),
    ]

    private struct Example {
        var x: Matrix<Float>
        var weights: Matrix<Float>
        var bias: [Float]

        init(_ shape: (rows: Int, depth: Int, outputs: Int), using random: inout SeededRandom) {
            x = .random(rows: shape.rows, columns: shape.depth, gap: 5, using: &random)
            weights = .random(rows: shape.outputs, columns: shape.depth, limit: 0.5, using: &random)
            bias = random.floats(shape.outputs)
        }

        /// Every product of a row and a weight row, through `apply`, into rows with a gap whose marks must stay.
        func product(
            _ precision: Precision, bits: ActivationBits = .eight, bias: [Float]?, _ epilogue: Epilogue,
            _ kernels: Kernels
        ) -> Matrix<Float> {
            let linear = Linear(
                weights: PackedMatrix(weights, precision: precision, kernels: kernels), bias: bias, activationBits: bits
            )
            let wide = Matrix<Float>(rows: x.rows, columns: weights.rows + 3)
            for row in 0..<x.rows { wide.fill(7, row: row, columns: 0..<wide.columns) }
            let scratch = QuantizedRows(rows: x.rows, depth: x.columns)
            let y = wide.columns(0..<weights.rows)
            linear.apply(x, into: y, epilogue: epilogue, scratch: scratch, kernels: kernels)
            let gaps = wide.columns(weights.rows..<wide.columns).array
            #expect(gaps.allSatisfy { $0 == 7 }, "columns past the matrix were written")
            return y
        }

        /// - Parameter finish: what the epilogue makes of the sum in double precision.
        func check(_ y: Matrix<Float>, bias: [Float]?, _ finish: (Double) -> Double) {
            for row in 0..<x.rows {
                for column in 0..<weights.rows {
                    let (a, b) = (x.row(row), weights.row(column))
                    let expected = finish(Naive.product(a, b, bias: bias?[column] ?? 0))
                    // The bound on the error of a float32 sum of this length, and the epilogue's own.
                    let tolerance =
                        Naive.magnitude(a, b, bias: bias?[column] ?? 0) * Double(a.count + 2) * 0x1p-24 + 2e-6
                    #expect(abs(Double(y[row, column]) - expected) <= tolerance, "row \(row), column \(column)")
                }
            }
        }
    }

    private static func shapes(using random: inout SeededRandom) -> [(rows: Int, depth: Int, outputs: Int)] {
        edges.map { (rows: $0.0, depth: $0.1, outputs: $0.2) }
            + (0..<8).map { _ in
                (
                    rows: .random(in: 1...20, using: &random), depth: 16 * .random(in: 1...40, using: &random),
                    outputs: .random(in: 1...150, using: &random)
                )
            }
    }

    @Test(arguments: InstructionSet.allCases)
    func `float32 products agree with double precision`(_ set: InstructionSet) throws {
        let kernels = try kernels(of: set)
        var random = SeededRandom()
        for shape in ProductTests.shapes(using: &random) {
            let example = Example(shape, using: &random)
            example.check(example.product(.float32, bias: nil, .store, kernels), bias: nil) { $0 }
        }
    }

    @Test(arguments: InstructionSet.allCases)
    func `epilogues add the bias, then rectify, apply GELU or add to what is there`(_ set: InstructionSet) throws {
        let kernels = try kernels(of: set)
        var random = SeededRandom()
        for shape in ProductTests.shapes(using: &random) {
            let example = Example(shape, using: &random)
            let bias = example.bias
            example.check(example.product(.float32, bias: bias, .store, kernels), bias: bias) { $0 }
            example.check(example.product(.float32, bias: bias, .relu, kernels), bias: bias) { max(0, $0) }
            example.check(example.product(.float32, bias: bias, .gelu, kernels), bias: bias, Naive.gelu)
            example.check(example.product(.float32, bias: bias, .accumulate, kernels), bias: bias) { $0 + 7 }
        }
    }

    @Test(arguments: InstructionSet.allCases)
    func `int8 products are exact to the last bit, so equal on every instruction set`(_ set: InstructionSet) throws {
        let kernels = try kernels(of: set)
        var random = SeededRandom()
        for shape in ProductTests.shapes(using: &random) {
            let example = Example(shape, using: &random)
            let y = example.product(.int8, bias: nil, .store, kernels)
            let weights = (0..<shape.outputs).map { Naive.quantized(example.weights.row($0)) }
            for row in 0..<shape.rows {
                let x = Naive.quantized(example.x.row(row))
                for (column, w) in weights.enumerated() {
                    let sum = zip(x.values, w.values).reduce(0) { $0 + $1.0 * $1.1 }
                    #expect(
                        y[row, column] == Float(sum) * (w.scale * x.scale), "\(shape), row \(row), column \(column)")
                }
            }
        }
    }

    @Test(arguments: InstructionSet.allCases)
    func `16-bit activations give the exact sum to float precision, equal on every set`(_ set: InstructionSet) throws {
        let kernels = try kernels(of: set)
        let portable = try #require(Kernels(.portable))
        var random = SeededRandom()
        for shape in ProductTests.shapes(using: &random) {
            let example = Example(shape, using: &random)
            let y = example.product(.int8, bits: .sixteen, bias: nil, .store, kernels)
            let weights = (0..<shape.outputs).map { Naive.quantized(example.weights.row($0)) }
            for row in 0..<shape.rows {
                let x = Naive.quantized(example.x.row(row), most: 32_767)
                for (column, w) in weights.enumerated() {
                    let sum = zip(x.values, w.values).reduce(0) { $0 + $1.0 * $1.1 }
                    let expected = Double(sum) * Double(w.scale) * Double(x.scale)
                    // The high plane's sum is rounded to float once before the low one is added.
                    let tolerance =
                        zip(x.values, w.values).reduce(0) { $0 + Double(abs($1.0 * $1.1)) } * Double(w.scale * x.scale)
                        * 0x1p-22
                    #expect(
                        abs(Double(y[row, column]) - expected) <= tolerance, "\(shape), row \(row), column \(column)")
                }
            }
            #expect(y.array == example.product(.int8, bits: .sixteen, bias: nil, .store, portable).array)
        }
    }

    @Test(arguments: InstructionSet.allCases)
    func `int8 products add the bias and finish as float32 ones do`(_ set: InstructionSet) throws {
        let kernels = try kernels(of: set)
        var random = SeededRandom()
        let example = Example((rows: 7, depth: 64, outputs: 70), using: &random)
        let plain = example.product(.int8, bias: nil, .store, kernels)
        let finished: [(Epilogue, (Double) -> Double)] = [
            (.store, { $0 }), (.relu, { max(0, $0) }), (.gelu, Naive.gelu), (.accumulate, { $0 + 7 }),
        ]
        for (epilogue, finish) in finished {
            let y = example.product(.int8, bias: example.bias, epilogue, kernels)
            let expected = (0..<7).map { row in
                zip(plain.row(row), example.bias).map { finish(Double($0) + Double($1)) }
            }
            #expect(y.distance(to: expected) < 3e-6, "\(epilogue)")
        }
    }

    @Test(arguments: InstructionSet.allCases)
    func `extreme and empty rows quantise without overflow`(_ set: InstructionSet) throws {
        let kernels = try kernels(of: set)
        // All 127 against all -127 in the deepest product of a large model, and rows of zeros.
        let depth = 5_120
        let x = Matrix<Float>(rows: 2, columns: depth)
        let w = Matrix<Float>(rows: 2, columns: depth)
        x.fill(1, row: 0, columns: 0..<depth)
        w.fill(-1, row: 0, columns: 0..<depth)
        let y = Matrix<Float>(rows: 2, columns: 2)
        Linear(weights: PackedMatrix(w, precision: .int8, kernels: kernels), bias: nil).apply(
            x, into: y, scratch: QuantizedRows(rows: 2, depth: depth), kernels: kernels)
        #expect(abs(y[0, 0] + Float(depth)) < 0.01)
        #expect([y[0, 1], y[1, 0], y[1, 1]] == [0, 0, 0])
    }

    @Test(arguments: Precision.allCases, [1, 2, 3])
    func `columns shared out to threads give what one thread gives`(_ precision: Precision, _ count: Int) {
        var random = SeededRandom()
        let threads = ComputeThreads(count)
        for outputs in [1, 64, 65, 700, 1_999] {
            let example = Example((rows: 5, depth: 96, outputs: outputs), using: &random)
            let linear = Linear(
                weights: PackedMatrix(example.weights, precision: precision, kernels: .best), bias: example.bias)
            let scratch = QuantizedRows(rows: 5, depth: 96)
            let (alone, together) = (Matrix<Float>(rows: 5, columns: outputs), Matrix<Float>(rows: 5, columns: outputs))
            linear.apply(example.x, into: alone, scratch: scratch, kernels: .best)
            linear.apply(example.x, into: together, scratch: scratch, kernels: .best, threads: threads)
            #expect(alone.array == together.array)
        }
    }
}
