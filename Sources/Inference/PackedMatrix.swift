import CKernels

/// How products and attention are computed.
package enum Precision: String, Sendable, CaseIterable {
    /// Weights int8 with a scale a row, activations of 8 or 16 bits with a scale a row, sums exact.
    case int8
    case float32
}

/// Element types of weight files.
package enum WeightElement: Sendable {
    case float32, float16, bfloat16, int8

    package var sizeBytes: Int {
        switch self {
        case .float32: 4
        case .float16, .bfloat16: 2
        case .int8: 1
        }
    }

    var code: kernels_element {
        switch self {
        case .float32: kernels_f32
        case .float16: kernels_f16
        case .bfloat16: kernels_bf16
        case .int8: kernels_s8
        }
    }
}

/// How finely activations are quantised for int8 weights.
package enum ActivationBits: Int, Sendable, CaseIterable {
    case eight = 8
    /// Twice the work of eight; where the error of eight would be felt.
    case sixteen = 16

    /// Bytes of one activation.
    var planes: Int { rawValue / 8 }
}

/// Rows of activations as unsigned numbers of 8 or 16 bits with a scale a row.
package struct QuantizedRows: Sendable {
    package let depth: Int
    package let rows: Int
    let planes: Int
    let values: Buffer<UInt8>
    let scales: Buffer<Float>
    let first: Int

    /// Memory for `rows` rows of up to `depth` activations of either size.
    package init(rows: Int, depth: Int) {
        self.init(values: Buffer(2 * rows * depth), scales: Buffer(rows), first: 0, rows: rows, depth: depth, planes: 1)
    }

    private init(values: Buffer<UInt8>, scales: Buffer<Float>, first: Int, rows: Int, depth: Int, planes: Int) {
        precondition((first + rows) * depth * planes <= values.count && first + rows <= scales.count)
        self.planes = planes
        self.values = values
        self.scales = scales
        self.first = first
        self.rows = rows
        self.depth = depth
    }

    /// The same memory seen as `rows` rows of another depth; what it held is meaningless afterwards.
    package func reshaped(rows: Int, depth: Int, bits: ActivationBits = .eight) -> QuantizedRows {
        QuantizedRows(values: values, scales: scales, first: 0, rows: rows, depth: depth, planes: bits.planes)
    }

    var rowBytes: Int { depth * planes }

    func range(_ range: Range<Int>) -> QuantizedRows {
        precondition(range.upperBound <= rows)
        return QuantizedRows(
            values: values, scales: scales, first: first + range.lowerBound, rows: range.count, depth: depth,
            planes: planes)
    }
}

/// A weight matrix `[outputs, inputs]` in the order the product kernels read it.
package struct PackedMatrix: Sendable {
    package let outputs: Int
    package let inputs: Int
    let storage: Storage

    enum Storage: Sendable {
        case float32(Buffer<Float>)
        case int8(Buffer<Int8>, scales: Buffer<Float>, offsets: Buffer<Int32>)
    }

    package var precision: Precision {
        switch storage {
        case .float32: .float32
        case .int8: .int8
        }
    }

    /// Packs the rows of a weight file; rows that are int8 already keep their scale when packed to int8.
    package init(
        outputs: Int, inputs: Int, precision: Precision, kernels: Kernels, threads: ComputeThreads,
        source: RowSource
    ) {
        precondition(inputs % Kernels.depthStep == 0, "\(inputs) inputs are no multiple of \(Kernels.depthStep)")
        self.outputs = outputs
        self.inputs = inputs
        let width = Kernels.padded(outputs)
        let block = 512
        switch precision {
        case .float32:
            let packed = Buffer<Float>(width * inputs)
            threads.run((outputs + block - 1) / block) { index, _ in
                let row = Matrix<Float>(rows: 1, columns: inputs)
                for output in index * block..<min(outputs, (index + 1) * block) {
                    source.widen(output, row, kernels)
                    kernels.packRow(row, row: 0, at: output, into: packed)
                }
            }
            storage = .float32(packed)
        case .int8:
            let packed = Buffer<Int8>(width * inputs)
            let scales = Buffer<Float>(width)
            let offsets = Buffer<Int32>(width)
            threads.run((outputs + block - 1) / block) { index, _ in
                let row = Matrix<Float>(rows: 1, columns: inputs)
                for output in index * block..<min(outputs, (index + 1) * block) {
                    if source.packQuantized(output, at: output, packed, scales, offsets, kernels) { continue }
                    source.widen(output, row, kernels)
                    kernels.packRow(row, row: 0, at: output, into: packed, scales: scales, offsets: offsets)
                }
            }
            storage = .int8(packed, scales: scales, offsets: offsets)
        }
    }

    /// Packs some rows of an int8 file, in the order given.
    package init(_ rows: [Int], of source: RowSource, kernels: Kernels) {
        precondition(source.columns % Kernels.depthStep == 0)
        outputs = rows.count
        inputs = source.columns
        let width = Kernels.padded(outputs)
        let packed = Buffer<Int8>(width * inputs)
        let (scales, offsets) = (Buffer<Float>(width), Buffer<Int32>(width))
        for (column, row) in rows.enumerated() {
            let isInt8 = source.packQuantized(row, at: column, packed, scales, offsets, kernels)
            precondition(isInt8, "only rows of int8 are picked")
        }
        storage = .int8(packed, scales: scales, offsets: offsets)
    }

    /// Packs a matrix that is in memory, `[outputs, inputs]`.
    package init(_ matrix: Matrix<Float>, precision: Precision, kernels: Kernels) {
        precondition(matrix.columns % Kernels.depthStep == 0)
        outputs = matrix.rows
        inputs = matrix.columns
        let width = Kernels.padded(outputs)
        switch precision {
        case .float32:
            let packed = Buffer<Float>(width * inputs)
            for row in 0..<outputs { kernels.packRow(matrix, row: row, at: row, into: packed) }
            storage = .float32(packed)
        case .int8:
            let packed = Buffer<Int8>(width * inputs)
            let (scales, offsets) = (Buffer<Float>(width), Buffer<Int32>(width))
            for row in 0..<outputs {
                kernels.packRow(matrix, row: row, at: row, into: packed, scales: scales, offsets: offsets)
            }
            storage = .int8(packed, scales: scales, offsets: offsets)
        }
    }

    /// y[rows] = x[rows] · W + bias for some rows and columns, on the calling thread.
    ///
    /// - Parameter x: float rows; `quantized` holds the same rows for int8 weights (see `prepare`).
    package func multiply(
        _ x: Matrix<Float>, quantized: QuantizedRows, bias: Buffer<Float>?, into y: Matrix<Float>,
        columns: Range<Int>? = nil, epilogue: Epilogue = .store, kernels: Kernels
    ) {
        let columns = columns ?? 0..<Kernels.padded(outputs)
        switch storage {
        case .float32(let weights):
            kernels.product(
                x, weights, outputs: outputs, bias: bias, into: y, columns: columns, epilogue: epilogue)
        case .int8(let weights, let scales, let offsets):
            kernels.product(
                quantized.range(0..<x.rows), weights, scales: scales, offsets: offsets, outputs: outputs, bias: bias,
                into: y, columns: columns, epilogue: epilogue)
        }
    }

    /// Quantises rows of x where this matrix is int8; does nothing otherwise.
    package func prepare(_ x: Matrix<Float>, into quantized: QuantizedRows, kernels: Kernels) {
        if precision == .int8 { kernels.quantize(x, into: quantized) }
    }
}

/// Rows of a weight matrix in whatever type its file has.
@safe package struct RowSource: @unchecked Sendable {
    /// Unsafe: the owner keeps the mapped file alive while rows are read.
    private let bytes: UnsafeRawBufferPointer
    private let element: WeightElement
    package let columns: Int
    private let scales: [Float]
    private let owner: AnyObject

    /// - Parameter scales: for int8, the factor of each row (1 / the file's `weight_scale`).
    package init(bytes: UnsafeRawBufferPointer, element: WeightElement, columns: Int, scales: [Float], owner: AnyObject)
    {
        precondition(columns > 0 && bytes.count % (columns * element.sizeBytes) == 0)
        precondition(element != .int8 || scales.count == bytes.count / columns)
        unsafe self.bytes = bytes
        self.element = element
        self.columns = columns
        self.scales = scales
        self.owner = owner
    }

    package var rows: Int { unsafe bytes.count / (columns * element.sizeBytes) }

    /// Writes row `index` as floats into the first row of `out`.
    package func widen(_ index: Int, _ out: Matrix<Float>, _ kernels: Kernels) {
        unsafe kernels.widen(slice(index), element, scale: element == .int8 ? scales[index] : 1, into: out, row: 0)
    }

    func packQuantized(
        _ index: Int, at column: Int, _ packed: Buffer<Int8>, _ packedScales: Buffer<Float>, _ offsets: Buffer<Int32>,
        _ kernels: Kernels
    ) -> Bool {
        guard element == .int8 else { return false }
        unsafe kernels.packQuantizedRow(
            slice(index), scale: scales[index], at: column, into: packed, scales: packedScales, offsets: offsets)
        return true
    }

    /// Checked by the slicing subscript.
    private func slice(_ index: Int) -> UnsafeRawBufferPointer {
        let size = columns * element.sizeBytes
        return unsafe UnsafeRawBufferPointer(rebasing: bytes[index * size..<(index + 1) * size])
    }
}
