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
    /// - Parameter name: of the recording, which JSON holds.
    package func file(_ recording: Recording, named name: String? = nil) -> String {
        switch self {
        case .text: recording.cues.map { $0.text + "\n" }.joined()
        case .json: TranscriptDocument(recording, file: name).json + "\n"
        case .srt: recording.srt
        case .vtt: recording.vtt
        case .tsv: recording.tsv
        }
    }
}
