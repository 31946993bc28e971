import Foundation
import Inference
import TestSupport
import Testing

/// Runs `body` on a mapped file of these bytes.
@discardableResult
func withMappedFile<Result>(_ bytes: [UInt8], _ body: (MappedFile) throws -> Result) throws -> Result {
    let url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try Data(bytes).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }  // a leftover in the temporary folder harms nobody
    return try body(MappedFile(path: url.path))
}

struct WeightTests {
    private func bytes<Number: FixedWidthInteger>(_ numbers: [Number]) -> [UInt8] {
        numbers.flatMap { number in (0..<Number.bitWidth / 8).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) } }
    }

    /// Widens a file that holds one odd byte, then `bytes`: weights in files are not aligned.
    private func widened(
        _ bytes: [UInt8], _ element: WeightElement, scale: Float = 1, _ kernels: Kernels
    ) throws -> [Float] {
        try withMappedFile([0xff] + bytes) { file in
            let out = Matrix<Float>(rows: 2, columns: bytes.count / element.sizeBytes)
            // The file outlives the call.
            unsafe kernels.widen(file.bytes(1..<file.count), element, scale: scale, into: out, row: 1)
            #expect(out.row(0).allSatisfy { $0 == 0 })
            return out.row(1)
        }
    }

    @Test(arguments: InstructionSet.allCases)
    func `every finite half-precision number widens exactly`(_ set: InstructionSet) throws {
        let kernels = try kernels(of: set)
        let patterns = (0...UInt16.max).filter { $0 & 0x7c00 != 0x7c00 }
        let found = try widened(bytes(patterns), .float16, kernels)
        for (pattern, value) in zip(patterns, found) {
            let fraction = Double(pattern & 0x3ff)
            let exponent = Int(pattern >> 10 & 0x1f)
            let magnitude =
                exponent == 0 ? fraction * 0x1p-24 : (1 + fraction / 1024) * pow(2, Double(exponent - 15))
            #expect(Double(value) == (pattern >> 15 == 1 ? -magnitude : magnitude), "pattern \(pattern)")
        }
    }

    @Test(arguments: InstructionSet.allCases)
    func `float32, bfloat16 and int8 weights widen exactly`(_ set: InstructionSet) throws {
        let kernels = try kernels(of: set)
        var random = SeededRandom()
        let floats = random.floats(67, limit: 1e6)
        #expect(try widened(bytes(floats.map(\.bitPattern)), .float32, kernels) == floats)
        let upper = floats.map { UInt16($0.bitPattern >> 16) }
        #expect(
            try widened(bytes(upper), .bfloat16, kernels) == upper.map { Float(bitPattern: UInt32($0) << 16) })
        let small = (Int8.min...Int8.max).map { $0 }
        #expect(try widened(bytes(small), .int8, scale: 0.37, kernels) == small.map { Float($0) * 0.37 })
    }

    @Test(arguments: [WeightElement.float32, .float16, .bfloat16, .int8], Precision.allCases)
    func `a matrix packed from a file multiplies as the same matrix packed from memory`(
        _ element: WeightElement, _ precision: Precision
    ) throws {
        var random = SeededRandom()
        let (outputs, inputs) = (1_100, 48)
        var contents: [UInt8] = []
        for _ in 0..<outputs * inputs {
            let value = Float.random(in: -1...1, using: &random)
            switch element {
            case .float32: contents += bytes([value.bitPattern])
            // Exponents of small numbers only, any sign and fraction.
            case .float16: contents += bytes([UInt16.random(in: 0...0xffff, using: &random) & 0xbfff])
            case .bfloat16: contents += bytes([UInt16(value.bitPattern >> 16)])
            case .int8: contents += bytes([Int8.random(in: -127...127, using: &random)])
            }
        }
        // 127 in every row of int8 weights: packed again from floats they give the same numbers and the same scale.
        if element == .int8 { for row in 0..<outputs { contents[row * inputs] = 127 } }
        try withMappedFile(contents) { file in
            // The file lives as long as its source.
            let source = unsafe RowSource(
                bytes: file.bytes(0..<file.count), element: element, columns: inputs,
                scales: element == .int8 ? [Float](repeating: 0.0078125, count: outputs) : [], owner: file)
            #expect(source.rows == outputs)
            let widened = Matrix<Float>(rows: outputs, columns: inputs)
            for row in 0..<outputs { source.widen(row, widened.rows(row..<row + 1), .best) }
            let fromFile = PackedMatrix(
                outputs: outputs, inputs: inputs, precision: precision, kernels: .best, threads: ComputeThreads(2),
                source: source)
            let fromMemory = PackedMatrix(widened, precision: precision, kernels: .best)
            let x = Matrix<Float>.random(rows: 3, columns: inputs, using: &random)
            let products = [fromFile, fromMemory].map { packed in
                let y = Matrix<Float>(rows: 3, columns: outputs)
                Linear(weights: packed, bias: nil).apply(
                    x, into: y, scratch: QuantizedRows(rows: 3, depth: inputs), kernels: .best)
                return y.array
            }
            #expect(products[0] == products[1])
        }
    }
}
