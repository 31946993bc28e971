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

    /// Those of some languages whose models are installed, and what is said of the others.
    package func reachable(_ targets: [Language], from: Language) -> (targets: [Language], missing: CatalogError?) {
        routes.reachable(targets, from: from)
    }

    /// Loads what some languages need, so that what is missing is said before any work.
    ///
    /// - Throws: `CatalogError.noRoute`, which names the command that installs a model; `MarianError`, `TextError`.
    package func prepare(from: Language, to targets: [Language]) throws {
        if let missing = reachable(targets, from: from).missing { throw missing }
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
        let translated = try translated(layouts.flatMap(\.sentences), from, targets)
        var result: [Language: [TextTranslation]] = [:]
        for (target, sentences) in translated {
            var rest = sentences[...]
            result[target] = try layouts.map { layout in
                let own = Array(rest.prefix(layout.sentences.count))
                rest = rest.dropFirst(own.count)
                // What stays verbatim may hold the other script.
                let text = try script(layout.rebuilt(with: own.map(\.text), in: target), target)
                return TextTranslation(text: text, sentences: own)
            }
        }
        return result
    }

    /// Translates sentences of others' making, each as a text: what is too long is cut, what is no language stays.
    ///
    /// - Throws: what `prepare` does.
    package func translate(
        sentences: [String], from: Language, to targets: [Language]
    ) throws -> [Language: [SentenceTranslation]] {
        try translate(sentences, from: from, to: targets).mapValues { texts in
            zip(sentences, texts).map { SentenceTranslation(source: $0, parts: $1) }
        }
    }

    /// Equal sentences are translated once.
    private func translated(
        _ sentences: [String], _ from: Language, _ targets: [Language]
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
        var known: [[TranslationDirection]: [SentenceTranslation]] = [:]
        var result: [Language: [SentenceTranslation]] = [:]
        for target in targets where result[target] == nil {
            let translated = try translate(different, from: from, to: target, &known)
            result[target] = places.map { translated[$0] }
        }
        return result
    }

    /// - Parameter known: what ways that begin alike have in common, by their steps.
    private func translate(
        _ sentences: [String], from: Language, to target: Language,
        _ known: inout [[TranslationDirection]: [SentenceTranslation]]
    ) throws -> [SentenceTranslation] {
        let steps = try from == target ? [] : routes.installedRoute(from: from, to: target).steps.map(\.direction)
        var done = sentences.map { SentenceTranslation(source: $0, text: $0, score: .untouched, attempt: .whole) }
        for (index, step) in steps.enumerated() {
            let way = Array(steps[...index])
            if known[way] == nil {
                let translator = try DirectionTranslator(
                    model: model(step), from: step.from, to: step.to, threads: threads)
                known[way] = try translator.translate(done.map { try script($0.text, step.from) })
            }
            done = known[way] ?? []
        }
        let isDirect = steps == [TranslationDirection(from: from, to: target)]
        return try zip(sentences, done).map { source, last in
            let text = try script(last.text, target)
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
