import Foundation
import Transcript

/// All that came of a task.
package struct PackageContents: Sendable, Equatable, Codable {
    package enum Kind: String, Sendable, CaseIterable, Codable { case audio, text }

    package struct Model: Sendable, Equatable, Codable {
        package var name: String
        package var version: String

        package init(name: String, version: String) {
            self.name = name
            self.version = version
        }
    }

    /// Of the form that is written now.
    package static let formatVersion = 1

    package var formatVersion = Self.formatVersion
    package var taskID: String
    package var kind: Kind
    package var textNumber: String?
    /// Milliseconds since 1970.
    package var createdMs: Int64
    /// Milliseconds since 1970.
    package var finishedMs: Int64
    /// A code, as given or found out.
    package var sourceLanguage: String?
    /// 0…1; nil where the language was given.
    package var sourceLanguageProbability: Double?
    /// What it was to be translated into.
    package var languages: [Language]
    package var models: [Model]
    /// What was heard; nil of a text task.
    package var transcript: TranscriptDocument?
    /// The reference of a recording, or the text of a text task.
    package var text: String?
    package var accuracy: AccuracyReport?
    /// No two of the same language and source.
    package var translations: [TranslatedText]

    enum CodingKeys: String, CodingKey {
        case kind, languages, models, transcript, text, accuracy, translations
        case formatVersion = "format_version"
        case taskID = "task_id"
        case textNumber = "text_number"
        case createdMs = "created_ms"
        case finishedMs = "finished_ms"
        case sourceLanguage = "source_language"
        case sourceLanguageProbability = "source_language_probability"
    }

    package init(
        taskID: String, kind: Kind, textNumber: String? = nil, createdMs: Int64, finishedMs: Int64,
        sourceLanguage: String? = nil, sourceLanguageProbability: Double? = nil, languages: [Language],
        models: [Model] = [], transcript: TranscriptDocument? = nil, text: String? = nil,
        accuracy: AccuracyReport? = nil, translations: [TranslatedText] = []
    ) {
        self.taskID = taskID
        self.kind = kind
        self.textNumber = textNumber
        self.createdMs = createdMs
        self.finishedMs = finishedMs
        self.sourceLanguage = sourceLanguage
        self.sourceLanguageProbability = sourceLanguageProbability
        self.languages = languages
        self.models = models
        self.transcript = transcript
        self.text = text
        self.accuracy = accuracy
        self.translations = translations
    }

    /// The text in a language; nil where the task has none.
    package func translation(_ language: Language, _ source: TextSource) -> TranslatedText? {
        translations.first { $0.language == language && $0.source == source }
    }
}

extension PackageContents {
    /// For people: keys in alphabetical order.
    ///
    /// - Throws: `PackageError.notFinite`.
    package var indentedJSON: String { get throws(PackageError) { try json([.prettyPrinted]) } }

    /// One line.
    ///
    /// - Throws: `PackageError.notFinite`.
    package var compactJSON: String { get throws(PackageError) { try json([]) } }

    private func json(_ form: JSONEncoder.OutputFormatting) throws(PackageError) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = form.union([.sortedKeys, .withoutEscapingSlashes])
        // All it can refuse are numbers that are none.
        do { return String(decoding: try encoder.encode(self), as: UTF8.self) } catch { throw .notFinite }
    }
}
