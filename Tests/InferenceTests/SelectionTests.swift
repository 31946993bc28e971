import Foundation
import Inference
import TestSupport
import Testing

/// Sizes around every block the kernels step by, and a vocabulary.
private let counts = [1, 3, 4, 15, 16, 17, 63, 64, 65, 200, 51_865]

struct SelectionTests {
    @Test(arguments: InstructionSet.allCases)
    func `log-sum-exp agrees with double precision, masked entries included`(_ set: InstructionSet) throws {
        let kernels = try kernels(of: set)
        var random = SeededRandom()
        for count in counts {
            let x = Matrix<Float>.random(rows: 2, columns: count + 3, gap: 2, limit: 20, using: &random)
            if count > 1 { x[1, 2] = -.infinity }
            let columns = 2..<count + 2
            let expected = Naive.logSumExp(Array(x.row(1)[columns]))
            #expect(abs(Double(kernels.logSumExp(x, row: 1, columns: columns)) - expected) < 2e-5, "\(count)")
        }
        let masked = Matrix<Float>(rows: 1, columns: 40)
        masked.fill(-.infinity, row: 0, columns: 0..<40)
        #expect(kernels.logSumExp(masked, row: 0, columns: 0..<40) == -.infinity)
    }

    @Test(arguments: InstructionSet.allCases)
    func `the largest of a range is the first of equals`(_ set: InstructionSet) throws {
        let kernels = try kernels(of: set)
        var random = SeededRandom()
        for count in counts {
            let x = Matrix<Float>.random(rows: 1, columns: count + 2, using: &random)
            x[0, 0] = 9  // outside the range
            let columns = 1..<count + 1
            let ties = [Int.random(in: columns, using: &random), .random(in: columns, using: &random)]
            for tie in ties { x[0, tie] = 2 }
            #expect(kernels.argMax(x, row: 0, columns: columns) == ties.min())
            for column in columns { x[0, column] = -.infinity }
            #expect(kernels.argMax(x, row: 0, columns: columns) == 1)
            x[0, ties[0]] = -1e30
            #expect(kernels.argMax(x, row: 0, columns: columns) == ties[0])
        }
    }

    @Test(arguments: InstructionSet.allCases)
    func `the top are those of a stable sort, without masked ones`(_ set: InstructionSet) throws {
        let kernels = try kernels(of: set)
        var random = SeededRandom()
        for count in counts {
            let x = Matrix<Float>(rows: 2, columns: count)
            // Few different values: most are ties. A third is masked.
            x.setRow(
                1,
                (0..<count).map { _ in
                    Int.random(in: 0..<3, using: &random) == 0
                        ? -.infinity : Float(Int.random(in: -20...20, using: &random))
                })
            for wanted in [1, 2, 5, 20] {
                let row = x.row(1)
                let sorted = row.indices.filter { row[$0] > -.infinity }.sorted { (row[$0], $1) > (row[$1], $0) }
                let found = kernels.top(x, row: 1, count: wanted)
                #expect(found.map(\.index) == Array(sorted.prefix(wanted)))
                #expect(found.map(\.value) == sorted.prefix(wanted).map { row[$0] })
            }
        }
    }

    /// Draws with a fixed seed, so the test cannot fail by bad luck.
    @Test(arguments: InstructionSet.allCases, [0.5, 1] as [Float])
    func `samples follow the softmax at their temperature`(_ set: InstructionSet, _ temperature: Float) throws {
        let kernels = try kernels(of: set)
        var random = SeededRandom(seed: 42)
        let x = Matrix<Float>(rows: 1, columns: 37)
        x.setRow(0, random.floats(37, limit: 1.5))
        x[0, 5] = -.infinity
        x[0, 36] = -.infinity
        let draws = 40_000
        var seen = [Int](repeating: 0, count: 37)
        for _ in 0..<draws {
            seen[kernels.sample(x, row: 0, temperature: temperature, threshold: .random(in: 0..<1, using: &random))] +=
                1
        }
        let expected = Naive.softmax(x.row(0).map { Double($0) / Double(temperature) }).map { $0 * Double(draws) }
        #expect(seen[5] == 0 && seen[36] == 0)
        let unmasked = expected.indices.filter { expected[$0] > 0 }
        let chiSquare = unmasked.reduce(0.0) { $0 + pow(Double(seen[$1]) - expected[$1], 2) / expected[$1] }
        // 34 degrees of freedom: one draw in a thousand exceeds 65.2.
        #expect(chiSquare < 65.2)
    }

    @Test(arguments: InstructionSet.allCases)
    func `thresholds walk through the distribution from the first to the last unmasked entry`(
        _ set: InstructionSet
    ) throws {
        let kernels = try kernels(of: set)
        let x = Matrix<Float>(rows: 1, columns: 70)
        x.fill(-.infinity, row: 0, columns: 0..<70)
        for column in [7, 20, 33, 68] { x[0, column] = 3 }
        let found = [0, 0.2, 0.3, 0.45, 0.55, 0.7, 0.8, 1].map {
            kernels.sample(x, row: 0, temperature: 1, threshold: $0)
        }
        #expect(found == [7, 7, 20, 20, 33, 33, 68, 68])
    }
}
