import Foundation
import Store
import Transcript

/// A call of OpenAI's transcription interface, checked.
struct OpenAIRequest {
    enum Work: String { case transcribe, translate }
    enum Format: String, CaseIterable {
        case json, text, srt, vtt
        case verboseJSON = "verbose_json"
    }
    enum Granularity: String, CaseIterable { case segment, word }

    /// Names OpenAI's own service has; here they all mean the model that is the default.
    static let knownModels = [
        "whisper-1", "gpt-4o-transcribe", "gpt-4o-mini-transcribe", "gpt-4o-transcribe-diarize",
    ]

    let work: Work
    /// A name of the catalog; nil for the default.
    let model: String?
    let language: String?
    let prompt: String?
    let temperature: Double
    let format: Format
    let granularities: Set<Granularity>
    let isStream: Bool

    /// - Throws: `Malformed`, `Absent.model`.
    init(_ fields: Fields, _ work: Work, reach: Reach) throws {
        self.work = work
        guard let name = try fields.text("model") else { throw Malformed.fieldMissing(name: "model") }
        if OpenAIRequest.knownModels.contains(name) {
            model = nil
        } else if reach.hasWorkers, !reach.speechModels.contains(name) {
            throw Absent.model(name: name, known: reach.speechModels + OpenAIRequest.knownModels)
        } else {
            model = name
        }
        language = work == .transcribe ? try TaskFields.spoken(fields, "language") : nil
        prompt = try fields.text("prompt")
        if let prompt, prompt.count > RequestLimits.promptLengthMax {
            throw Malformed.field(name: "prompt", why: "it has more than \(RequestLimits.promptLengthMax) characters")
        }
        temperature = try fields.number("temperature") ?? 0
        guard (0...1).contains(temperature) else { throw Malformed.field(name: "temperature", why: "it is 0 to 1") }
        format = try OpenAIRequest.value(try fields.text("response_format"), "response_format") ?? .json
        granularities = try OpenAIRequest.granularities(fields, format)
        isStream = try fields.flag("stream") ?? false
        for name in ["include", "known_speaker_names", "known_speaker_references"] where fields.has(name) {
            throw Malformed.field(name: name, why: "it cannot be had here; leave it out")
        }
        try OpenAIRequest.checkChunking(try fields.text("chunking_strategy"))
    }

    private static func granularities(_ fields: Fields, _ format: Format) throws -> Set<Granularity> {
        let name = "timestamp_granularities"
        guard let names = try fields.names(name) else { return [.segment] }
        let asked = Set(try names.compactMap { try value($0, name) as Granularity? })
        guard format == .verboseJSON || asked == [.segment] else {
            throw Malformed.field(name: name, why: "words have times in response_format verbose_json alone")
        }
        return asked
    }

    /// Silence is found by the engine in any case, so the strategy changes nothing; what is none is refused.
    private static func checkChunking(_ text: String?) throws {
        struct Strategy: Decodable { let type: String }
        guard let text, text != "auto" else { return }
        guard let strategy = try? JSONDecoder().decode(Strategy.self, from: Data(text.utf8)),
            strategy.type == "server_vad"
        else { throw Malformed.field(name: "chunking_strategy", why: "it is `auto` or of type server_vad") }
    }

    private static func value<Value: RawRepresentable & CaseIterable>(
        _ text: String?, _ name: String
    ) throws -> Value? where Value.RawValue == String {
        guard let text else { return nil }
        guard let value = Value(rawValue: text) else {
            let names = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw Malformed.field(name: name, why: "it has to be one of \(names)")
        }
        return value
    }

    /// The task that does it.
    func task(_ upload: TaskRequest.Upload) -> TaskRequest {
        var task = TaskRequest(kind: .audio, languages: [])
        task.sourceLanguage = language
        task.upload = upload
        task.transcription.model = model
        task.transcription.prompt = prompt
        task.transcription.temperature = temperature
        task.transcription.translatesToEnglish = work == .translate
        return task
    }
}
