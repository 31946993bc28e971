import Transcript

/// Cuts what is too long for a model into clauses.
package struct SentenceWrap {
    /// Scalars of a sentence: some 60 words, or 100 of Chinese. Models are trained on less and lose the thread there.
    static let scalarsMax = 300
    /// The same where a character is half a word.
    static let wideScalarsMax = 200

    let scalarsMax: Int

    init(_ language: Language) {
        scalarsMax = language.isWide ? SentenceWrap.wideScalarsMax : SentenceWrap.scalarsMax
    }

    /// Pieces of at most `scalarsMax` that together are the sentence: cut behind clause punctuation, else behind white
    /// space, else between characters, and never inside an opaque span. A piece is longer only where one span or one
    /// character is.
    func pieces(of sentence: Substring, spans: ArraySlice<Range<String.Index>>) -> [Substring] {
        var pieces: [Substring] = []
        var spans = spans
        var start = sentence.startIndex
        while start < sentence.endIndex {
            let end = end(of: sentence, from: start, spans: &spans)
            pieces.append(sentence[start..<end])
            start = end
        }
        return pieces
    }

    /// The clauses of a sentence, each with the mark that ends it; together they are the sentence.
    package static func clauses(of sentence: String) -> [String] {
        var clauses: [String] = []
        var start = sentence.startIndex
        for index in sentence.indices {
            let next = sentence.index(after: index)
            guard sentence[index].endsClause(before: next < sentence.endIndex ? sentence[next] : nil) else { continue }
            clauses.append(String(sentence[start..<next]))
            start = next
        }
        if start < sentence.endIndex { clauses.append(String(sentence[start...])) }
        return clauses
    }

    private func end(
        of sentence: Substring, from start: String.Index, spans: inout ArraySlice<Range<String.Index>>
    ) -> String.Index {
        while let span = spans.first, span.upperBound <= start { spans.removeFirst() }
        var ahead = spans
        var (clause, space, border): (String.Index?, String.Index?, String.Index?)
        var count = 0
        var index = start
        while index < sentence.endIndex {
            let character = sentence[index]
            index = sentence.index(after: index)
            count += character.unicodeScalars.count
            if count > scalarsMax, let cut = clause ?? space ?? border { return cut }
            while let span = ahead.first, span.upperBound <= index { ahead.removeFirst() }
            if let span = ahead.first, span.lowerBound < index { continue }
            border = index
            if character.isWhitespace { space = index }
            if character.endsClause(before: index < sentence.endIndex ? sentence[index] : nil) { clause = index }
        }
        return sentence.endIndex
    }
}

extension Character {
    /// Whether a clause ends behind it: a wide mark, or a narrow one with white space behind it.
    fileprivate func endsClause(before next: Character?) -> Bool {
        switch self {
        case "、", "，", "；", "：", "。", "！", "？", "…", "—": true
        case ",", ";", ":", ")", "–", ".", "!", "?", "،", "؛": next?.isWhitespace ?? false
        default: false
        }
    }
}
