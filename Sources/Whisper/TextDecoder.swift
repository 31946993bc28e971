import Inference

/// One token to run through the decoder, and where it stands.
package struct DecoderRow: Sendable {
    /// Slot of the key/value cache that holds its sequence.
    var slot: Int
    /// Position in the sequence, 0-based.
    var position: Int
    var token: Int
    /// Index of the window it listens to; rows of one window stand together.
    var window: Int
}

/// What the decoder needs of one encoded window: keys and values of every layer's cross-attention.
package struct EncodedWindow: Sendable {
    let layers: [PackedHeads]
    /// Frames of 10 ms the window really has.
    package let frames: Int
}

/// The text side of Whisper, for many sequences at once.
///
/// A call takes any rows: a whole prompt of one sequence, one new token of forty others. Rows write their keys and
/// values before any of them attends, and see positions up to their own, so a prompt is causal by construction.
package struct TextDecoder: Sendable {
    let dimensions: WhisperDimensions
    let embeddings: RowSource
    /// Learned positions, `[textPositions, width]`.
    let positions: Matrix<Float>
    let layers: [Layer]
    let norm: LayerNorm
    /// Tied to the embeddings, `[vocabularyCount, width]`.
    let projection: Linear

    struct Layer: Sendable {
        var selfNorm: LayerNorm
        var selfQueryKeyValue: Linear
        var selfOut: Linear
        var crossNorm: LayerNorm
        var crossQuery: Linear
        var crossKeyValue: Linear
        var crossOut: Linear
        var feedForwardNorm: LayerNorm
        var feedForward1: Linear
        var feedForward2: Linear
    }

    /// Keys and values of an encoder output `[audioPositions, width]` for every layer.
    package func window(
        of encoded: Matrix<Float>, frames: Int, precision: Precision, workspace: DecoderWorkspace, kernels: Kernels,
        threads: ComputeThreads
    ) -> EncodedWindow {
        let (width, size, block) = (dimensions.width, Kernels.headSize, AudioEncoder.blockRows)
        let packed = layers.map { layer in
            let heads = PackedHeads(heads: dimensions.heads, keys: encoded.rows, precision: precision)
            threads.run((encoded.rows + block - 1) / block) { index, thread in
                let rows = index * block..<min(encoded.rows, (index + 1) * block)
                layer.crossKeyValue.apply(
                    encoded.rows(rows), into: workspace.crossKeyValue.rows(rows),
                    scratch: workspace.perThread[thread].quantized, kernels: kernels)
            }
            threads.run(dimensions.heads) { head, _ in
                heads.pack(
                    head, keys: workspace.crossKeyValue.columns(head * size..<(head + 1) * size),
                    values: workspace.crossKeyValue.columns(width + head * size..<width + (head + 1) * size),
                    kernels: kernels)
            }
            return heads
        }
        return EncodedWindow(layers: packed, frames: frames)
    }

    /// Runs rows through all layers.
    ///
    /// - Parameters:
    ///   - windows: what `DecoderRow.window` counts.
    ///   - capture: receives cross-attention weights of its heads, one row a row.
    func run(
        _ rows: [DecoderRow], windows: [EncodedWindow], cache: KeyValueCache, workspace w: DecoderWorkspace,
        kernels: Kernels, threads: ComputeThreads, capture: AttentionCapture? = nil
    ) {
        precondition(!rows.isEmpty && rows.count <= w.rowsMax)
        let x = w.x.rows(0..<rows.count)
        for (index, row) in rows.enumerated() {
            precondition(row.position < dimensions.textPositions)
            embeddings.widen(row.token, x.rows(index..<index + 1), kernels)
            cache.own(slot: row.slot, position: row.position)
        }
        for (index, row) in rows.enumerated() {
            kernels.addScaled(
                positions.rows(row.position..<row.position + 1), 1, into: x.rows(index..<index + 1))
        }
        let groups = Group.of(rows)
        for (index, layer) in layers.enumerated() {
            attendSelf(layer, index, rows, x, cache, w, kernels, threads)
            attendCross(layer, index, groups, windows, x, w, kernels, threads, capture)
            let normed = w.normed.rows(0..<rows.count)
            let hidden = w.hidden.rows(0..<rows.count)
            layer.feedForwardNorm.apply(x, into: normed, kernels: kernels)
            layer.feedForward1.apply(
                normed, into: hidden, epilogue: .gelu, scratch: w.quantized, kernels: kernels, threads: threads)
            layer.feedForward2.apply(
                hidden, into: x, epilogue: .accumulate, scratch: w.quantized, kernels: kernels, threads: threads)
        }
    }

    /// Logits of some of the rows last run.
    ///
    /// - Parameter wanted: their indices, at most `DecoderWorkspace.logitRowsMax`.
    /// - Returns: a view of the workspace, `[wanted.count, vocabularyCount]`, good until the next call.
    func logits(
        of wanted: [Int], workspace w: DecoderWorkspace, kernels: Kernels, threads: ComputeThreads
    ) -> Matrix<Float> {
        precondition(wanted.count <= DecoderWorkspace.logitRowsMax)
        let chosen = w.attended.rows(0..<wanted.count)
        for (index, row) in wanted.enumerated() { chosen.rows(index..<index + 1).copy(from: w.x.rows(row..<row + 1)) }
        let normed = w.normed.rows(0..<wanted.count)
        norm.apply(chosen, into: normed, kernels: kernels)
        let logits = w.logits.rows(0..<wanted.count)
        projection.apply(normed, into: logits, scratch: w.quantized, kernels: kernels, threads: threads)
        return logits
    }

    private func attendSelf(
        _ layer: Layer, _ index: Int, _ rows: [DecoderRow], _ x: Matrix<Float>, _ cache: KeyValueCache,
        _ w: DecoderWorkspace, _ kernels: Kernels, _ threads: ComputeThreads
    ) {
        let width = dimensions.width
        let normed = w.normed.rows(0..<rows.count)
        let projected = w.projected.rows(0..<rows.count)
        layer.selfNorm.apply(x, into: normed, kernels: kernels)
        layer.selfQueryKeyValue.apply(
            normed, into: projected, scratch: w.quantized, kernels: kernels, threads: threads)
        for (number, row) in rows.enumerated() {
            let own = projected.rows(number..<number + 1)
            cache.write(
                layer: index, slot: row.slot, position: row.position, keys: own.columns(width..<2 * width),
                values: own.columns(2 * width..<3 * width), kernels: kernels)
        }
        let attended = w.attended.rows(0..<rows.count)
        let queries = projected.columns(0..<width)
        threads.run(rows.count * dimensions.heads) { item, thread in
            let (number, head) = (item / dimensions.heads, item % dimensions.heads)
            let row = rows[number]
            cache.attend(
                queries, row: number, layer: index, slot: row.slot, head: head, count: row.position + 1, scale: 0.125,
                into: attended, scores: w.perThread[thread].scores, kernels: kernels)
        }
        layer.selfOut.apply(
            attended, into: x, epilogue: .accumulate, scratch: w.quantized, kernels: kernels, threads: threads)
    }

    private func attendCross(
        _ layer: Layer, _ index: Int, _ groups: [Group], _ windows: [EncodedWindow], _ x: Matrix<Float>,
        _ w: DecoderWorkspace, _ kernels: Kernels, _ threads: ComputeThreads, _ capture: AttentionCapture?
    ) {
        let size = Kernels.headSize
        let normed = w.normed.rows(0..<x.rows)
        let queries = w.projected.rows(0..<x.rows).columns(0..<dimensions.width)
        let attended = w.attended.rows(0..<x.rows)
        layer.crossNorm.apply(x, into: normed, kernels: kernels)
        layer.crossQuery.apply(normed, into: queries, scratch: w.quantized, kernels: kernels, threads: threads)
        threads.run(groups.count * dimensions.heads) { item, thread in
            let (group, head) = (groups[item / dimensions.heads], item % dimensions.heads)
            let columns = head * size..<(head + 1) * size
            windows[group.window].layers[index].attend(
                queries.rows(group.rows).columns(columns), head: head, scale: 0.125,
                into: attended.rows(group.rows).columns(columns),
                weights: capture?.weights(layer: index, head: head)?.rows(group.rows),
                scratch: w.perThread[thread].attention, kernels: kernels)
        }
        layer.crossOut.apply(
            attended, into: x, epilogue: .accumulate, scratch: w.quantized, kernels: kernels, threads: threads)
    }

    /// Neighbouring rows that listen to the same window.
    struct Group: Sendable {
        var window: Int
        var rows: Range<Int>

        static func of(_ rows: [DecoderRow]) -> [Group] {
            var groups: [Group] = []
            for (index, row) in rows.enumerated() {
                if let last = groups.last, last.window == row.window {
                    groups[groups.count - 1].rows = last.rows.lowerBound..<index + 1
                } else {
                    groups.append(Group(window: row.window, rows: index..<index + 1))
                }
            }
            return groups
        }
    }
}

/// Cross-attention weights of chosen heads, kept while rows go through the decoder.
package struct AttentionCapture: Sendable {
    package let heads: [AlignmentHead]
    private let matrices: [Matrix<Float>]

    /// - Parameters:
    ///   - rows: of the call that is watched.
    ///   - keys: positions of the window.
    init(heads: [AlignmentHead], rows: Int, keys: Int) {
        self.heads = heads
        matrices = heads.map { _ in Matrix(rows: rows, columns: keys) }
    }

    func weights(layer: Int, head: Int) -> Matrix<Float>? {
        heads.firstIndex(of: AlignmentHead(layer: layer, head: head)).map { matrices[$0] }
    }

    /// `[rows, keys]` of the head at `index`.
    subscript(index: Int) -> Matrix<Float> { matrices[index] }
}

/// A cross-attention head whose weights follow the words in time.
package struct AlignmentHead: Sendable, Equatable {
    package var layer: Int
    package var head: Int
}

/// The mutable memory of a decoder: allocated once, reused for every step, owned by one computation.
package final class DecoderWorkspace: Sendable {
    /// Rows whose logits one call can return: 40 live ones and two of each new window.
    static let logitRowsMax = 64

    let rowsMax: Int
    let x: Matrix<Float>
    let normed: Matrix<Float>
    let projected: Matrix<Float>
    let attended: Matrix<Float>
    let hidden: Matrix<Float>
    let quantized: QuantizedRows
    let logits: Matrix<Float>
    /// `[audioPositions, 2 · width]`, for `TextDecoder.window`.
    let crossKeyValue: Matrix<Float>
    let perThread: [PerThread]

    struct PerThread: Sendable {
        var scores: Matrix<Float>
        var attention: Buffer<UInt8>
        var quantized: QuantizedRows
    }

    package init(_ d: WhisperDimensions, threads: Int) {
        rowsMax = d.textPositions
        x = Matrix(rows: rowsMax, columns: d.width)
        normed = Matrix(rows: rowsMax, columns: d.width)
        projected = Matrix(rows: rowsMax, columns: 3 * d.width)
        attended = Matrix(rows: rowsMax, columns: d.width)
        hidden = Matrix(rows: rowsMax, columns: 4 * d.width)
        quantized = QuantizedRows(rows: rowsMax, depth: 4 * d.width)
        logits = Matrix(rows: DecoderWorkspace.logitRowsMax, columns: d.vocabularyCount)
        crossKeyValue = Matrix(rows: d.audioPositions, columns: 2 * d.width)
        perThread = (0..<threads).map { _ in
            PerThread(
                scores: Matrix(rows: 1, columns: d.textPositions),
                attention: Buffer(Kernels.attentionScratchBytes(keys: d.audioPositions)),
                quantized: QuantizedRows(rows: AudioEncoder.blockRows, depth: d.width))
        }
    }
}
