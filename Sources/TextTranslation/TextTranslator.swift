import Catalog
import Inference
import Marian
import Text
import Transcript

/// Translates texts by the models of this machine; each is loaded when it is first needed.
///
/// Owned by one computation at a time.
package final class TextTranslator {
    private let cache: ModelCache
    private let catalog: ModelCatalog
    private let routes: TranslationRoutes
    private let threads: ComputeThreads
    private var models: [TranslationDirection: MarianModel] = [:]

    package init(models cache: ModelCache, catalog: ModelCatalog = .current, threads: ComputeThreads) {
        self.cache = cache
        self.catalog = catalog
        self.threads = threads
        routes = cache.translationRoutes(catalog: catalog)
    }

    /// Loads what some languages need, so that what is missing is said before any work.
    ///
    /// - Throws: `CatalogError.noRoute`, which names the command that installs a model; `MarianError`, `TextError`.
    package func prepare(from: Language, to targets: [Language]) throws {
        for target in targets where target != from {
            let route = try routes.installedRoute(from: from, to: target)
            for step in route.steps { _ = try model(step.direction) }
        }
        if from.isChinese || targets.contains(where: \.isChinese) { _ = try ChineseScript.loaded() }
    }

    /// Translates texts, their lines and paragraphs kept; what goes through English does so once for all targets.
    ///
    /// - Returns: for each target the texts in their order. Text in its own language stays as it is.
    /// - Throws: what `prepare` does; `TextError.tooLarge`.
    package func translate(
        _ texts: [String], from: Language, to targets: [Language]
    ) throws -> [Language: [TextTranslation]] {
        for text in texts where text.utf8.count > SentenceBreaks.textBytesMax {
            throw TextError.tooLarge(sizeBytes: text.utf8.count, sizeBytesMax: SentenceBreaks.textBytesMax)
        }
        let layouts = texts.map { TextLayout($0, language: from) }
        let translated = try translate(sentences: layouts.flatMap(\.sentences), from: from, to: targets)
        var result: [Language: [TextTranslation]] = [:]
        for (target, sentences) in translated {
            var rest = sentences[...]
            result[target] = layouts.map { layout in
                let own = Array(rest.prefix(layout.sentences.count))
                rest = rest.dropFirst(own.count)
                return TextTranslation(text: layout.rebuilt(with: own.map(\.text), in: target), sentences: own)
            }
        }
        return result
    }

    /// Translates sentences; equal ones once.
    ///
    /// - Throws: what `prepare` does.
    package func translate(
        sentences: [String], from: Language, to targets: [Language]
    ) throws -> [Language: [SentenceTranslation]] {
        try prepare(from: from, to: targets)
        var numbers: [String: Int] = [:]
        var different: [String] = []
        let places = sentences.map { sentence in
            if let number = numbers[sentence] { return number }
            numbers[sentence] = different.count
            different.append(sentence)
            return different.count - 1
        }
        var pivots: [TranslationDirection: [SentenceTranslation]] = [:]
        var result: [Language: [SentenceTranslation]] = [:]
        for target in targets where result[target] == nil {
            let translated = try translate(different, from: from, to: target, &pivots)
            result[target] = places.map { translated[$0] }
        }
        return result
    }

    private func translate(
        _ sentences: [String], from: Language, to target: Language,
        _ pivots: inout [TranslationDirection: [SentenceTranslation]]
    ) throws -> [SentenceTranslation] {
        guard from != target else { return sentences.map(unchanged) }
        let steps = try routes.installedRoute(from: from, to: target).steps
        var done = sentences.map(unchanged)
        for (index, step) in steps.enumerated() {
            if index == 0, steps.count > 1, let known = pivots[step.direction] {
                done = known
                continue
            }
            let sources = try done.map { try script($0.text, step.direction.from) }
            let translator = try DirectionTranslator(
                model: model(step.direction), from: step.direction.from, to: step.direction.to, threads: threads)
            done = try translator.translate(sources)
            if index == 0, steps.count > 1 { pivots[step.direction] = done }
        }
        if steps.map(\.direction) == [TranslationDirection(from: from, to: target)] { return done }
        return try zip(sentences, done).map { source, last in
            let text = try script(last.text, target)
            return SentenceTranslation(
                source: source, text: text,
                score: SanityScore(source: source, translation: text, from: from, to: target), attempt: last.attempt)
        }
    }

    private func unchanged(_ sentence: String) -> SentenceTranslation {
        SentenceTranslation(source: sentence, text: sentence, score: .untouched, attempt: .whole)
    }

    /// Chinese in the script it is asked in, whatever the script it is in; other languages as they are.
    private func script(_ text: String, _ language: Language) throws -> String {
        language.isChinese ? try ChineseScript.loaded().converted(text, to: language) : text
    }

    private func model(_ direction: TranslationDirection) throws -> MarianModel {
        if let model = models[direction] { return model }
        let model = try MarianModel(
            folder: cache.soundFolder(of: catalog.model(direction.name)), threads: threads)
        models[direction] = model
        return model
    }
}
