import CKernels

/// Instruction sets the kernels exist for.
package enum InstructionSet: String, Sendable, CaseIterable {
    case portable, avx2, avx512

    /// The widest one of this CPU.
    package static var best: InstructionSet {
        switch kernels_best() {
        case kernels_avx512: .avx512
        case kernels_avx2: .avx2
        default: .portable
        }
    }

    var code: kernels_isa {
        switch self {
        case .portable: kernels_portable
        case .avx2: kernels_avx2
        case .avx512: kernels_avx512
        }
    }
}

/// What happens to a product before it is stored.
package enum Epilogue: Sendable {
    case store, relu, gelu
    /// Added to what the destination holds.
    case accumulate

    var code: kernels_epilogue {
        switch self {
        case .store: kernels_store
        case .relu: kernels_relu
        case .gelu: kernels_gelu
        case .accumulate: kernels_accumulate
        }
    }
}

/// The one door to the C kernels: shapes are checked here, addresses go no further.
///
/// Every `unsafe` below is a call with the address of a checked `Matrix` and a shape that lies inside it; the table of
/// functions is a constant of the program.
@safe package struct Kernels: @unchecked Sendable {
    package let instructionSet: InstructionSet
    private let table: UnsafePointer<kernels>

    /// - Returns: nil where this CPU lacks the instruction set.
    package init?(_ set: InstructionSet) {
        guard let table = unsafe kernels_for(set.code) else { return nil }
        instructionSet = set
        unsafe self.table = table
    }

    package static let best = Kernels(InstructionSet.best)!

    /// Columns of packed matrices are padded to a multiple of this.
    package static let columnStep = Int(kernels_column_step)
    /// Elements of one attention head.
    package static let headSize = Int(kernels_head_size)
    /// Values of k and widths of rows must be multiples of this.
    package static let depthStep = 16

    package static func padded(_ columns: Int) -> Int { (columns + columnStep - 1) / columnStep * columnStep }

    // MARK: weights

    /// Widens elements of a weight file to float32.
    package func widen(
        _ source: UnsafeRawBufferPointer, _ element: WeightElement, scale: Float, into out: Matrix<Float>, row: Int
    ) {
        precondition(source.count == out.columns * element.sizeBytes && row >= 0 && row < out.rows)
        guard out.columns > 0, let from = source.baseAddress else { return }
        unsafe table.pointee.widen(from, element.code, scale, out.start + row * out.stride, out.columns)
    }

    func packRow(_ source: Matrix<Float>, row: Int, at column: Int, into packed: Buffer<Float>) {
        precondition(row < source.rows && packed.count >= Kernels.padded(column + 1) * source.columns)
        unsafe table.pointee.pack_row_f32(
            source.start + row * source.stride, Int32(source.columns), Int32(column), packed.base)
    }

    func packRow(
        _ source: Matrix<Float>, row: Int, at column: Int, into packed: Buffer<Int8>, scales: Buffer<Float>,
        offsets: Buffer<Int32>
    ) {
        precondition(source.columns % Kernels.depthStep == 0 && column < scales.count && column < offsets.count)
        precondition(row < source.rows && packed.count >= Kernels.padded(column + 1) * source.columns)
        unsafe table.pointee.pack_row_s8(
            source.start + row * source.stride, Int32(source.columns), Int32(column), packed.base, scales.base,
            offsets.base)
    }

    func packQuantizedRow(
        _ source: UnsafeRawBufferPointer, scale: Float, at column: Int, into packed: Buffer<Int8>,
        scales: Buffer<Float>, offsets: Buffer<Int32>
    ) {
        let k = source.count
        precondition(k % Kernels.depthStep == 0 && column < scales.count && column < offsets.count)
        precondition(packed.count >= Kernels.padded(column + 1) * k)
        let bytes = unsafe source.bindMemory(to: Int8.self).baseAddress
        unsafe table.pointee.pack_row_quantized(
            bytes, scale, Int32(k), Int32(column), packed.base, scales.base, offsets.base)
    }

    // MARK: products

    /// y = x · W + bias over the packed columns `columns` (a multiple of 64 at both ends, or the end of W).
    func product(
        _ x: Matrix<Float>, _ weights: Buffer<Float>, outputs: Int, bias: Buffer<Float>?, into y: Matrix<Float>,
        columns: Range<Int>, epilogue: Epilogue
    ) {
        check(rows: x.rows, k: x.columns, outputs: outputs, y: y, columns: columns, bias: bias)
        precondition(weights.count >= Kernels.padded(outputs) * x.columns)
        unsafe table.pointee.product_f32(
            x.start, x.stride, Int32(x.rows), Int32(x.columns), weights.base, bias?.base, y.start, y.stride,
            Int32(columns.lowerBound), Int32(columns.upperBound), Int32(outputs), epilogue.code)
    }

    /// The same with quantised rows of x and int8 weights.
    func product(
        _ x: QuantizedRows, _ weights: Buffer<Int8>, scales: Buffer<Float>, offsets: Buffer<Int32>, outputs: Int,
        bias: Buffer<Float>?, into y: Matrix<Float>, columns: Range<Int>, epilogue: Epilogue
    ) {
        check(rows: x.rows, k: x.depth, outputs: outputs, y: y, columns: columns, bias: bias)
        let width = Kernels.padded(outputs)
        precondition(weights.count >= width * x.depth && scales.count >= width && offsets.count >= width)
        unsafe table.pointee.product_s8(
            x.values.base + x.first * x.rowBytes, Int32(x.planes), x.scales.base + x.first, Int32(x.rows),
            Int32(x.depth), weights.base,
            scales.base, offsets.base, bias?.base, y.start, y.stride, Int32(columns.lowerBound),
            Int32(columns.upperBound), Int32(outputs), epilogue.code)
    }

    private func check(
        rows: Int, k: Int, outputs: Int, y: Matrix<Float>, columns: Range<Int>, bias: Buffer<Float>?
    ) {
        precondition(k % Kernels.depthStep == 0, "k \(k) is no multiple of \(Kernels.depthStep)")
        precondition(
            y.rows >= rows && y.columns >= outputs, "product of \(rows)×\(outputs) into \(y.rows)×\(y.columns)")
        precondition(columns.lowerBound >= 0 && columns.upperBound <= Kernels.padded(outputs))
        precondition(columns.lowerBound % Kernels.columnStep == 0 && columns.upperBound % Kernels.columnStep == 0)
        precondition(bias.map { $0.count >= Kernels.padded(outputs) } ?? true)
    }

    /// Quantises rows of x into rows `at`… of `out`.
    func quantize(_ x: Matrix<Float>, into out: QuantizedRows) {
        precondition(x.columns == out.depth && x.rows <= out.rows && x.columns % Kernels.depthStep == 0)
        unsafe table.pointee.quantize_rows(
            x.start, x.stride, Int32(x.rows), Int32(x.columns), Int32(out.planes),
            out.values.base + out.first * out.rowBytes, out.scales.base + out.first)
    }

    // MARK: elementwise

    package func layerNorm(
        _ x: Matrix<Float>, gamma: Buffer<Float>, beta: Buffer<Float>, epsilon: Float, into y: Matrix<Float>
    ) {
        precondition(x.rows == y.rows && x.columns == y.columns && x.columns % Kernels.depthStep == 0)
        precondition(gamma.count >= x.columns && beta.count >= x.columns)
        unsafe table.pointee.layer_norm(
            x.start, x.stride, gamma.base, beta.base, y.start, y.stride, Int32(x.rows), Int32(x.columns), epsilon)
    }

    package func gelu(_ x: Matrix<Float>) {
        for row in 0..<x.rows { unsafe table.pointee.gelu(x.start + row * x.stride, x.columns) }
    }

    /// y += a · x, element by element.
    package func addScaled(_ x: Matrix<Float>, _ a: Float, into y: Matrix<Float>) {
        precondition(x.rows == y.rows && x.columns == y.columns)
        for row in 0..<x.rows {
            unsafe table.pointee.add_scaled(x.start + row * x.stride, a, y.start + row * y.stride, Int32(x.columns))
        }
    }

    /// One step of an LSTM cell: `[1, 4 · size]` gates (input, forget, candidate, output) before their nonlinearities.
    package func lstmStep(_ gates: Matrix<Float>, row: Int, cell: Matrix<Float>, hidden: Matrix<Float>) {
        let size = cell.columns
        precondition(gates.columns == 4 * size && hidden.columns == size && size % Kernels.depthStep == 0)
        precondition(row >= 0 && row < gates.rows && cell.rows > 0 && hidden.rows > 0)
        unsafe table.pointee.lstm_step(gates.start + row * gates.stride, cell.start, hidden.start, Int32(size))
    }

    /// One step of a simple recurrent unit for every row of `gate`: `cell` moves on, its positive part is added to `out`.
    package func ssruStep(gate: Matrix<Float>, candidate: Matrix<Float>, cell: Matrix<Float>, out: Matrix<Float>) {
        let (rows, size) = (gate.rows, gate.columns)
        precondition([candidate, cell, out].allSatisfy { $0.rows >= rows && $0.columns == size })
        precondition(size % Kernels.depthStep == 0)
        for row in 0..<rows {
            unsafe table.pointee.ssru_step(
                gate.start + row * gate.stride, candidate.start + row * candidate.stride,
                cell.start + row * cell.stride, out.start + row * out.stride, Int32(size))
        }
    }

    package func logSumExp(_ x: Matrix<Float>, row: Int, columns: Range<Int>) -> Float {
        precondition(row >= 0 && row < x.rows && columns.lowerBound >= 0 && columns.upperBound <= x.columns)
        return unsafe table.pointee.log_sum_exp(x.start + row * x.stride + columns.lowerBound, Int32(columns.count))
    }

    /// Index of the largest value of a row, the first of equals, counted from the row's start.
    package func argMax(_ x: Matrix<Float>, row: Int, columns: Range<Int>) -> Int {
        precondition(row >= 0 && row < x.rows && columns.lowerBound >= 0 && columns.upperBound <= x.columns)
        let start = unsafe x.start + row * x.stride + columns.lowerBound
        let index = unsafe table.pointee.arg_max(start, Int32(columns.count))
        return columns.lowerBound + Int(index)
    }

    /// The `count` largest values of a row with their indices, largest first.
    package func top(_ x: Matrix<Float>, row: Int, count: Int) -> [(index: Int, value: Float)] {
        precondition(row >= 0 && row < x.rows && count > 0)
        let (index, value) = (Buffer<Int32>(count), Buffer<Float>(count))
        unsafe table.pointee.top(
            x.start + row * x.stride, Int32(x.columns), Int32(count), index.base, value.base)
        return (0..<count).filter { index[$0] >= 0 }.map { (Int(index[$0]), value[$0]) }
    }

    /// An index drawn from softmax(x / temperature) of a row.
    ///
    /// - Parameter threshold: a uniform random number in 0…1.
    package func sample(_ x: Matrix<Float>, row: Int, temperature: Float, threshold: Float) -> Int {
        precondition(row >= 0 && row < x.rows && temperature > 0)
        return unsafe Int(
            table.pointee.sample(x.start + row * x.stride, Int32(x.columns), 1 / temperature, threshold))
    }

    // MARK: attention

    func packHead(_ k: Matrix<Float>, _ v: Matrix<Float>, precision: Precision, into heads: PackedHeads, head: Int) {
        precondition(k.columns == Kernels.headSize && v.columns == Kernels.headSize && k.stride == v.stride)
        precondition(k.rows == heads.keys && v.rows == heads.keys)
        let blob = unsafe heads.blob(head)
        switch precision {
        case .float32: unsafe table.pointee.pack_head_f32(k.start, v.start, k.stride, Int32(k.rows), blob)
        case .int8: unsafe table.pointee.pack_head_s8(k.start, v.start, k.stride, Int32(k.rows), blob)
        }
    }

    /// out = softmax(q · Kᵀ · scale) · V of one head; `weights`, where given, receives the softmax `[rows, keys]`.
    func attend(
        _ q: Matrix<Float>, scale: Float, heads: PackedHeads, head: Int, into out: Matrix<Float>,
        weights: Matrix<Float>?, scratch: Buffer<UInt8>
    ) {
        precondition(q.columns == Kernels.headSize && out.columns == Kernels.headSize && out.rows == q.rows)
        precondition(scratch.count >= Kernels.attentionScratchBytes(keys: heads.keys))
        precondition(weights.map { $0.rows >= q.rows && $0.columns >= heads.keys } ?? true)
        let blob = unsafe heads.blob(head)
        let keys = Int32(heads.keys)
        let function = unsafe heads.precision == .int8 ? table.pointee.attend_s8! : table.pointee.attend_f32!
        unsafe function(
            q.start, q.stride, Int32(q.rows), scale, blob, keys, out.start, out.stride, weights?.start,
            weights?.stride ?? 0, scratch.base)
    }

    /// Most keys of `attendShort`.
    package static let shortKeysMax = Int(kernels_short_keys)
    /// Columns that transposed keys of `attendShort` need.
    package static func shortKeysWidth(_ keys: Int) -> Int { (keys + 31) / 32 * 32 }

    /// Columns of x to rows of `out`.
    package func transpose(_ x: Matrix<Float>, into out: Matrix<Float>) {
        precondition(x.columns % Kernels.depthStep == 0 && out.rows >= x.columns && out.columns >= x.rows)
        unsafe table.pointee.transpose(x.start, x.stride, Int32(x.rows), Int32(x.columns), out.start, out.stride)
    }

    /// Attention of all heads, side by side in the columns, over few keys; these come transposed.
    package func attendShort(
        _ q: Matrix<Float>, keys: Matrix<Float>, values: Matrix<Float>, heads: Int, into out: Matrix<Float>
    ) {
        let (width, count) = (q.columns, values.rows)
        precondition((1...Kernels.shortKeysMax).contains(count) && keys.columns >= Kernels.shortKeysWidth(count))
        precondition(keys.rows == width && values.columns == width && out.columns == width && out.rows == q.rows)
        precondition(heads > 0 && width % (heads * Kernels.depthStep) == 0)
        unsafe table.pointee.attend_short(
            q.start, q.stride, Int32(q.rows), keys.start, keys.stride, values.start, values.stride, Int32(count),
            Int32(heads), Int32(width / heads), out.start, out.stride)
    }

    package static func attentionScratchBytes(keys: Int) -> Int { kernels_attention_scratch_bytes(Int32(keys)) }

    /// One query row over cached rows: row t of keys and values lies at `offsets[t]` in their rows.
    func attendCached(
        _ q: Matrix<Float>, scale: Float, keys: CachedRow, values: CachedRow, offsets: Matrix<UInt32>, count: Int,
        into out: Matrix<Float>, scores: Matrix<Float>
    ) {
        precondition(q.rows > 0 && out.rows > 0 && q.columns == Kernels.headSize && out.columns == q.columns)
        precondition(count <= offsets.columns && offsets.rows > 0 && count <= scores.columns && scores.rows > 0)
        // Offsets are made by `KeyValueCache` from slots and positions it has checked, for rows of one type.
        switch (keys, values) {
        case (.float32(let keys), .float32(let values)):
            unsafe table.pointee.attend_cached(
                q.start, scale, keys.start, values.start, 0, offsets.start, Int32(count), out.start, scores.start)
        case (.float16(let keys), .float16(let values)):
            unsafe table.pointee.attend_cached(
                q.start, scale, keys.start, values.start, 1, offsets.start, Int32(count), out.start, scores.start)
        default: preconditionFailure("keys and values of different types")
        }
    }

    /// Rounds rows to float16.
    func narrow(_ x: Matrix<Float>, into out: Matrix<UInt16>) {
        precondition(x.rows == out.rows && x.columns == out.columns)
        for row in 0..<x.rows {
            unsafe table.pointee.narrow(x.start + row * x.stride, out.start + row * out.stride, Int32(x.columns))
        }
    }

    // MARK: spectrum

    /// Power spectra of Hann-windowed frames of 400 samples, 160 apart: `[frames, 201]`.
    package func powerSpectra(_ samples: Matrix<Float>, frames: Int, tables: Buffer<Double>, into out: Matrix<Float>) {
        precondition(samples.columns >= max(0, frames - 1) * 160 + 400 && out.rows >= frames && out.columns >= 201)
        precondition(tables.count == kernels_spectrum_table_count)
        unsafe table.pointee.power_spectra(samples.start, Int32(frames), tables.base, out.start, out.stride)
    }

    package static func spectrumTables() -> Buffer<Double> {
        let tables = Buffer<Double>(Int(kernels_spectrum_table_count))
        unsafe kernels_spectrum_tables(tables.base)
        return tables
    }

    // MARK: what the core can give

    /// Operations of a loop that only multiplies and adds in float32.
    package func peakFloat32(iterations: Int) -> Double { unsafe table.pointee.peak_f32(iterations) }
    /// Operations of a loop that only multiplies and adds in int8.
    package func peakInt8(iterations: Int) -> Double { unsafe table.pointee.peak_s8(iterations) }
}
