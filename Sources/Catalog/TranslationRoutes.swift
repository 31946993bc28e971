import Transcript

/// How a text gets from one language to another, by the models there are and those that could be pulled.
///
/// Every model has English on one side, so a pair without English goes through it. Traditional Chinese has models of
/// its own; where they are not installed and those of simplified Chinese are, these serve with a conversion of the script.
package struct TranslationRoutes: Sendable {
    private let models: [TranslationDirection: ModelEntry]
    private let installed: Set<TranslationDirection>

    package init(catalog: ModelCatalog, installed: Set<TranslationDirection>) {
        let translating = catalog.models.compactMap { model in model.translation.map { ($0.direction, model) } }
        models = Dictionary(translating) { first, _ in first }
        self.installed = installed
    }

    /// The way by a language's own models, unless only those of its other script are installed.
    ///
    /// - Returns: nil for a language and itself, and where the catalog has no models.
    package func route(from: Language, to: Language) -> TranslationRoute? {
        guard from != to else { return nil }
        // Of one script more or less is all that tells these two apart.
        if from.isChinese && to.isChinese { return TranslationRoute(from: from, to: to, steps: []) }
        var directions: [TranslationDirection] = []
        if from != .english { directions.append(TranslationDirection(from: from, to: .english)) }
        if to != .english { directions.append(TranslationDirection(from: .english, to: to)) }
        let steps = directions.compactMap(step)
        return steps.count == directions.count ? TranslationRoute(from: from, to: to, steps: steps) : nil
    }

    /// A way whose models are installed.
    ///
    /// - Throws: `CatalogError.noRoute`, with the models that have to be pulled.
    package func installedRoute(from: Language, to: Language) throws(CatalogError) -> TranslationRoute {
        let route = route(from: from, to: to)
        guard let route, route.isInstalled else {
            throw .noRoute(from: from, to: [to], models: route?.missing.map(\.name) ?? [])
        }
        return route
    }

    /// Those of some languages that a text gets into, and what is said of the others, with all models they lack.
    package func reachable(
        _ targets: [Language], from: Language
    ) -> (targets: [Language], missing: CatalogError?) {
        func lacks(_ target: Language) -> Bool {
            target != from && !(route(from: from, to: target)?.isInstalled ?? false)
        }
        let others = targets.filter(lacks)
        var models: [String] = []
        for name in others.flatMap({ route(from: from, to: $0)?.missing.map(\.name) ?? [] })
        where !models.contains(name) {
            models.append(name)
        }
        return (
            targets.filter { !lacks($0) }, others.isEmpty ? nil : .noRoute(from: from, to: others, models: models)
        )
    }

    /// The models that translate any of some languages to any other, through English.
    package func models(for languages: some Sequence<Language>) -> [ModelEntry] {
        let others = Set(languages).subtracting([.english])
        return Language.allCases.filter(others.contains).flatMap { language in
            [
                TranslationDirection(from: .english, to: language), TranslationDirection(from: language, to: .english),
            ].compactMap { models[$0] }
        }
    }

    private func step(_ direction: TranslationDirection) -> TranslationRoute.Step? {
        func step(_ direction: TranslationDirection) -> TranslationRoute.Step? {
            models[direction].map {
                TranslationRoute.Step(direction: direction, model: $0, isInstalled: installed.contains(direction))
            }
        }
        let own = step(direction)
        let simplified = step(TranslationDirection(from: direction.from.simplified, to: direction.to.simplified))
        if let simplified, simplified.isInstalled, !(own?.isInstalled ?? false) { return simplified }
        return own ?? simplified
    }
}

/// A way from one language to another, step by step.
package struct TranslationRoute: Equatable, Sendable {
    package struct Step: Equatable, Sendable {
        package let direction: TranslationDirection
        package let model: ModelEntry
        package let isInstalled: Bool
    }

    package let from: Language
    package let to: Language
    /// None between the scripts of Chinese, else one, or two through English.
    package let steps: [Step]

    /// The language between, where the way has two steps.
    package var pivot: Language? { steps.count == 2 ? steps[0].direction.to : nil }
    package var missing: [ModelEntry] { steps.filter { !$0.isInstalled }.map(\.model) }
    package var isInstalled: Bool { missing.isEmpty }
    /// What a pull of the missing models receives.
    package var missingBytes: Int { missing.reduce(0) { $0 + $1.sizeBytes } }
    /// Whether the text is converted into the script of the first model before it.
    package var convertsSource: Bool { from != (steps.first?.direction.from ?? to) }
    /// Whether what the last model gives is converted into the script asked for.
    package var convertsTarget: Bool { !steps.isEmpty && to != steps[steps.count - 1].direction.to }
}

extension Language {
    fileprivate var simplified: Language { isChinese ? .chinese : self }
}

extension ModelCache {
    /// The ways of a catalog, with what of it is installed here.
    package func translationRoutes(catalog: ModelCatalog = .current) -> TranslationRoutes {
        TranslationRoutes(
            catalog: catalog,
            installed: Set(
                catalog.models.compactMap { model in
                    model.translation.flatMap { isInstalled(model) ? $0.direction : nil }
                }))
    }
}
