import Transcript

/// A direction that texts are translated in.
package struct TranslationDirection: Hashable, Sendable {
    package let from: Language
    package let to: Language

    package init(from: Language, to: Language) {
        self.from = from
        self.to = to
    }

    /// The name its model has in the catalog.
    package var name: String { "\(from.rawValue)-\(to.rawValue)" }
}

/// What a model of kind `marian` translates, and how large its network is.
package struct TranslationModel: Decodable, Equatable, Sendable {
    package enum Architecture: String, Decodable, Sendable {
        case tiny
        case baseMemory = "base-memory"
        case base
    }

    package let from: Language
    package let to: Language
    package let architecture: Architecture

    package var direction: TranslationDirection { TranslationDirection(from: from, to: to) }
}

/// Paths of the files that translate one direction.
package struct TranslationFiles: Equatable, Sendable {
    package let model: String
    package let shortlist: String
    package let sourceVocabulary: String
    /// The same path where both languages share a vocabulary.
    package let targetVocabulary: String

    /// - Returns: nil when the files are not those of a translation model: weights, a shortlist, and one vocabulary or two.
    init?(folder: String, files: [ModelFile]) {
        func path(_ beginning: String) -> String? {
            files.first { $0.name.hasPrefix(beginning) }.map { folder + "/" + $0.name }
        }
        guard let model = path("model."), let shortlist = path("lex."),
            let source = path("vocab.") ?? path("srcvocab."), let target = path("vocab.") ?? path("trgvocab."),
            files.count == Set([model, shortlist, source, target]).count
        else { return nil }
        self.model = model
        self.shortlist = shortlist
        sourceVocabulary = source
        targetVocabulary = target
    }
}

extension ModelCache {
    /// Where the files of an installed direction lie.
    ///
    /// - Throws: `CatalogError.unknownModel` or `notInstalled`.
    package func files(
        of direction: TranslationDirection, catalog: ModelCatalog = .current
    ) throws(CatalogError) -> TranslationFiles {
        let model = try catalog.model(direction.name)
        guard isInstalled(model), let files = TranslationFiles(folder: path(of: model.name), files: model.files) else {
            throw .notInstalled(name: model.name)
        }
        return files
    }
}
