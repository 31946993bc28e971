import Store
import Text
import TextTranslation
import Transcript

/// What follows from a transcript: its accuracy, the texts that need no translation, the translations that are due.
struct TranscriptionOutcome: Sendable {
    var accuracy: AccuracyReport?
    var same: [TranslatedText] = []
    var jobs: [TranslationJob] = []

    /// - Parameters:
    ///   - heard: the language spoken, where it is one of ours.
    ///   - written: that of the transcript's text.
    /// - Throws: `AccuracyError`, `TextError`.
    init(
        _ request: TaskRequest, _ recording: Recording, _ transcript: TranscriptDocument, heard: Language?,
        written: Language?
    ) throws {
        if let reference = request.text {
            accuracy = try AccuracyReport(
                reference: reference, transcript: transcript,
                language: (heard ?? written)?.rawValue ?? recording.language,
                threshold: request.accuracyThreshold)
        }
        for target in request.languages {
            if target == written {
                same.append(TranslatedText(untranslated: recording, language: target))
            } else {
                jobs.append(TranslationJob(language: target, source: .audio))
            }
            guard let reference = request.text else { continue }
            if target == heard {
                same.append(TranslatedText(untranslated: reference, language: target))
            } else {
                jobs.append(TranslationJob(language: target, source: .text))
            }
        }
    }
}
