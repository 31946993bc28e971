import Foundation

/// The folder the models of this machine live in: a folder a model, and `partial` for what is on its way.
package struct ModelCache: Sendable {
    package static let partialFolder = "partial"

    package let root: String

    package init(root: String) { self.root = root }

    /// The folder a set of environment variables names: `VOICELINGUA_MODELS`, else the one of XDG, else `~/.cache`.
    package init(environment: [String: String]) {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        if let folder = value("VOICELINGUA_MODELS") {
            root = folder
        } else if let caches = value("XDG_CACHE_HOME"), caches.hasPrefix("/") {
            root = caches + "/voicelingua/models"
        } else {
            root = (value("HOME") ?? NSHomeDirectory()) + "/.cache/voicelingua/models"
        }
    }

    /// Where a model lies once it is installed.
    package func path(of name: String) -> String { root + "/" + name }

    /// The installed folder of a model; nil when there is none, or one of another catalog. Its files may be altered.
    package func folder(of model: ModelEntry) -> ModelFolder? { ModelFolder(path: path(of: model.name), model: model) }

    package func isInstalled(_ model: ModelEntry) -> Bool { folder(of: model)?.isComplete ?? false }

    /// The folder of an installed model. One that was written to after it was installed is hashed first; anything else
    /// would take longer than loading it.
    ///
    /// - Throws: `CatalogError.notInstalled` or `altered`.
    package func soundFolder(of model: ModelEntry) throws(CatalogError) -> String {
        guard let folder = folder(of: model), folder.isComplete else { throw .notInstalled(name: model.name) }
        guard folder.isTouched else { return folder.path }
        for finding in folder.verify() {
            if case .extra = finding { continue }
            throw .altered(model: model.name, finding: finding)
        }
        return folder.path
    }

    /// The folder of a model by its name, or a folder itself.
    ///
    /// A name of the catalog comes first; `./base` means the folder.
    /// - Throws: `CatalogError.notInstalled` or `unknownModel`.
    package func resolve(_ nameOrPath: String, catalog: ModelCatalog) throws(CatalogError) -> String {
        if let model = catalog.models.first(where: { $0.name == nameOrPath }) {
            guard isInstalled(model) else { throw .notInstalled(name: model.name) }
            return path(of: model.name)
        }
        var isFolder: ObjCBool = false
        guard unsafe FileManager.default.fileExists(atPath: nameOrPath, isDirectory: &isFolder), isFolder.boolValue
        else { throw .unknownModel(name: nameOrPath, known: catalog.models.map(\.name)) }
        return nameOrPath
    }
}
