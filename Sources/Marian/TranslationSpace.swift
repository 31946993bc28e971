import Inference

/// What one thread computes a translation in.
struct TranslationSpace: Sendable {
    /// Most source tokens that go through the encoder together: enough that reading weights is no longer the work.
    static let sourceTokensMax = 512
    /// Most sentences that are decoded in lockstep.
    static let rowsMax = 18
    /// Rows whose values between the two products of a feed-forward part stay in the core's cache.
    private static let innerRows = 48

    /// `[tokens or rows, width]` each: what goes through the layers, and what the parts of a layer need.
    let x, query, key, value, mixed: Matrix<Float>
    /// Keys of one sentence, transposed.
    let keys: Matrix<Float>
    let inner: Matrix<Float>
    let logits: Matrix<Float>
    let scratch: QuantizedRows

    /// - Parameters:
    ///   - tokens: most source tokens of a batch.
    ///   - rows: most sentences decoded together.
    init(_ dimensions: MarianDimensions, tokens: Int, rows: Int) {
        let (width, count) = (dimensions.width, max(tokens, rows))
        func matrix() -> Matrix<Float> { Matrix(rows: count, columns: width) }
        (x, query, key, value, mixed) = (matrix(), matrix(), matrix(), matrix(), matrix())
        keys = Matrix(rows: width, columns: Kernels.shortKeysWidth(MarianModel.piecesMax + 1))
        inner = Matrix(rows: min(count, TranslationSpace.innerRows), columns: dimensions.innerWidth)
        // Pages that no sentence's tokens reach take no memory.
        logits = Matrix(rows: rows, columns: Kernels.padded(dimensions.targetVocabulary))
        scratch = QuantizedRows(rows: count, depth: max(width, dimensions.innerWidth))
    }
}
