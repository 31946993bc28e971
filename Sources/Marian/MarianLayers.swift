import Foundation
import Inference

/// Products of attention, and the normalisation behind it.
struct AttentionLayer: Sendable {
    var query, key, value, output: Linear
    var norm: LayerNorm
}

/// Two products with a ReLU between, and the normalisation behind them.
struct FeedForwardLayer: Sendable {
    var inner, outer: Linear
    var norm: LayerNorm

    /// x = norm(x + outer(relu(inner(x)))), some rows at a time so that what lies between stays in the core's cache.
    func apply(_ x: Matrix<Float>, _ space: TranslationSpace, _ kernels: Kernels) {
        for start in stride(from: 0, to: x.rows, by: space.inner.rows) {
            let part = x.rows(start..<min(x.rows, start + space.inner.rows))
            let between = space.inner.rows(0..<part.rows)
            inner.apply(part, into: between, epilogue: .relu, scratch: space.scratch, kernels: kernels)
            outer.apply(between, into: part, epilogue: .accumulate, scratch: space.scratch, kernels: kernels)
            norm.apply(part, into: part, kernels: kernels)
        }
    }
}

/// A simple recurrent unit: candidate and gate of each step, and the normalisation behind it.
struct RecurrentLayer: Sendable {
    var candidate, gate: Linear
    var norm: LayerNorm
}

struct EncoderLayer: Sendable {
    var attention: AttentionLayer
    var feedForward: FeedForwardLayer
}

struct DecoderLayer: Sendable {
    var recurrence: RecurrentLayer
    /// Attention to the encoder's output.
    var context: AttentionLayer
    var feedForward: FeedForwardLayer
}

/// A table of embeddings, of int8 in the mapped file, and where sines and cosines say how far into a text one is.
struct Embeddings: Sendable {
    /// Scaled by √width.
    let table: RowSource
    let positions: Matrix<Float>

    /// Writes the input of a token; without a token, as at the decoder's start, that of the position alone.
    func write(_ token: Int?, position: Int, into row: Matrix<Float>, kernels: Kernels) {
        let place = positions.rows(position..<position + 1)
        guard let token else { return row.copy(from: place) }
        table.widen(token, row, kernels)
        kernels.addScaled(place, 1, into: row)
    }

    /// `[count, width]`: the first half of a row sines, the second cosines, of position · 10000^(-i / (width / 2 - 1)).
    static func positions(_ count: Int, width: Int) -> Matrix<Float> {
        let half = width / 2
        let rates = (0..<half).map { exp(-Double($0) * log(10_000) / Double(half - 1)) }
        let positions = Matrix<Float>(rows: count, columns: width)
        for position in 0..<count {
            let angles = rates.map { Double(position) * $0 }
            positions.setRow(position, angles.map { Float(sin($0)) } + angles.map { Float(cos($0)) })
        }
        return positions
    }
}

/// The last product: a column for each target token considered.
final class OutputColumns: Sendable {
    let tokens: [Int]
    let linear: Linear
    /// Where the token that stands for unknown text is among them; it is never chosen.
    let unknown: Int?

    init(_ tokens: [Int], _ model: MarianModel) {
        self.tokens = tokens
        linear = Linear(
            weights: PackedMatrix(tokens, of: model.outputRows, kernels: model.kernels),
            bias: tokens.map { model.outputBias[$0] }, activationBits: MarianModel.activationBits)
        unknown = tokens.firstIndex(of: MarianModel.unknownToken)
    }
}
