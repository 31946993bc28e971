import Inference
import Synchronization

/// What became of one sentence.
package struct TranslatedSentence: Sendable, Equatable {
    package var text: String
    /// Target tokens, without those that end a sentence.
    package var tokens: [Int]
    /// Mean over the tokens and the end, among the tokens considered; 0 where there was nothing to translate.
    package var meanLogProbability: Double
    /// The translation had not ended when it was twice as long as the source.
    package var isCutShort: Bool
}

/// Which target tokens are considered.
package enum ShortlistUse: Sendable, CaseIterable {
    /// Those the shortlist has for the sentence's own tokens.
    case perSentence
    /// All: some ten times slower in the last product.
    case none
}

extension MarianModel {
    /// Translates sentences, in any number and of any length, and gives them back in their order.
    ///
    /// A sentence has the same translation alone and in any company. One of more than `piecesMax` pieces is translated
    /// in parts. `threads` belong to this call until it returns; the model may be used by others meanwhile.
    /// - Throws: `MarianError.noMemory`.
    package func translate(
        _ sentences: [String], shortlist use: ShortlistUse = .perSentence, threads: ComputeThreads
    ) throws(MarianError) -> [TranslatedSentence] {
        var parts: [SourcePart] = []
        for (index, pieces) in try mapped(sentences, threads, sourceVocabulary.encode).enumerated() {
            parts += split(pieces).map { SourcePart(sentence: index, tokens: $0 + [MarianModel.endToken]) }
        }
        var ofSentences = sentences.map { _ in [DecodedPart]() }
        for (part, decoded) in zip(parts, run(parts, use, threads)) { ofSentences[part.sentence].append(decoded) }
        return try mapped(ofSentences, threads, joined)
    }

    /// The same on the calling thread alone.
    package func translate(_ sentence: String) throws(MarianError) -> TranslatedSentence {
        try translate([sentence], threads: ComputeThreads(1))[0]
    }

    /// Parts of at most `piecesMax` pieces, which end before a word where one begins in the second half of that.
    package func split(_ pieces: [Int]) -> [[Int]] {
        var (parts, rest) = ([[Int]](), pieces[...])
        while rest.count > MarianModel.piecesMax {
            let most = rest.startIndex + MarianModel.piecesMax
            let half = rest.startIndex + MarianModel.piecesMax / 2
            let end = (half...most).last { sourceVocabulary.beginsWord(rest[$0]) } ?? most
            parts.append(Array(rest[..<end]))
            rest = rest[end...]
        }
        return rest.isEmpty ? parts : parts + [Array(rest)]
    }

    private func joined(_ parts: [DecodedPart]) throws(MarianError) -> TranslatedSentence {
        let tokens = parts.flatMap { $0.tokens.filter { $0 != MarianModel.endToken } }
        let steps = parts.reduce(0) { $0 + $1.tokens.count }
        return TranslatedSentence(
            text: try targetVocabulary.decode(tokens), tokens: tokens,
            meanLogProbability: parts.reduce(0) { $0 + $1.logProbability } / Double(max(1, steps)),
            isCutShort: parts.contains { $0.isCutShort })
    }

    /// Every thread takes sentences from the longest down, and new ones as soon as half of its rows have ended.
    private func run(
        _ parts: [SourcePart], _ use: ShortlistUse, _ threads: ComputeThreads
    ) -> [DecodedPart] {
        let order = parts.indices.sorted { parts[$0].tokens.count > parts[$1].tokens.count }
        let next = Mutex(0)
        let results = Mutex([DecodedPart?](repeating: nil, count: parts.count))
        let share = (parts.count + threads.count - 1) / threads.count
        let rowsMax = min(share, TranslationSpace.rowsMax)
        let tokensMax = min(
            TranslationSpace.sourceTokensMax, rowsMax * (order.first.map { parts[$0].tokens.count } ?? 0))
        let all = use == .none && !parts.isEmpty ? OutputColumns(Array(0..<dimensions.targetVocabulary), self) : nil
        threads.run(min(threads.count, parts.count)) { _, _ in
            let space = TranslationSpace(dimensions, tokens: tokensMax, rows: rowsMax)
            var decoder = MarianDecoder(self, space: space)
            while true {
                if decoder.rows.count <= rowsMax / 2 {
                    let taken = next.withLock { next in
                        let taken = take(from: order[next...], parts, rows: rowsMax - decoder.rows.count, tokensMax)
                        next += taken.count
                        return taken
                    }
                    let contexts = encode(taken.map { parts[$0].tokens }, space: space)
                    for (index, context) in zip(taken, contexts) {
                        decoder.add(hypothesis(index, parts[index].tokens, context, all))
                    }
                }
                guard !decoder.rows.isEmpty else { return }
                let ended = decoder.step()
                guard !ended.isEmpty else { continue }
                results.withLock { results in for end in ended { results[end.index] = end.decoded } }
            }
        }
        return results.withLock { $0.map { $0! } }
    }

    private func take(from order: ArraySlice<Int>, _ parts: [SourcePart], rows: Int, _ tokensMax: Int) -> [Int] {
        var tokens = 0
        return Array(
            order.prefix(rows).prefix {
                tokens += parts[$0].tokens.count
                return tokens <= tokensMax
            })
    }

    private func hypothesis(
        _ index: Int, _ tokens: [Int], _ context: SourceContext, _ all: OutputColumns?
    ) -> Hypothesis {
        Hypothesis(
            index: index, context: context,
            output: all
                ?? OutputColumns(shortlist.tokens(for: tokens, sharedVocabulary: dimensions.isShared), self),
            tokensMax: MarianModel.targetPerSourceMax * tokens.count)
    }

    /// `body` of every element, shared out to the threads.
    private func mapped<Element: Sendable, Result: Sendable>(
        _ elements: [Element], _ threads: ComputeThreads,
        _ body: @Sendable (Element) throws(MarianError) -> Result
    ) throws(MarianError) -> [Result] {
        let block = 16
        let results = Mutex([Int: Swift.Result<[Result], MarianError>]())
        let blocks = (elements.count + block - 1) / block
        threads.run(blocks) { index, _ in
            let part = elements[index * block..<min(elements.count, (index + 1) * block)]
            let result = Swift.Result { () throws(MarianError) in try part.map(body) }
            results.withLock { $0[index] = result }
        }
        var all: [Result] = []
        for index in 0..<blocks { all += try results.withLock { $0[index]! }.get() }
        return all
    }
}

/// A sentence, or a part of one that is too long.
private struct SourcePart: Sendable {
    let sentence: Int
    /// Pieces and the end.
    let tokens: [Int]
}
