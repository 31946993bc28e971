import Inference

/// The audio side of Whisper: two convolutions, then transformer blocks over all positions.
///
/// - Source: Radford et al. 2022, §2.2.
package struct AudioEncoder: Sendable {
    let dimensions: WhisperDimensions
    /// Convolutions as products: rows are three neighbouring frames end to end, `[width, 3 · melCount]`.
    let convolution1: Linear
    let convolution2: Linear
    /// Sinusoids, `[audioPositions, width]`.
    let positions: Matrix<Float>
    let layers: [Layer]
    let norm: LayerNorm

    struct Layer: Sendable {
        var attentionNorm: LayerNorm
        var queryKeyValue: Linear
        var attentionOut: Linear
        var feedForwardNorm: LayerNorm
        var feedForward1: Linear
        var feedForward2: Linear
    }

    /// Rows of activations one thread takes through a layer at a time: they stay in its cache.
    static let blockRows = 96

    /// Encodes one window.
    ///
    /// - Parameters:
    ///   - mel: `[frames, melCount]`, at most two frames a position; the rest of the window is zero.
    ///   - observe: sees `[positions, width]` after the convolutions (0), after each block (1…) and the final norm.
    /// - Returns: a view of the workspace, `[audioPositions, width]`, good until the next call.
    package func encode(
        _ mel: Matrix<Float>, workspace: EncoderWorkspace, kernels: Kernels, threads: ComputeThreads,
        observe: ((Int, Matrix<Float>) -> Void)? = nil
    ) -> Matrix<Float> {
        let count = dimensions.audioPositions
        precondition(mel.columns == dimensions.melCount && mel.rows <= 2 * count)
        let w = workspace
        convolve(mel, w, kernels, threads)
        observe?(0, w.x)
        let blocks = (count + AudioEncoder.blockRows - 1) / AudioEncoder.blockRows
        @Sendable func rows(_ block: Int) -> Range<Int> {
            block * AudioEncoder.blockRows..<min(count, (block + 1) * AudioEncoder.blockRows)
        }
        for (index, layer) in layers.enumerated() {
            threads.run(blocks) { block, thread in
                let own = w.perThread[thread]
                let part = w.x.rows(rows(block))
                let normed = own.normed.rows(0..<part.rows)
                layer.attentionNorm.apply(part, into: normed, kernels: kernels)
                layer.queryKeyValue.apply(
                    normed, into: w.queryKeyValue.rows(rows(block)), scratch: own.quantized, kernels: kernels)
            }
            attend(w, kernels, threads)
            threads.run(blocks) { block, thread in
                layer.finish(
                    w.x.rows(rows(block)), attended: w.attended.rows(rows(block)), w.perThread[thread], kernels)
            }
            observe?(index + 1, w.x)
        }
        threads.run(blocks) { block, _ in
            norm.apply(w.x.rows(rows(block)), into: w.attended.rows(rows(block)), kernels: kernels)
        }
        observe?(layers.count + 1, w.attended)
        return w.attended
    }

    private func convolve(
        _ mel: Matrix<Float>, _ w: EncoderWorkspace, _ kernels: Kernels, _ threads: ComputeThreads
    ) {
        let (count, width, mels) = (dimensions.audioPositions, dimensions.width, dimensions.melCount)
        w.mel.rows(1..<1 + mel.rows).copy(from: mel)
        for row in 1 + mel.rows..<w.mel.rows { w.mel.fill(0, row: row, columns: 0..<mels) }
        let block = AudioEncoder.blockRows
        threads.run((2 * count + block - 1) / block) { index, thread in
            let range = index * block..<min(2 * count, (index + 1) * block)
            let frames = Matrix(
                w.mel.buffer, offset: range.lowerBound * mels, rows: range.count, columns: 3 * mels, stride: mels)
            convolution1.apply(
                frames, into: w.hidden.rows(1 + range.lowerBound..<1 + range.upperBound), epilogue: .gelu,
                scratch: w.perThread[thread].quantized, kernels: kernels)
        }
        threads.run((count + block - 1) / block) { index, thread in
            let range = index * block..<min(count, (index + 1) * block)
            let frames = Matrix(
                w.hidden.buffer, offset: 2 * range.lowerBound * width, rows: range.count, columns: 3 * width,
                stride: 2 * width)
            let part = w.x.rows(range)
            convolution2.apply(
                frames, into: part, epilogue: .gelu, scratch: w.perThread[thread].quantized, kernels: kernels)
            kernels.addScaled(positions.rows(range), 1, into: part)
        }
    }

    private func attend(_ w: EncoderWorkspace, _ kernels: Kernels, _ threads: ComputeThreads) {
        let (count, width, size) = (dimensions.audioPositions, dimensions.width, Kernels.headSize)
        threads.run(dimensions.heads) { head, _ in
            w.heads.pack(
                head, keys: w.queryKeyValue.columns(width + head * size..<width + (head + 1) * size),
                values: w.queryKeyValue.columns(2 * width + head * size..<2 * width + (head + 1) * size),
                kernels: kernels)
        }
        // A multiple of the six rows the kernel takes at once; small enough to share out evenly.
        let block = 192
        let blocks = (count + block - 1) / block
        threads.run(dimensions.heads * blocks) { item, thread in
            let head = item / blocks
            let rows = item % blocks * block..<min(count, (item % blocks + 1) * block)
            let columns = head * size..<(head + 1) * size
            w.heads.attend(
                w.queryKeyValue.rows(rows).columns(columns), head: head, scale: 0.125,
                into: w.attended.rows(rows).columns(columns), scratch: w.perThread[thread].attention,
                kernels: kernels)
        }
    }
}

extension AudioEncoder.Layer {
    /// x += attention output; x += feed-forward of its norm.
    func finish(
        _ x: Matrix<Float>, attended: Matrix<Float>, _ own: EncoderWorkspace.PerThread, _ kernels: Kernels
    ) {
        attentionOut.apply(attended, into: x, epilogue: .accumulate, scratch: own.quantized, kernels: kernels)
        let normed = own.normed.rows(0..<x.rows)
        feedForwardNorm.apply(x, into: normed, kernels: kernels)
        let hidden = own.hidden.rows(0..<x.rows)
        feedForward1.apply(normed, into: hidden, epilogue: .gelu, scratch: own.quantized, kernels: kernels)
        feedForward2.apply(hidden, into: x, epilogue: .accumulate, scratch: own.quantized, kernels: kernels)
    }
}

/// The mutable memory of an encoder: allocated once, reused for every window, owned by one computation.
package final class EncoderWorkspace: Sendable {
    /// `[2 · audioPositions + 2, melCount]`: a zero frame before and after.
    let mel: Matrix<Float>
    /// First convolution's output, `[2 · audioPositions + 2, width]`, the same zero rows around it.
    let hidden: Matrix<Float>
    /// Residual stream, `[audioPositions, width]`.
    let x: Matrix<Float>
    /// `[audioPositions, 3 · width]`.
    let queryKeyValue: Matrix<Float>
    /// `[audioPositions, width]`.
    let attended: Matrix<Float>
    let heads: PackedHeads
    let perThread: [PerThread]

    struct PerThread: Sendable {
        var normed: Matrix<Float>
        var hidden: Matrix<Float>
        var quantized: QuantizedRows
        var attention: Buffer<UInt8>
    }

    package init(_ d: WhisperDimensions, precision: Precision, threads: Int) {
        mel = Matrix(rows: 2 * d.audioPositions + 2, columns: d.melCount)
        hidden = Matrix(rows: 2 * d.audioPositions + 2, columns: d.width)
        x = Matrix(rows: d.audioPositions, columns: d.width)
        queryKeyValue = Matrix(rows: d.audioPositions, columns: 3 * d.width)
        attended = Matrix(rows: d.audioPositions, columns: d.width)
        heads = PackedHeads(heads: d.heads, keys: d.audioPositions, precision: precision)
        let rows = AudioEncoder.blockRows
        perThread = (0..<threads).map { _ in
            PerThread(
                normed: Matrix(rows: rows, columns: d.width), hidden: Matrix(rows: rows, columns: 4 * d.width),
                quantized: QuantizedRows(rows: rows, depth: max(4 * d.width, 3 * d.melCount)),
                attention: Buffer(Kernels.attentionScratchBytes(keys: d.audioPositions)))
        }
    }
}
