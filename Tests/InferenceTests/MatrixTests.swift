import Foundation
import Inference
import Testing

extension ExitTest.Condition {
    /// A failed precondition, and nothing else that ends a process.
    static var trap: ExitTest.Condition {
        #if arch(x86_64)
            .signal(SIGILL)
        #else
            .signal(SIGTRAP)
        #endif
    }
}

struct MatrixTests {
    @Test func `views see the rows and columns they name`() {
        let matrix = Matrix<Int>(rows: 4, columns: 5)
        for row in 0..<4 { matrix.setRow(row, (0..<5).map { 10 * row + $0 }) }
        let view = matrix.rows(1..<3).columns(2..<4)
        #expect(view.array == [12, 13, 22, 23])
        #expect(view[1, 0] == 22)
        view[1, 0] = -1
        #expect(matrix[2, 2] == -1)
        #expect(matrix.rows(4..<4).array.isEmpty)
    }

    @Test func `copies keep to their view`() {
        let target = Matrix<Int>(rows: 3, columns: 4)
        let source = Matrix(Buffer(Array(1...20)), offset: 3, rows: 2, columns: 2, stride: 7)
        target.rows(1..<3).columns(1..<3).copy(from: source)
        #expect(target.array == [0, 0, 0, 0, 0, 4, 5, 0, 0, 11, 12, 0])
    }

    @Test func `rows of a view may overlap`() {
        let frames = Matrix(Buffer([1, 2, 3, 4, 5]), rows: 3, columns: 3, stride: 1)
        #expect(frames.array == [1, 2, 3, 2, 3, 4, 3, 4, 5])
    }

    @Test(arguments: [0, 1, 1_000, 300_000])
    func `new memory is zero, small or large`(_ count: Int) {
        #expect(Buffer<Float>(count).array == [Float](repeating: 0, count: count))
        #expect(Buffer([Int](repeating: 3, count: count)).array == [Int](repeating: 3, count: count))
    }

    @Test func `reading a buffer past its end traps`() async {
        await #expect(processExitsWith: .trap) { print(Buffer<Float>(4)[4]) }
        await #expect(processExitsWith: .trap) { print(Buffer<Float>(4)[-1]) }
    }

    @Test func `writing a buffer past its end traps`() async {
        await #expect(processExitsWith: .trap) { Buffer<Float>(4)[4] = 1 }
        await #expect(processExitsWith: .trap) { Buffer<Float>(4)[-1] = 1 }
    }

    @Test func `elements outside a view trap though the buffer has them`() async {
        await #expect(processExitsWith: .trap) { print(Matrix<Int>(rows: 4, columns: 4).columns(0..<2)[0, 2]) }
        await #expect(processExitsWith: .trap) { print(Matrix<Int>(rows: 4, columns: 4).rows(0..<2)[2, 0]) }
        await #expect(processExitsWith: .trap) { print(Matrix<Int>(rows: 4, columns: 4).rows(2..<4)[-1, 0]) }
    }

    @Test func `views past their matrix or buffer trap`() async {
        await #expect(processExitsWith: .trap) { print(Matrix<Int>(rows: 4, columns: 4).rows(3..<5).rows) }
        await #expect(processExitsWith: .trap) { print(Matrix<Int>(rows: 4, columns: 4).columns(3..<5).rows) }
        await #expect(processExitsWith: .trap) {
            print(Matrix(Buffer<Int>(10), offset: 3, rows: 2, columns: 4, stride: 4).rows)
        }
        await #expect(processExitsWith: .trap) {
            print(Matrix(Buffer<Int>(10), offset: -1, rows: 1, columns: 4).rows)
        }
    }

    @Test func `rows and copies of another width trap`() async {
        await #expect(processExitsWith: .trap) { Matrix<Int>(rows: 2, columns: 2).setRow(1, [1, 2, 3]) }
        await #expect(processExitsWith: .trap) { Matrix<Int>(rows: 2, columns: 2).setRow(2, [1]) }
        await #expect(processExitsWith: .trap) {
            Matrix<Int>(rows: 2, columns: 2).copy(from: Matrix(rows: 2, columns: 3))
        }
        await #expect(processExitsWith: .trap) { Matrix<Int>(rows: 2, columns: 2).fill(1, row: 0, columns: 1..<3) }
    }

    @Test func `kernels are not reached with shapes that disagree`() async {
        await #expect(processExitsWith: .trap) {
            Kernels.best.addScaled(Matrix(rows: 2, columns: 3), 1, into: Matrix(rows: 2, columns: 2))
        }
        await #expect(processExitsWith: .trap) {
            LayerNorm(gamma: [1, 1], beta: [0, 0]).apply(
                Matrix(rows: 1, columns: 16), into: Matrix(rows: 1, columns: 16), kernels: .best)
        }
        await #expect(processExitsWith: .trap) {
            _ = PackedMatrix(Matrix(rows: 2, columns: 17), precision: .int8, kernels: .best)
        }
    }
}
