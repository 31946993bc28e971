import Foundation
import Inference
import TestSupport
import Testing

struct ShortAttentionTests {
    @Test(arguments: InstructionSet.allCases)
    func `attention over few keys agrees with double precision`(_ set: InstructionSet) throws {
        let kernels = try kernels(of: set)
        var random = SeededRandom()
        // Every head size of published models, edges of a block of 32 keys, the most keys; rows past a tile.
        for (size, keys) in [(16, 1), (32, 5), (48, 31), (64, 32), (32, 33), (48, 64), (32, Kernels.shortKeysMax)] {
            for rows in [1, 2, 6, 7, 20] {
                let heads = Int.random(in: 1...8, using: &random)
                let width = heads * size
                let q = Matrix<Float>.random(rows: rows, columns: width, gap: 3, limit: 2, using: &random)
                let k = Matrix<Float>.random(rows: keys, columns: width, gap: 5, limit: 2, using: &random)
                let v = Matrix<Float>.random(rows: keys, columns: width, gap: 1, using: &random)
                // What lies past the keys must not matter.
                let transposed = Matrix<Float>.random(
                    rows: width, columns: Kernels.shortKeysWidth(keys), limit: 1e6, using: &random)
                kernels.transpose(k, into: transposed)
                let out = Matrix<Float>(rows: rows, columns: width + 2).columns(1..<width + 1)
                kernels.attendShort(q, keys: transposed, values: v, heads: heads, into: out)
                for head in 0..<heads {
                    let part = head * size..<(head + 1) * size
                    let (keyRows, valueRows) = (
                        (0..<keys).map { Array(k.row($0)[part]) }, (0..<keys).map { Array(v.row($0)[part]) }
                    )
                    let expected = (0..<rows).map { row in
                        Naive.attention(
                            Array(q.row(row)[part]), keys: keyRows, values: valueRows,
                            scale: 1 / Double(size).squareRoot()
                        ).out
                    }
                    #expect(out.columns(part).distance(to: expected) < 2e-5, "\(rows) rows, \(keys) keys of \(size)")
                }
            }
        }
    }

    @Test(arguments: InstructionSet.allCases)
    func `a row's attention does not depend on the rows beside it`(_ set: InstructionSet) throws {
        let kernels = try kernels(of: set)
        var random = SeededRandom()
        let q = Matrix<Float>.random(rows: 13, columns: 64, using: &random)
        let v = Matrix<Float>.random(rows: 40, columns: 64, using: &random)
        let keys = Matrix<Float>(rows: 64, columns: Kernels.shortKeysWidth(40))
        kernels.transpose(v, into: keys)
        let together = Matrix<Float>(rows: 13, columns: 64)
        kernels.attendShort(q, keys: keys, values: v, heads: 2, into: together)
        for row in 0..<13 {
            let alone = Matrix<Float>(rows: 1, columns: 64)
            kernels.attendShort(q.rows(row..<row + 1), keys: keys, values: v, heads: 2, into: alone)
            #expect(alone.row(0) == together.row(row))
        }
    }

    @Test(arguments: InstructionSet.allCases)
    func `a transposed matrix has rows for columns`(_ set: InstructionSet) throws {
        let kernels = try kernels(of: set)
        var random = SeededRandom()
        for (rows, columns) in [(1, 16), (7, 48), (33, 256)] {
            let x = Matrix<Float>.random(rows: rows, columns: columns, gap: 2, using: &random)
            let out = Matrix<Float>(rows: columns, columns: rows + 3)
            kernels.transpose(x, into: out)
            for row in 0..<rows { for column in 0..<columns { #expect(out[column, row] == x[row, column]) } }
            #expect(out.columns(rows..<rows + 3).array.allSatisfy { $0 == 0 })
        }
    }

    @Test(arguments: InstructionSet.allCases)
    func `a step of the simple recurrent unit agrees with double precision`(_ set: InstructionSet) throws {
        let kernels = try kernels(of: set)
        var random = SeededRandom()
        for size in [16, 48, 256] {
            let gate = Matrix<Float>.random(rows: 3, columns: size, gap: 1, limit: 90, using: &random)
            let candidate = Matrix<Float>.random(rows: 3, columns: size, gap: 2, using: &random)
            let cell = Matrix<Float>.random(rows: 3, columns: size, using: &random)
            let out = Matrix<Float>.random(rows: 3, columns: size, using: &random)
            let (cells, outs) = ((0..<3).map { cell.row($0) }, (0..<3).map { out.row($0) })
            kernels.ssruStep(gate: gate, candidate: candidate, cell: cell, out: out)
            let expected = (0..<3).map { row in
                (0..<size).map { i in
                    let keep = Naive.sigmoid(Double(gate[row, i]))
                    return keep * Double(cells[row][i]) + (1 - keep) * Double(candidate[row, i])
                }
            }
            #expect(cell.distance(to: expected) < 1e-6)
            #expect(out.distance(to: zip(outs, expected).map { zip($0, $1).map { Double($0) + max(0, $1) } }) < 1e-6)
        }
    }

    @Test(arguments: InstructionSet.allCases)
    func `picked rows of an int8 file multiply as they do in the whole`(_ set: InstructionSet) throws {
        let kernels = try kernels(of: set)
        var random = SeededRandom()
        let folder = try TemporaryFolder()
        let bytes = Data((0..<200 * 48).map { _ in UInt8.random(in: 0...255, using: &random) })
        let file = try MappedFile(path: folder.write(bytes, to: "rows"))
        let scales = random.floats(200).map(abs)
        // The file is alive as the owner of the source.
        let source = unsafe RowSource(
            bytes: file.bytes(0..<bytes.count), element: .int8, columns: 48, scales: scales, owner: file)
        let whole = PackedMatrix(
            outputs: 200, inputs: 48, precision: .int8, kernels: kernels, threads: ComputeThreads(1), source: source)
        let picked = (0..<70).map { _ in Int.random(in: 0..<200, using: &random) }
        let x = Matrix<Float>.random(rows: 4, columns: 48, using: &random)
        let scratch = QuantizedRows(rows: 4, depth: 48)
        let (all, some) = (Matrix<Float>(rows: 4, columns: 200), Matrix<Float>(rows: 4, columns: 70))
        Linear(weights: whole, bias: nil).apply(x, into: all, scratch: scratch, kernels: kernels)
        Linear(weights: PackedMatrix(picked, of: source, kernels: kernels), bias: nil)
            .apply(x, into: some, scratch: scratch, kernels: kernels)
        for row in 0..<4 { #expect(some.row(row) == picked.map { all[row, $0] }) }
    }

    @Test func `layer norm adds the epsilon it is given`() {
        let x = Matrix(Buffer<Float>([1e-3, -1e-3] + [Float](repeating: 0, count: 14)), rows: 1, columns: 16)
        for epsilon: Float in [1e-5, 1e-6, 1e-9] {
            let y = Matrix<Float>(rows: 1, columns: 16)
            LayerNorm(
                gamma: [Float](repeating: 1, count: 16), beta: [Float](repeating: 0, count: 16), epsilon: epsilon
            ).apply(x, into: y, kernels: .best)
            let expected = 1e-3 / (2e-6 / 16 + Double(epsilon)).squareRoot()
            #expect(abs(Double(y[0, 0]) - expected) < 1e-4 * expected)
        }
    }
}
