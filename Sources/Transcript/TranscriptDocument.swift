import Foundation

/// A recording as JSON, in the words of OpenAI's `verbose_json` and a few more.
///
/// Keys are in alphabetical order. JSON has no infinities: they become ±1e9, and what is no number 0.
package struct TranscriptDocument: Codable, Sendable, Equatable {
    struct Segment: Codable, Equatable {
        var id: Int
        var start: Double
        var end: Double
        var text: String
        var tokens: [Int]
        var temperature: Double
        var averageLogProbability: Double
        var compressionRatio: Double
        var noSpeechProbability: Double
        var words: [Word]?

        enum CodingKeys: String, CodingKey {
            case id, start, end, text, tokens, temperature, words
            case averageLogProbability = "avg_logprob"
            case compressionRatio = "compression_ratio"
            case noSpeechProbability = "no_speech_prob"
        }
    }

    struct Word: Codable, Equatable {
        var word: String
        var start: Double
        var end: Double
        var probability: Double
    }

    struct Finding: Codable, Equatable {
        var kind: GuardFinding.Kind
        var action: GuardFinding.Action
        var start: Double
        var end: Double
    }

    struct Translation: Codable, Equatable {
        struct Sentence: Codable, Equatable {
            var start: Double
            var end: Double
            var source: String
            var text: String
            var score: Double
            var faults: [String]
        }

        var language: Language
        var text: String
        var sentences: [Sentence]
    }

    /// The name of the recording, where it is told.
    package var file: String?
    var language: String
    var languageProbability: Double
    var duration: Double
    var speechDuration: Double
    var text: String
    var segments: [Segment]
    var guardFindings: [Finding]
    /// Where any were asked for.
    var translations: [Translation]?

    enum CodingKeys: String, CodingKey {
        case file, language, duration, text, segments, translations
        case languageProbability = "language_probability"
        case speechDuration = "speech_duration"
        case guardFindings = "guard_findings"
    }
}

extension GuardFinding.Kind: Codable {}
extension GuardFinding.Action: Codable {}

extension TranscriptDocument {
    package init(_ recording: Recording, file: String? = nil, translations: [RecordingTranslation] = []) {
        self.file = file
        language = recording.language
        languageProbability = finite(recording.languageProbability)
        duration = finite(recording.durationSeconds)
        speechDuration = finite(recording.speechSeconds)
        text = recording.text
        segments = recording.segments.map { segment in
            Segment(
                id: segment.index, start: finite(segment.start), end: finite(segment.end), text: segment.text,
                tokens: segment.tokens, temperature: finite(segment.temperature),
                averageLogProbability: finite(segment.averageLogProbability),
                compressionRatio: finite(segment.compressionRatio),
                noSpeechProbability: finite(segment.noSpeechProbability),
                words: segment.words?.map {
                    Word(
                        word: $0.text, start: finite($0.start), end: finite($0.end), probability: finite($0.probability)
                    )
                })
        }
        guardFindings = recording.findings.map {
            Finding(kind: $0.kind, action: $0.action, start: finite($0.start), end: finite($0.end))
        }
        guard !translations.isEmpty else { return }
        self.translations = translations.map { translation in
            Translation(
                language: translation.language, text: translation.text,
                sentences: translation.sentences.map {
                    Translation.Sentence(
                        start: finite($0.start), end: finite($0.end), source: $0.source, text: $0.text,
                        score: finite($0.score), faults: $0.faults)
                })
        }
    }

    /// - Throws: `TranscriptError.malformed`.
    package init(json: String) throws(TranscriptError) {
        do { self = try JSONDecoder().decode(TranscriptDocument.self, from: Data(json.utf8)) } catch {
            throw .malformed
        }
    }

    /// One line. It cannot fail: every number is finite.
    package var json: String { jsonLine(self) }

    /// What the document tells of.
    package var recording: Recording {
        Recording(
            segments: segments.map { segment in
                Transcript.Segment(
                    index: segment.id, start: segment.start, end: segment.end, text: segment.text,
                    tokens: segment.tokens, temperature: segment.temperature,
                    averageLogProbability: segment.averageLogProbability, compressionRatio: segment.compressionRatio,
                    noSpeechProbability: segment.noSpeechProbability,
                    words: segment.words?.map {
                        Transcript.Word(text: $0.word, start: $0.start, end: $0.end, probability: $0.probability)
                    })
            },
            language: language, languageProbability: languageProbability, durationSeconds: duration,
            speechSeconds: speechDuration,
            findings: guardFindings.map {
                GuardFinding(kind: $0.kind, action: $0.action, start: $0.start, end: $0.end)
            })
    }
}

private func finite(_ number: Double) -> Double { number.isNaN ? 0 : min(max(number, -1e9), 1e9) }

/// A value as JSON on one line, its keys in alphabetical order; it traps where a number is not finite.
package func jsonLine(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try! encoder.encode(value), as: UTF8.self)
}
