import Inference

/// A source sentence as the decoder attends to it: for each of its layers, keys and values.
struct SourceContext: Sendable {
    /// Transposed, `[width, keys]`.
    let keys: [Matrix<Float>]
    /// `[tokens, width]`.
    let values: [Matrix<Float>]
}

extension MarianModel {
    /// Encodes sentences, each ended by `endToken` and at most `piecesMax` + 1 long, row behind row without a gap.
    ///
    /// Rows know nothing of each other except in attention, which goes sentence by sentence: so no sentence's numbers
    /// depend on its company.
    func encode(_ sentences: [[Int]], space: TranslationSpace) -> [SourceContext] {
        var ranges: [Range<Int>] = []
        for sentence in sentences {
            let start = ranges.last?.upperBound ?? 0
            ranges.append(start..<start + sentence.count)
            for (position, token) in sentence.enumerated() {
                sourceEmbeddings.write(
                    token, position: position, into: space.x.rows(start + position..<start + position + 1),
                    kernels: kernels)
            }
        }
        let all = 0..<(ranges.last?.upperBound ?? 0)
        let (x, query, mixed) = (space.x.rows(all), space.query.rows(all), space.mixed.rows(all))
        let (key, value) = (space.key.rows(all), space.value.rows(all))
        for layer in encoder {
            let attention = layer.attention
            attention.query.apply(x, into: query, scratch: space.scratch, kernels: kernels)
            attention.key.apply(x, into: key, scratch: space.scratch, kernels: kernels)
            attention.value.apply(x, into: value, scratch: space.scratch, kernels: kernels)
            for range in ranges {
                kernels.transpose(key.rows(range), into: space.keys)
                kernels.attendShort(
                    query.rows(range), keys: space.keys, values: value.rows(range), heads: dimensions.heads,
                    into: mixed.rows(range))
            }
            attention.output.apply(
                mixed, into: x, epilogue: .accumulate, scratch: space.scratch, kernels: kernels)
            attention.norm.apply(x, into: x, kernels: kernels)
            layer.feedForward.apply(x, space, kernels)
        }
        return contexts(ranges, x, key, value, space)
    }

    private func contexts(
        _ ranges: [Range<Int>], _ x: Matrix<Float>, _ key: Matrix<Float>, _ value: Matrix<Float>,
        _ space: TranslationSpace
    ) -> [SourceContext] {
        var contexts = ranges.map { _ in (keys: [Matrix<Float>](), values: [Matrix<Float>]()) }
        for layer in decoder {
            layer.context.key.apply(x, into: key, scratch: space.scratch, kernels: kernels)
            layer.context.value.apply(x, into: value, scratch: space.scratch, kernels: kernels)
            for (index, range) in ranges.enumerated() {
                let keys = Matrix<Float>(rows: dimensions.width, columns: Kernels.shortKeysWidth(range.count))
                kernels.transpose(key.rows(range), into: keys)
                let values = Matrix<Float>(rows: range.count, columns: dimensions.width)
                values.copy(from: value.rows(range))
                contexts[index].keys.append(keys)
                contexts[index].values.append(values)
            }
        }
        return contexts.map { SourceContext(keys: $0.keys, values: $0.values) }
    }
}
