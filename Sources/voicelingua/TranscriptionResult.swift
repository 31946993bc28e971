import Foundation
import Text
import TextTranslation
import Transcript

/// A transcript with its translations, and what is known of it beside its words.
struct TranscriptionResult {
    var recording: Recording
    var translations: [RecordingTranslation] = []
    /// Seconds it took.
    var seconds: Double
    /// The language of the text where that is not what was spoken.
    var written: Language?

    /// Its files: one, and one a translation, but for JSON, which holds all.
    ///
    /// - Parameter hasWords: whether JSON shows the words.
    func parts(_ format: TranscriptFormat, named name: String, hasWords: Bool) -> [ResultWriter.Part] {
        var recording = recording
        if format == .json {
            if !hasWords { for index in recording.segments.indices { recording.segments[index].words = nil } }
        } else if let written {
            recording.language = written.rawValue
        }
        let transcript = ResultWriter.Part(
            text: format.file(
                recording, named: name, translations: translations, borders: recording.sentenceRanges),
            summary: summary
                + (format.isSubtitles
                    ? recording.subtitles(borders: recording.sentenceRanges).haste(.of(code: recording.language))
                    : ""))
        guard format != .json else { return [transcript] }
        return [transcript]
            + translations.map { translation in
                ResultWriter.Part(
                    language: translation.language, text: translation.file(format),
                    summary: translation.summary
                        + (format.isSubtitles ? translation.subtitles.haste(.of(translation.language)) : ""))
            }
    }

    /// Language, length and speed: `en (99 %), 43.7 s of audio in 2.1 s, real-time factor 0.048`.
    var summary: String {
        let duration = recording.durationSeconds
        return String(
            format: "%@ (%.0f %%), %.1f s of audio in %.2f s, real-time factor %.3f", recording.language,
            recording.languageProbability * 100, duration, seconds, seconds / max(duration, 0.001))
    }
}

extension RecordingTranslation {
    /// `pt, 12 sentences`, and how many of them are to be looked at.
    var summary: String {
        let suspects = sentences.count { !$0.faults.isEmpty }
        return "\(language.rawValue), \(sentences.count) sentences" + (suspects > 0 ? ", \(suspects) doubtful" : "")
    }
}

extension Recording {
    /// Where the sentences of a text of this recording are; English rules serve languages that have none here.
    func sentenceRanges(of text: String) -> [Range<String.Index>] {
        SentenceBreaks.of(Language(rawValue: language) ?? .english).ranges(of: text)
    }

    /// What was said, sentence by sentence, in other languages.
    ///
    /// - Parameter from: the language of the text.
    /// - Throws: what `TextTranslator` does.
    func translated(
        by translator: TextTranslator, from: Language, to targets: [Language]
    ) throws -> [RecordingTranslation] {
        let sentences = sentences(in: from)
        let translated = try translator.translate(sentences: sentences.map(\.text), from: from, to: targets)
        return targets.map { RecordingTranslation(language: $0, sentences, translated[$0] ?? []) }
    }
}

extension TranscriptFormat {
    fileprivate var isSubtitles: Bool { self == .srt || self == .vtt }
}

extension Subtitles {
    /// How many cues somebody speaks too fast for: `, 3 cues too fast to read`.
    fileprivate func haste(_ limits: SubtitleLimits) -> String {
        let count = breaches(of: limits).count { $0.limit == .tooFast }
        return count == 0 ? "" : ", \(count) cues too fast to read"
    }
}
