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
    /// - Throws: `CatalogError.notInstalled`, `altered`, `CommandError`, `TranscriptionError.noVoiceActivityModel`.
    init(_ nameOrPath: String, usesVoiceActivity: Bool, settings: Settings) throws {
        let (cache, catalog) = (settings.models, settings.catalog)
        let speech = catalog.models.filter { $0.kind == .whisper }.map(\.name)
        do { folder = try cache.resolve(nameOrPath, catalog: catalog) } catch {
            guard case .unknownModel = error else { throw error }
            throw CommandError.unknownModel(name: nameOrPath, known: speech)
        }
        if let model = catalog.models.first(where: { $0.name == nameOrPath }) {
            guard model.kind == .whisper else { throw CommandError.notSpeech(model: model.name, known: speech) }
            _ = try cache.soundFolder(of: model)
        }
        guard usesVoiceActivity else {
            voiceActivityPath = nil
            return
        }
        guard let model = catalog.models.first(where: { $0.kind == .voiceActivity }), cache.isInstalled(model) else {
            throw TranscriptionError.noVoiceActivityModel
        }
        voiceActivityPath = try cache.soundFolder(of: model) + "/" + model.files[0].name
    }
}
