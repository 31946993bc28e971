import Foundation
import Transcript

extension PackageContents {
    /// Where the sentences of a text in a language are.
    package typealias Borders = (_ text: String, _ language: String) -> [Range<String.Index>]

    /// A text as a file.
    ///
    /// - Parameters:
    ///   - language: what was heard in it comes with the times of its words.
    ///   - borders: for subtitles of what was heard.
    /// - Throws: `PackageError.noText`; `.noTimes` for subtitles of what was written; `.notFinite`.
    package func file(
        _ format: TranscriptFormat, _ language: Language, _ source: TextSource, borders: Borders
    ) throws(PackageError) -> String {
        if source == .audio, let transcript, transcript.recording.language == language.rawValue, format != .json {
            return try self.transcript(format, borders: borders)
        }
        guard let text = translation(language, source) else { throw .noText(language, source) }
        switch format {
        case .json: return try text.indentedJSON
        case .text: return text.text.hasSuffix("\n") || text.text.isEmpty ? text.text : text.text + "\n"
        case .tsv where source == .text: return text.table
        case .srt, .vtt, .tsv:
            guard let timed = text.timed else { throw .noTimes(language, source) }
            return timed.file(format)
        }
    }

    /// What was heard, as a file.
    ///
    /// - Throws: `PackageError.noTranscript`.
    package func transcript(_ format: TranscriptFormat, borders: Borders) throws(PackageError) -> String {
        guard let transcript else { throw .noTranscript }
        guard format != .json else { return transcript.json + "\n" }
        let recording = transcript.recording
        return format.file(recording) { borders($0, recording.language) }
    }
}

extension TranslatedText {
    /// With its times; nil where a sentence has none.
    fileprivate var timed: RecordingTranslation? {
        let timed = sentences.compactMap { sentence -> RecordingTranslation.Sentence? in
            guard let start = sentence.start, let end = sentence.end else { return nil }
            return RecordingTranslation.Sentence(
                source: sentence.source, text: sentence.text, start: start, end: end, score: sentence.score,
                faults: sentence.faults)
        }
        return timed.count == sentences.count ? RecordingTranslation(language: language, sentences: timed) : nil
    }

    /// Each sentence beside its source, with a head.
    fileprivate var table: String {
        func cell(_ text: String) -> String {
            text.split { $0.isWhitespace || $0.isNewline }.joined(separator: " ")
        }
        return "source\ttext\n" + sentences.map { "\(cell($0.source))\t\(cell($0.text))\n" }.joined()
    }

    fileprivate var indentedJSON: String {
        get throws(PackageError) {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            // All it can refuse are numbers that are none.
            do { return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n" } catch { throw .notFinite }
        }
    }
}
