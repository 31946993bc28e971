import Catalog
import Inference
import Whisper

/// Where the files of a transcription's models lie.
struct SpeechModel {
    /// A folder in CTranslate2's form.
    let folder: String
    /// Nil where voice activity is not asked for.
    let voiceActivityPath: String?

    /// Finds installed models; what was altered since the pull is found out.
    ///
    /// - Parameter nameOrPath: a name of the catalog, or a folder.
    /// - Throws: `CatalogError.notInstalled`, `CommandError`, `TranscriptionError.noVoiceActivityModel`.
    init(_ nameOrPath: String, usesVoiceActivity: Bool, cache: ModelCache) throws {
        let catalog = ModelCatalog.current
        let speech = catalog.models.filter { $0.kind == .whisper }.map(\.name)
        do { folder = try cache.resolve(nameOrPath, catalog: catalog) } catch {
            guard case .unknownModel = error else { throw error }
            throw CommandError.unknownModel(name: nameOrPath, known: speech)
        }
        if let model = catalog.models.first(where: { $0.name == nameOrPath }) {
            guard model.kind == .whisper else { throw CommandError.notSpeech(model: model.name, known: speech) }
            try SpeechModel.check(model, cache)
        }
        guard usesVoiceActivity else {
            voiceActivityPath = nil
            return
        }
        guard let model = catalog.models.first(where: { $0.kind == .voiceActivity }), cache.isInstalled(model) else {
            throw TranscriptionError.noVoiceActivityModel
        }
        try SpeechModel.check(model, cache)
        voiceActivityPath = cache.path(of: model.name) + "/" + model.files[0].name
    }

    /// Hashes a model that was written to after it was installed; anything else would take longer than loading it.
    private static func check(_ model: ModelEntry, _ cache: ModelCache) throws(CommandError) {
        guard let folder = cache.folder(of: model), folder.isTouched else { return }
        for finding in folder.verify() {
            if case .extra = finding { continue }
            throw .alteredModel(model: model.name, finding: finding.description)
        }
    }
}
