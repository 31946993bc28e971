import Foundation
import Inference
import TestSupport
import Testing

struct ElementwiseTests {
    @Test(arguments: InstructionSet.allCases)
    func `layer norm agrees with double precision, far from zero too`(_ set: InstructionSet) throws {
        let kernels = try kernels(of: set)
        var random = SeededRandom()
        for (rows, columns, shift) in [(1, 16, 0), (7, 384, 0), (3, 1_280, 0), (2, 512, 30), (4, 48, -3)]
            as [(Int, Int, Float)]
        {
            let x = Matrix<Float>.random(rows: rows, columns: columns, gap: 3, using: &random)
            for row in 0..<rows { x.setRow(row, x.row(row).map { $0 + shift }) }
            let norm = LayerNorm(gamma: random.floats(columns), beta: random.floats(columns))
            let y = Matrix<Float>(rows: rows, columns: columns)
            norm.apply(x, into: y, kernels: kernels)
            let expected = (0..<rows).map {
                Naive.layerNorm(x.row($0), gamma: norm.gamma.array, beta: norm.beta.array)
            }
            #expect(y.distance(to: expected) < (shift == 0 ? 5e-6 : 5e-5), "\(rows)×\(columns) + \(shift)")
        }
    }

    @Test(arguments: InstructionSet.allCases)
    func `layer norm of equal numbers is the shift`(_ set: InstructionSet) throws {
        let kernels = try kernels(of: set)
        let x = Matrix<Float>(rows: 1, columns: 64)
        x.fill(0.25, row: 0, columns: 0..<64)
        LayerNorm(gamma: [Float](repeating: 2, count: 64), beta: (0..<64).map(Float.init)).apply(
            x, into: x, kernels: kernels)
        #expect(x.row(0) == (0..<64).map(Float.init))
    }

    @Test(arguments: InstructionSet.allCases, [1, 15, 16, 17, 333])
    func `GELU is that of the error function, at any size and far out`(_ set: InstructionSet, _ columns: Int) throws {
        let kernels = try kernels(of: set)
        var random = SeededRandom()
        for limit: Float in [0.01, 1, 6, 200, 1e15] {
            let x = Matrix<Float>.random(rows: 2, columns: columns, gap: 1, limit: limit, using: &random)
            let inputs = x.array.map(Double.init)
            kernels.gelu(x)
            for (input, output) in zip(inputs, x.array) {
                // erf is approximated to 1.5e-7.
                let error = abs(Double(output) - Naive.gelu(input))
                #expect(error <= 3e-7 * max(1, abs(input)), "GELU(\(input)) = \(output)")
            }
        }
    }

    @Test(arguments: InstructionSet.allCases)
    func `adding scaled rows touches these rows alone`(_ set: InstructionSet) throws {
        let kernels = try kernels(of: set)
        var random = SeededRandom()
        for columns in [1, 3, 16, 63, 130] {
            let x = Matrix<Float>.random(rows: 3, columns: columns, gap: 2, using: &random)
            let y = Matrix<Float>.random(rows: 3, columns: columns + 2, using: &random)
            let before = (0..<3).map { y.row($0) }
            kernels.addScaled(x, -1.5, into: y.columns(1..<columns + 1))
            let expected = (0..<3).map { row in
                (0..<columns + 2).map { column in
                    let inside = (1...columns).contains(column)
                    return Double(before[row][column]) - (inside ? 1.5 * Double(x[row, column - 1]) : 0)
                }
            }
            #expect(y.distance(to: expected) < 1e-6)
        }
    }

    @Test func `filling touches the named columns of one row alone`() {
        let x = Matrix<Float>(rows: 3, columns: 5)
        x.fill(2, row: 1, columns: 1..<4)
        x.fill(9, row: 2, columns: 5..<5)
        #expect(x.array == [0, 0, 0, 0, 0, 0, 2, 2, 2, 0, 0, 0, 0, 0, 0])
    }

    @Test(arguments: InstructionSet.allCases, [16, 128])
    func `LSTM steps agree with double precision, saturated gates included`(_ set: InstructionSet, _ size: Int) throws {
        let kernels = try kernels(of: set)
        var random = SeededRandom()
        let (cell, hidden) = (Matrix<Float>(rows: 1, columns: size), Matrix<Float>(rows: 1, columns: size))
        var expected = [Double](repeating: 0, count: size)
        for limit: Float in [0.5, 3, 3, 40, 200, 1] {
            let gates = Matrix<Float>.random(rows: 2, columns: 4 * size, gap: 1, limit: limit, using: &random)
            kernels.lstmStep(gates, row: 1, cell: cell, hidden: hidden)
            let g = gates.row(1).map(Double.init)
            for i in 0..<size {
                expected[i] =
                    Naive.sigmoid(g[size + i]) * expected[i] + Naive.sigmoid(g[i]) * tanh(g[2 * size + i])
            }
            let outputs = (0..<size).map { Naive.sigmoid(g[3 * size + $0]) * tanh(expected[$0]) }
            #expect(cell.distance(to: [expected]) < 3e-6, "gates up to \(limit)")
            #expect(hidden.distance(to: [outputs]) < 3e-6, "gates up to \(limit)")
        }
    }

    @Test(arguments: InstructionSet.allCases, [1, 3, 4, 5, 9])
    func `power spectra agree with the sum that defines them`(_ set: InstructionSet, _ frames: Int) throws {
        let kernels = try kernels(of: set)
        var random = SeededRandom()
        let count = (frames - 1) * 160 + 400
        let samples = random.floats(count)
        let out = Matrix<Float>(rows: frames + 1, columns: 203)
        kernels.powerSpectra(
            Matrix(Buffer(samples), rows: 1, columns: count), frames: frames, tables: Kernels.spectrumTables(),
            into: out)
        for frame in 0..<frames {
            for (bin, expected) in Naive.powerSpectrum(Array(samples[frame * 160..<frame * 160 + 400])).enumerated() {
                // Computed in double precision: only the last rounding differs.
                #expect(
                    abs(Double(out[frame, bin]) - expected) <= 1e-7 * expected + 1e-20, "frame \(frame), bin \(bin)")
            }
            #expect(out.row(frame)[201...] == [0, 0])
        }
        #expect(out.row(frames).allSatisfy { $0 == 0 })
    }
}
