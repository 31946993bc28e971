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
package struct ModelEntry: Codable, Equatable, Sendable {
    package enum Kind: String, Codable, Sendable {
        case whisper
        case voiceActivity = "voice-activity"
        /// Recordings with what is said in them, for the demo and the tests.
        case sample
    }

    package let name: String
    package let kind: Kind
    package let licence: String
    package let files: [ModelFile]
    /// In the order they are tried.
    package let sources: [ModelSource]

    package var sizeBytes: Int { files.reduce(0) { $0 + $1.sizeBytes } }

    fileprivate func check() throws(CatalogError) {
        guard isPlain(name), name != ModelCache.partialFolder else {
            throw .malformedCatalog(what: "\(name) is no name of a folder")
        }
        guard !files.isEmpty, !sources.isEmpty, Set(files.map(\.name)).count == files.count else {
            throw .malformedCatalog(what: "\(name) lacks files or sources, or lists a file twice")
        }
        for file in files {
            guard file.name.split(separator: "/", omittingEmptySubsequences: false).allSatisfy({ isPlain(String($0)) }),
                file.name != ModelManifest.fileName, file.sizeBytes >= 0, file.sha256?.count ?? 64 == 64
            else { throw .malformedCatalog(what: "\(name) lists \(file.name), which is no file of a folder") }
        }
        for case .registry(let registry) in sources {
            for file in files {
                guard let parts = registry.members[file.name], !parts.isEmpty,
                    parts.allSatisfy({ registry.wheels.indices.contains($0.wheel) })
                else { throw .malformedCatalog(what: "no wheel of \(name) holds \(file.name)") }
            }
        }
    }

    private func isPlain(_ component: String) -> Bool {
        !component.isEmpty && !component.hasPrefix(".") && !component.contains("/") && !component.contains("\0")
    }
}

/// A file of a model folder.
package struct ModelFile: Codable, Equatable, Sendable {
    /// Its path below the folder.
    package let name: String
    package let sizeBytes: Int
    /// In lower-case hexadecimal; nil where nobody has published it: then the first pull records what it received.
    package let sha256: String?
}
