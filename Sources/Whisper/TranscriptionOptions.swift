/// What is asked of a transcription.
package struct TranscriptionOptions: Sendable {
    package enum Task: String, Sendable, CaseIterable {
        /// Text in the language that is spoken.
        case transcribe
        /// Text in English, whatever is spoken.
        case translate
    }

    /// Code of the spoken language; nil to hear which it is.
    package var language: String?
    package var task: Task = .transcribe
    package var hasWordTimes = false
    /// Leaves silence out and decodes windows side by side; without it they follow each other, each seeing the text
    /// of the former ones.
    package var usesVoiceActivity = true
    /// Words or names to expect, as if they had been said just before.
    package var prompt: String?
    /// Characters of a prompt that count, from its end: more than the 223 tokens the decoder sees of it.
    package static let promptCharactersMax = 2_000
    package var decoding = DecodingOptions()

    package init() {}
}

/// What a transcription cannot do.
package enum TranscriptionError: Error, Equatable {
    case unknownLanguage(code: String)
    /// An English-only model was asked for another language or task.
    case englishOnly(asked: String)
    case noVoiceActivityModel
}

extension TranscriptionError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unknownLanguage(let code):
            "language \(code.prefix(20)) is not one this model knows; give one of \(WhisperLanguage.codes.joined(separator: " ")), or auto"
        case .englishOnly(let asked):
            "this model knows English only and cannot do \(asked.prefix(20)); name a multilingual one, such as base"
        case .noVoiceActivityModel:
            "voice activity detection needs the model silero-vad; pull it with `voicelingua models pull silero-vad`"
        }
    }
}
