import Inference
import TestSupport
import Testing

/// The kernels of one instruction set; where this CPU lacks it the test case is shown as cancelled, with that reason.
func kernels(of set: InstructionSet) throws -> Kernels {
    guard let kernels = Kernels(set) else { try Test.cancel("this CPU lacks \(set.rawValue)") }
    return kernels
}

extension Matrix<Float> {
    /// Rows of random numbers in ±`limit`, `gap` elements apart and off the start of their buffer by one, so that
    /// nothing is aligned.
    static func random(
        rows: Int, columns: Int, gap: Int = 0, limit: Float = 1, using random: inout SeededRandom
    ) -> Matrix {
        let stride = columns + gap
        let matrix = Matrix(Buffer(rows * stride + 1), offset: 1, rows: rows, columns: columns, stride: stride)
        for row in 0..<rows { matrix.setRow(row, random.floats(columns, limit: limit)) }
        return matrix
    }

    /// Largest distance of an element from what it should be.
    func distance(to expected: [[Double]]) -> Double {
        zip(0..<rows, expected).map { index, wanted in
            zip(row(index), wanted).map { distance($0, $1) }.max() ?? 0
        }.max() ?? 0
    }

    /// A number that is none is infinitely far from anything.
    private func distance(_ found: Float, _ expected: Double) -> Double {
        found.isNaN ? .infinity : abs(Double(found) - expected)
    }
}

struct InstructionSetTests {
    @Test(arguments: InstructionSet.allCases)
    func `kernels are those of the set asked for`(_ set: InstructionSet) throws {
        #expect(try kernels(of: set).instructionSet == set)
    }

    @Test func `the best set is one this CPU has, and portable kernels are always there`() {
        #expect(Kernels(InstructionSet.best) != nil)
        #expect(Kernels(.portable) != nil)
        #expect(Kernels.best.instructionSet == InstructionSet.best)
    }
}
