import Inference
import Marian
import Text
import Transcript

/// One direction with its model: sentences in, translations out, those that fail tried again by other ways.
struct DirectionTranslator {
    let model: MarianModel
    let from: Language
    let to: Language
    let threads: ComputeThreads

    /// - Throws: `MarianError.noMemory`.
    func translate(_ sentences: [String]) throws -> [SentenceTranslation] {
        var translations = zip(sentences, try run(sentences)).map { translation($0, $1, .whole) }
        for attempt in SentenceTranslation.Attempt.allCases.dropFirst() {
            let failed = translations.indices.filter { translations[$0].isSuspect }
            guard !failed.isEmpty else { break }
            for (index, text) in zip(failed, try self.attempt(attempt, failed.map { sentences[$0] })) {
                guard let text else { continue }
                let other = translation(sentences[index], text, attempt)
                if other.score.isBetter(than: translations[index].score) { translations[index] = other }
            }
        }
        return translations
    }

    private func translation(
        _ source: String, _ text: String, _ attempt: SentenceTranslation.Attempt
    ) -> SentenceTranslation {
        SentenceTranslation(
            source: source, text: text, score: SanityScore(source: source, translation: text, from: from, to: to),
            attempt: attempt)
    }

    private func run(_ sentences: [String], shortlist: ShortlistUse = .perSentence) throws -> [String] {
        try model.translate(sentences, shortlist: shortlist, threads: threads).map { script($0.text) }
    }

    /// A model of one Chinese writes a character of the other now and then.
    private func script(_ text: String) -> String {
        guard to.isChinese, let script = try? ChineseScript.loaded() else { return text }
        return script.converted(text, to: to)
    }

    /// - Returns: nil for a sentence that this way has nothing to offer.
    private func attempt(
        _ attempt: SentenceTranslation.Attempt, _ sentences: [String]
    ) throws -> [String?] {
        switch attempt {
        case .whole: sentences.map { _ in nil }
        case .withoutShortlist: try run(sentences, shortlist: .none)
        case .aroundSpans:
            try inParts(
                sentences.map { sentence in
                    OpaqueSpans.pieces(of: sentence).map { piece in
                        switch piece {
                        case .language(let text): .language(text)
                        case .verbatim(let text): .verbatim(text)
                        }
                    }
                })
        case .clauses:
            try inParts(sentences.map { SentenceWrap.clauses(of: $0).map { .language($0) } })
        }
    }

    fileprivate enum Part {
        case language(String)
        case verbatim(String)

        var text: String {
            switch self {
            case .language(let text), .verbatim(let text): text
            }
        }
    }

    /// Translates what is language among the parts of sentences, all of it together.
    private func inParts(_ sentences: [[Part]]) throws -> [String?] {
        var sources: [String] = []
        for part in sentences.joined() {
            if case .language(let text) = part, text.hasLetters { sources.append(text.edgesRemoved) }
        }
        var translated = try run(sources)[...]
        return sentences.map { parts in
            let texts = parts.map { part in
                guard case .language(let text) = part, text.hasLetters else {
                    return part.text
                }
                return text.keepingEdges(around: translated.removeFirst(), in: to)
            }
            return parts.count > 1 ? texts.joined() : nil
        }
    }
}

extension SanityScore {
    /// Passing before failing, then the fewer faults, then the better measures.
    func isBetter(than other: SanityScore) -> Bool {
        (other.faults.count, overall) > (faults.count, other.overall)
    }
}

extension String {
    fileprivate var hasLetters: Bool { unicodeScalars.contains { $0.properties.isAlphabetic } }

    private var edges: (before: Substring, after: Substring) {
        let first = firstIndex { !$0.isWhitespace } ?? endIndex
        let last = lastIndex { !$0.isWhitespace }.map(index(after:)) ?? first
        return (self[..<first], self[last...])
    }

    fileprivate var edgesRemoved: String {
        let (before, after) = edges
        return String(self[before.endIndex..<after.startIndex])
    }

    /// A translation with this text's white space around it, where its language writes any.
    fileprivate func keepingEdges(around translation: String, in language: Language) -> String {
        let (before, after) = edges
        return language.hasNoSpaces ? translation : before + translation + after
    }
}
