import Crypto
import Foundation
import Store
import Transcript
import Whisper

/// How a recording is transcribed, and the key under which the same work is found again.
struct TranscriptionPlan: Sendable {
    let blob: BlobKey
    let model: String
    let options: TranscriptionOptions
    /// The script that was asked for by naming the language; nil for the one of the language that is heard.
    let script: Language?
    /// SHA-256 of the recording's hash, the model's version and the options.
    let key: [UInt8]

    /// - Parameters:
    ///   - model: a name of the catalog.
    ///   - version: changes with the files of the model.
    init(_ request: TaskRequest, upload: TaskRequest.Upload, model: String, version: String) {
        let asked = request.transcription
        let source = request.sourceLanguage?.lowercased()
        script = source.flatMap(Language.init).flatMap { $0.isChinese ? $0 : nil }
        blob = upload.blob
        self.model = model
        var options = TranscriptionOptions()
        options.language = script == nil ? source : Language.chinese.rawValue
        options.task = asked.translatesToEnglish ? .translate : .transcribe
        // Subtitles and alignments need them.
        options.hasWordTimes = true
        options.prompt = asked.prompt
        options.decoding.begin(at: asked.temperature)
        self.options = options
        let facts = [
            "transcription 1", upload.hash, version, options.language ?? "", options.task.rawValue,
            options.prompt ?? "", "\(asked.temperature)",
        ]
        // Each with its length before it, so that no two lists read alike.
        key = Array(SHA256.hash(data: Array(facts.map { "\($0.utf8.count):\($0)" }.joined().utf8)))
    }

    /// Names of the windows kept of this work.
    var keptPrefix: String { "window-" + hexadecimal(key.prefix(4)) + "-" }
}
