import Inference
import TestSupport
import Whisper

/// Models loaded once for all tests, and transcribers made of them.
enum Engine: String, Sendable, CaseIterable {
    case base
    case tinyEnglish = "tiny.en"

    /// For one computation at a time: the tests of `WithWeights`.
    static let threads = ComputeThreads(2)

    private static let base8 = Result { try base.load(.int8, .best) }
    private static let base32 = Result { try base.load(.float32, .best) }
    private static let tiny8 = Result { try tinyEnglish.load(.int8, .best) }
    private static let tiny32 = Result { try tinyEnglish.load(.float32, .best) }
    private static let baseText = Result { try WhisperTokenizer(path: base.folder() + "/tokenizer.json") }
    private static let tinyText = Result { try WhisperTokenizer(path: tinyEnglish.folder() + "/tokenizer.json") }
    private static let voice = Result { try VoiceActivityModel(path: voiceActivityPath()) }

    static func voiceActivityPath() throws -> String {
        try TestModels.folder("silero-vad") + "/silero_vad_16k.safetensors"
    }

    static func voiceActivity() throws -> VoiceActivityModel { try voice.get() }

    func folder() throws -> String { try TestModels.folder(rawValue) }

    func load(_ precision: Precision, _ kernels: Kernels) throws -> WhisperModel {
        try WhisperModel(folder: folder(), precision: precision, kernels: kernels, threads: Engine.threads)
    }

    func model(_ precision: Precision) throws -> WhisperModel {
        switch (self, precision) {
        case (.base, .int8): try Engine.base8.get()
        case (.base, .float32): try Engine.base32.get()
        case (.tinyEnglish, .int8): try Engine.tiny8.get()
        case (.tinyEnglish, .float32): try Engine.tiny32.get()
        }
    }

    func tokenizer() throws -> WhisperTokenizer {
        try self == .base ? Engine.baseText.get() : Engine.tinyText.get()
    }

    func special() throws -> SpecialTokens {
        try SpecialTokens(
            vocabularyCount: self == .base ? 51_865 : 51_864, endOfText: tokenizer().endOfText,
            isMultilingual: self == .base)
    }

    func transcriber(_ precision: Precision = .int8) throws -> Transcriber {
        try Transcriber(
            model: model(precision), tokenizer: tokenizer(), voiceActivity: Engine.voiceActivity(),
            threads: Engine.threads)
    }
}
