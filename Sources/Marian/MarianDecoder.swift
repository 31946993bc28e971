import Inference

/// A sentence on its way through the decoder.
struct Hypothesis: Sendable {
    /// Which of the sentences asked for it is.
    let index: Int
    let context: SourceContext
    let output: OutputColumns
    let tokensMax: Int
    var decoded = DecodedPart()
}

/// What the decoder made of a sentence.
struct DecodedPart: Sendable {
    /// With the token that ends a sentence, where it came to that.
    var tokens: [Int] = []
    /// Sum over the tokens.
    var logProbability: Double = 0
    /// Its limit ended it.
    var isCutShort = false
}

/// Sentences decoded in lockstep, one token of each a step, the likeliest; a row that ends makes room for another.
struct MarianDecoder {
    private let model: MarianModel
    private let space: TranslationSpace
    private(set) var rows: [Hypothesis] = []
    /// For each layer the state of the recurrence, `[row, width]`.
    private let cells: [Matrix<Float>]

    init(_ model: MarianModel, space: TranslationSpace) {
        self.model = model
        self.space = space
        cells = model.decoder.map { _ in Matrix(rows: space.logits.rows, columns: model.dimensions.width) }
    }

    mutating func add(_ hypothesis: Hypothesis) {
        for cell in cells { cell.fill(0, row: rows.count, columns: 0..<cell.columns) }
        rows.append(hypothesis)
    }

    /// Gives every row its next token.
    ///
    /// - Returns: the rows that ended with it.
    mutating func step() -> [(index: Int, decoded: DecodedPart)] {
        let count = 0..<rows.count
        let x = space.x.rows(count)
        for (row, hypothesis) in rows.enumerated() {
            model.targetEmbeddings.write(
                hypothesis.decoded.tokens.last, position: hypothesis.decoded.tokens.count, into: x.rows(row..<row + 1),
                kernels: model.kernels)
        }
        for (layer, cell) in zip(model.decoder.indices, cells) { advance(layer, x, cell.rows(count)) }
        choose(x)
        return takeEnded()
    }

    private func advance(_ index: Int, _ x: Matrix<Float>, _ cell: Matrix<Float>) {
        let (layer, kernels, scratch) = (model.decoder[index], model.kernels, space.scratch)
        let count = 0..<x.rows
        let (candidate, gate) = (space.key.rows(count), space.value.rows(count))
        layer.recurrence.candidate.apply(x, into: candidate, scratch: scratch, kernels: kernels)
        layer.recurrence.gate.apply(x, into: gate, scratch: scratch, kernels: kernels)
        kernels.ssruStep(gate: gate, candidate: candidate, cell: cell, out: x)
        layer.recurrence.norm.apply(x, into: x, kernels: kernels)

        let (query, mixed) = (space.query.rows(count), space.mixed.rows(count))
        layer.context.query.apply(x, into: query, scratch: scratch, kernels: kernels)
        for (row, hypothesis) in rows.enumerated() {
            kernels.attendShort(
                query.rows(row..<row + 1), keys: hypothesis.context.keys[index],
                values: hypothesis.context.values[index], heads: model.dimensions.heads, into: mixed.rows(row..<row + 1)
            )
        }
        layer.context.output.apply(mixed, into: x, epilogue: .accumulate, scratch: scratch, kernels: kernels)
        layer.context.norm.apply(x, into: x, kernels: kernels)
        layer.feedForward.apply(x, space, kernels)
    }

    /// Rows that consider the same tokens share a product.
    private mutating func choose(_ x: Matrix<Float>) {
        var start = 0
        while start < rows.count {
            let output = rows[start].output
            let end = rows[start...].firstIndex { $0.output !== output } ?? rows.count
            output.linear.apply(
                x.rows(start..<end), into: space.logits.rows(0..<end - start), scratch: space.scratch,
                kernels: model.kernels)
            for row in start..<end { chooseToken(row, space.logits.rows(row - start..<row - start + 1)) }
            start = end
        }
    }

    private mutating func chooseToken(_ row: Int, _ logits: Matrix<Float>) {
        let output = rows[row].output
        let columns = 0..<output.tokens.count
        if let unknown = output.unknown { logits[0, unknown] = -.infinity }
        let best = model.kernels.argMax(logits, row: 0, columns: columns)
        rows[row].decoded.logProbability += Double(
            logits[0, best] - model.kernels.logSumExp(logits, row: 0, columns: columns))
        rows[row].decoded.tokens.append(output.tokens[best])
    }

    private mutating func takeEnded() -> [(index: Int, decoded: DecodedPart)] {
        var ended: [(index: Int, decoded: DecodedPart)] = []
        for row in rows.indices.reversed() {
            var decoded = rows[row].decoded
            decoded.isCutShort = decoded.tokens.last != MarianModel.endToken
            guard !decoded.isCutShort || decoded.tokens.count == rows[row].tokensMax else { continue }
            ended.append((rows[row].index, decoded))
            // The last row moves into the gap.
            let last = rows.removeLast()
            guard row < rows.count else { continue }
            rows[row] = last
            for cell in cells { cell.rows(row..<row + 1).copy(from: cell.rows(rows.count..<rows.count + 1)) }
        }
        return ended
    }
}
