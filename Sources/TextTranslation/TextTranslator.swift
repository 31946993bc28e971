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
        try translated(texts, from, targets).result()
    }

    /// Translates sentences of others' making, each as a text: what is too long is cut, what is no language stays.
    ///
    /// - Throws: what `prepare` does.
    package func translate(
        sentences: [String], from: Language, to targets: [Language]
    ) throws -> [Language: [SentenceTranslation]] {
        try translated(sentences, from, targets).sentenceResult()
    }

    private func translated(_ texts: [String], _ from: Language, _ targets: [Language]) throws -> RouteTranslation {
        try prepare(from: from, to: targets)
        var way = try RouteTranslation(texts, from: from, to: targets, routes: routes)
        while let step = try way.nextStep() {
            let translator = try DirectionTranslator(
                model: model(step.direction), direction: step.direction, threads: threads)
            way.take(try translator.translate(step.sentences))
        }
        return way
    }

    private func model(_ direction: TranslationDirection) throws -> MarianModel {
        if let model = models[direction] { return model }
        let model = try MarianModel(
            folder: cache.soundFolder(of: catalog.model(direction.name)), threads: threads)
        models[direction] = model
        return model
    }
}
