import Foundation
import Hummingbird
import NIOCore
import Text
import Transcript

/// A transcript in the formats of OpenAI's interface.
struct OpenAIAnswer {
    let request: OpenAIRequest
    let recording: Recording

    struct Usage: Encodable {
        let type = "duration"
        /// Seconds of the recording, rounded up.
        let seconds: Int
    }

    private var usage: Usage { Usage(seconds: Int(recording.durationSeconds.rounded(.up))) }

    var response: Response {
        switch request.format {
        case .json: .json(Short(text: recording.text, usage: usage))
        case .text: .text(recording.text + "\n", type: "text/plain; charset=utf-8")
        case .srt: .text(subtitles.srt, type: "application/x-subrip; charset=utf-8")
        case .vtt: .text(subtitles.vtt, type: "text/vtt; charset=utf-8")
        case .verboseJSON: .json(Verbose(self))
        }
    }

    private var subtitles: Subtitles { recording.subtitles(borders: recording.sentenceBorders) }

    private struct Short: Encodable {
        let text: String
        let usage: Usage
    }

    private struct Verbose: Encodable {
        struct Segment: Encodable {
            let id: Int
            let seek: Int
            let start: Double
            let end: Double
            let text: String
            let tokens: [Int]
            let temperature: Double
            let averageLogProbability: Double
            let compressionRatio: Double
            let noSpeechProbability: Double

            enum CodingKeys: String, CodingKey {
                case id, seek, start, end, text, tokens, temperature
                case averageLogProbability = "avg_logprob"
                case compressionRatio = "compression_ratio"
                case noSpeechProbability = "no_speech_prob"
            }
        }
        struct Word: Encodable {
            let word: String
            let start: Double
            let end: Double
        }
        let task: String
        let language: String
        let duration: Double
        let text: String
        let segments: [Segment]?
        let words: [Word]?
        let usage: Usage

        init(_ answer: OpenAIAnswer) {
            let recording = answer.recording
            let asked = answer.request.granularities
            task = answer.request.work.rawValue
            language =
                answer.request.work == .translate
                ? "english" : SpokenLanguage.english(recording.language) ?? recording.language
            duration = recording.durationSeconds
            text = recording.text
            usage = answer.usage
            segments =
                asked.contains(.segment)
                ? recording.segments.map { segment in
                    // Where its window began is not kept; hundredths of a second until the segment come closest.
                    Segment(
                        id: segment.index, seek: Int(segment.start * 100), start: segment.start, end: segment.end,
                        text: segment.text, tokens: segment.tokens, temperature: segment.temperature,
                        averageLogProbability: segment.averageLogProbability,
                        compressionRatio: segment.compressionRatio,
                        noSpeechProbability: segment.noSpeechProbability)
                } : nil
            words =
                asked.contains(.word)
                ? recording.segments.flatMap { $0.words ?? [] }.map {
                    Word(word: $0.text.trimmingCharacters(in: .whitespaces), start: $0.start, end: $0.end)
                } : nil
        }
    }

    private struct Delta: Encodable {
        let type = "transcript.text.delta"
        let delta: String
    }

    private struct Done: Encodable {
        let type = "transcript.text.done"
        let text: String
        let usage: Usage
    }

    /// The text as events, a segment each, and then all of it.
    var events: String {
        var isFirst = true
        let deltas = recording.segments.map { segment -> String in
            let text = isFirst ? String(segment.text.drop { $0.isWhitespace }) : segment.text
            isFirst = false
            return OpenAIAnswer.event(Delta(delta: text))
        }
        return deltas.joined() + OpenAIAnswer.event(Done(text: recording.text, usage: usage))
    }

    static func event(_ value: some Encodable) -> String { "data: " + jsonLine(value) + "\n\n" }
}

extension Recording {
    /// Where the sentences of a text are, by the rules of the language that was heard; one sentence where there are none.
    func sentenceBorders(_ text: String) -> [Range<String.Index>] {
        guard let language = Language(named: language) else { return [text.startIndex..<text.endIndex] }
        return SentenceBreaks.of(language).ranges(of: text)
    }
}
