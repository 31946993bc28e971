/// A form in which a transcript is written.
package enum TranscriptFormat: String, Sendable, CaseIterable {
    /// One segment a line.
    case text
    case json
    case srt
    case vtt
    /// A table of times in milliseconds and text.
    case tsv

    /// Without the dot.
    package var fileExtension: String { self == .text ? "txt" : rawValue }

    /// The whole file of a recording, with a line feed at its end; empty where text has no segments.
    ///
    /// - Parameters:
    ///   - name: of the recording, which JSON holds.
    ///   - translations: which JSON holds too; of other forms they are files of their own.
    ///   - borders: where the sentences of a text are, for subtitles. Without, pauses and punctuation tell.
    package func file(
        _ recording: Recording, named name: String? = nil, translations: [RecordingTranslation] = [],
        borders: (String) -> [Range<String.Index>] = { [$0.startIndex..<$0.endIndex] }
    ) -> String {
        switch self {
        case .text: recording.rows.map { $0.lines.joined() + "\n" }.joined()
        case .json: TranscriptDocument(recording, file: name, translations: translations).json + "\n"
        case .srt: recording.subtitles(borders: borders).srt
        case .vtt: recording.subtitles(borders: borders).vtt
        case .tsv: recording.tsv
        }
    }
}

extension Recording {
    /// Its sentences as subtitles within the limits of its language.
    package func subtitles(borders: (String) -> [Range<String.Index>]) -> Subtitles {
        Subtitles(sentences(borders: borders), .of(code: language))
    }
}
