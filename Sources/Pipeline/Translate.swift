import Foundation
import Store
import Text
import TextTranslation
import Transcript

/// The stage that brings one text of a task into one language.
package struct Translate: Sendable {
    private let storage: Storage
    private let engine: TranslationEngine

    package init(storage: Storage, engine: TranslationEngine) {
        self.storage = storage
        self.engine = engine
    }

    /// - Throws: `StageError`, what the engine throws, `StoreError`.
    func run(_ job: ClaimedJob) async throws {
        guard let translation = job.translation else { throw StageError.nothingToDo }
        switch translation.source {
        case .audio: try await translateTranscript(job, into: translation.language)
        case .text: try await translateText(job, into: translation.language)
        }
    }

    private func translateTranscript(_ job: ClaimedJob, into target: Language) async throws {
        guard let recording = try await storage.results.transcript(job.task.id)?.recording else {
            throw StageError.transcriptMissing
        }
        let isEnglish = job.task.request.transcription.translatesToEnglish
        guard let from = isEnglish ? .english : Language(rawValue: recording.language) else {
            throw StageError.languageUnsupported(code: recording.language)
        }
        let sentences = try await StageThreads.compute { recording.sentences(in: from) }
        let translated = try await engine.translate(
            sentences: sentences.map(\.text), from: from, to: target, priority: job.task.request.priority,
            task: job.task.id)
        let text = TranslatedText(RecordingTranslation(language: target, sentences, translated))
        try await storage.queue.finishTranslation(job.lease, text, sourceLanguage: nil)
    }

    private func translateText(_ job: ClaimedJob, into target: Language) async throws {
        guard let text = job.task.request.text else { throw StageError.nothingToDo }
        let (from, isFound) = try await language(of: text, job.task)
        let translated =
            from == target
            ? try await StageThreads.compute { TranslatedText(untranslated: text, language: target) }
            : try await TranslatedText(
                language: target,
                engine.translate(
                    texts: [text], from: from, to: target, priority: job.task.request.priority, task: job.task.id)[0])
        try await storage.queue.finishTranslation(
            job.lease, translated, sourceLanguage: isFound ? from.rawValue : nil)
    }

    /// The language a text is in: as it was given, heard in the recording it is the reference of, or found in itself.
    private func language(of text: String, _ task: TaskRecord) async throws -> (Language, isFound: Bool) {
        if let code = task.request.sourceLanguage ?? task.detectedLanguage {
            guard let language = Language(rawValue: code.lowercased()) else {
                throw StageError.languageUnsupported(code: code)
            }
            return (language, false)
        }
        let found = try await StageThreads.compute { LanguageIdentification(of: text) }
        if let language = found.language { return (language, true) }
        // Without letters nothing is to be translated, so any will do.
        guard text.contains(where: \.isLetter) else { return (.english, true) }
        guard found.confidence >= LanguageIdentification.reliableConfidenceMin else {
            // Of a word or two the detector names any language.
            let isPlain = text.unicodeScalars.allSatisfy { $0.isASCII || !$0.properties.isAlphabetic }
            guard isPlain else { throw StageError.languageUnknown }
            return (.english, true)
        }
        throw StageError.languageUnsupported(code: found.code)
    }
}
