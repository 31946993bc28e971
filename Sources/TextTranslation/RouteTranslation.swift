import Catalog
import Text
import Transcript

/// Texts on their way into other languages: all of it but the models.
///
/// It knows the ways and their steps, takes texts apart into sentences and puts them together again, and keeps scripts
/// apart. Who translates takes the steps one by one until there is none left:
/// `while let step = try way.nextStep() { way.take(…) }`. Equal sentences come once, and what several targets have in
/// common (the way into English) comes once for all of them.
package struct RouteTranslation: Sendable {
    /// Sentences to be translated in one direction.
    package struct Step: Sendable, Equatable {
        package let direction: TranslationDirection
        /// No two are equal.
        package let sentences: [String]
    }

    private let texts: [String]
    private let layouts: [TextLayout]
    private let from: Language
    private let ways: [(target: Language, steps: [TranslationDirection])]
    /// Sentences of all texts, each once.
    private var different: [String] = []
    /// Which of them each sentence of the texts is.
    private var places: [Int] = []
    /// What was translated, by the steps that led there; in the order of `different`.
    private var known: [[TranslationDirection]: [SentenceTranslation]] = [:]
    /// The steps so far of what was asked for last, and which of its sentences each of `different` is.
    private var asked: (way: [TranslationDirection], places: [Int])?

    /// - Throws: `TextError.tooLarge`; `CatalogError.noRoute`, which names the command that installs a model.
    package init(_ texts: [String], from: Language, to targets: [Language], routes: TranslationRoutes) throws {
        for text in texts where text.utf8.count > SentenceBreaks.textBytesMax {
            throw TextError.tooLarge(sizeBytes: text.utf8.count, sizeBytesMax: SentenceBreaks.textBytesMax)
        }
        if let missing = routes.reachable(targets, from: from).missing { throw missing }
        self.texts = texts
        self.from = from
        ways = try targets.map { target in
            let route = try from == target ? nil : routes.installedRoute(from: from, to: target)
            return (target, route?.steps.map(\.direction) ?? [])
        }
        layouts = texts.map { TextLayout($0, language: from) }
        (different, places) = RouteTranslation.unique(layouts.flatMap(\.sentences))
    }

    /// What is to be translated next.
    ///
    /// - Returns: nil when all is.
    /// - Throws: `TextError.tableMissing`.
    package mutating func nextStep() throws -> Step? {
        for (_, steps) in ways {
            for (index, direction) in steps.enumerated() where known[Array(steps[...index])] == nil {
                let sources = known[Array(steps[..<index])]?.map(\.text) ?? different
                let sentences = try sources.map { try RouteTranslation.script($0, direction.from) }
                let (unique, places) = RouteTranslation.unique(sentences)
                asked = (Array(steps[...index]), places)
                return Step(direction: direction, sentences: unique)
            }
        }
        return nil
    }

    /// Takes the translations of the last step's sentences, in their order.
    package mutating func take(_ translations: [SentenceTranslation]) {
        guard let (way, places) = asked else { preconditionFailure("no step was asked for") }
        known[way] = places.map { translations[$0] }
        asked = nil
    }

    /// For each target the texts in their order, lines and paragraphs kept. Text in its own language stays as it is.
    ///
    /// - Throws: `TextError.tableMissing`.
    package func result() throws -> [Language: [TextTranslation]] {
        var result: [Language: [TextTranslation]] = [:]
        for (target, steps) in ways where result[target] == nil {
            let translated = try translations(into: target, steps)
            var rest = places[...]
            result[target] = try layouts.map { layout in
                let own = rest.prefix(layout.sentences.count).map { translated[$0] }
                rest = rest.dropFirst(own.count)
                // What stays verbatim may hold the other script.
                let text = try RouteTranslation.script(layout.rebuilt(with: own.map(\.text), in: target), target)
                return TextTranslation(text: text, sentences: own)
            }
        }
        return result
    }

    /// The same where each text is a sentence of others' making: what was too long is one again, what is no language
    /// is there too.
    package func sentenceResult() throws -> [Language: [SentenceTranslation]] {
        try result().mapValues { zip(texts, $0).map { SentenceTranslation(source: $0, parts: $1) } }
    }

    /// The translations of `different`, judged beside their first source.
    private func translations(
        into target: Language, _ steps: [TranslationDirection]
    ) throws -> [SentenceTranslation] {
        let done =
            known[steps]
            ?? different.map { SentenceTranslation(source: $0, text: $0, score: .untouched, attempt: .whole) }
        let isDirect = steps == [TranslationDirection(from: from, to: target)]
        return try zip(different, done).map { source, last in
            let text = try RouteTranslation.script(last.text, target)
            if isDirect && text == last.text && source == last.source { return last }
            let score =
                steps.isEmpty
                ? .untouched
                : SanityScore(
                    source: source, translation: text, from: from, to: target,
                    isCutShort: last.score.faults.contains(.cutShort))
            return SentenceTranslation(source: source, text: text, score: score, attempt: last.attempt)
        }
    }

    private static func unique(_ sentences: [String]) -> (different: [String], places: [Int]) {
        var numbers: [String: Int] = [:]
        var different: [String] = []
        let places = sentences.map { sentence in
            if let number = numbers[sentence] { return number }
            numbers[sentence] = different.count
            different.append(sentence)
            return different.count - 1
        }
        return (different, places)
    }

    /// Chinese in the script it is asked in, whatever the script it is in; other languages as they are.
    private static func script(_ text: String, _ language: Language) throws -> String {
        language.isChinese ? try ChineseScript.loaded().converted(text, to: language) : text
    }
}
