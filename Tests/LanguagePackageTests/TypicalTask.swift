import Foundation
import LanguagePackage
import TestSupport
import Transcript

/// A recording with its reference in ten languages, as the service makes them: numbers as the engines give them.
enum TypicalTask {
    /// - Parameter sentences: 1…10, of some six seconds each.
    static func heard(sentences count: Int, seed: UInt64 = 7) -> PackageContents {
        var random = SeededRandom(seed: seed)
        let languages = Language.allCases.filter { $0 != .english }
        let english = Array(Speeches.sentences[.english]![..<count])
        let recording = recording(english, &random)
        let reference = english.enumerated().map { index, text in
            index % 3 == 1 ? text.replacing(", and ", with: " and then ") : text
        }
        var contents = PackageContents(
            taskID: "019ab3f2-7c1e-7b52-9d0e-4f6a8c2b1d3e", kind: .audio, textNumber: "17",
            createdMs: 1_764_000_123_456, finishedMs: 1_764_000_139_812, sourceLanguage: "en",
            sourceLanguageProbability: recording.languageProbability, languages: languages,
            models: [PackageContents.Model(name: "base", version: "a1b2c3d4e5f6")]
                + languages.map {
                    PackageContents.Model(name: "en-\($0.rawValue)", version: "1.0")
                },
            transcript: TranscriptDocument(recording, file: "17.mp3"), text: reference.joined(separator: " "),
            accuracy: accuracy(recording, reference, &random))
        for language in languages {
            let own = Array(Speeches.sentences[language]![..<count])
            let scores = own.map { _ in Double.random(in: 0.8...1, using: &random) }
            for source in TextSource.allCases {
                let sentences = own.indices.map { index in
                    let isChanged = source == .text && english[index] != reference[index]
                    return TranslatedText.Sentence(
                        source: (source == .audio ? english : reference)[index],
                        text: isChanged ? own[index].replacing(",", with: ";") : own[index],
                        start: source == .audio ? start(index, recording) : nil,
                        end: source == .audio ? end(index, recording) : nil,
                        score: isChanged ? Double.random(in: 0.8...1, using: &random) : scores[index],
                        faults: !isChanged && index == 3 && language == .russian
                            ? ["its length is far from that of its source"] : [])
                }
                contents.translations.append(
                    TranslatedText(
                        language: language, source: source,
                        text: sentences.map(\.text).joined(separator: language.hasNoSpaces ? "" : " "),
                        sentences: sentences))
            }
        }
        return contents
    }

    /// A text task of some paragraphs.
    static func written(sentences count: Int) -> PackageContents {
        var contents = heard(sentences: count)
        contents.kind = .text
        contents.transcript = nil
        contents.accuracy = nil
        contents.translations.removeAll { $0.source == .audio }
        return contents
    }

    private static func start(_ index: Int, _ recording: Recording) -> Double {
        recording.segments[index].words?.first?.start ?? 0
    }

    private static func end(_ index: Int, _ recording: Recording) -> Double {
        recording.segments[index].words?.last?.end ?? 0
    }

    /// Times are sums of twentieths of milliseconds beside the start of a window, as the decoder makes them.
    private static func recording(_ sentences: [String], _ random: inout SeededRandom) -> Recording {
        var tick = 21
        let origin = Double(Int.random(in: 0...60, using: &random)) * 0.032
        var segments: [Segment] = []
        for (index, sentence) in sentences.enumerated() {
            var words: [Word] = []
            var tokens = [50_364 + tick % 1_500]
            for part in sentence.split(separator: " ") {
                let length = 4 + part.count * 3 + Int.random(in: 0...6, using: &random)
                let pieces = 1 + part.count / 7
                var probability = 0.0
                for piece in 0..<pieces {
                    tokens.append(part.utf8.reduce(piece * 7_919) { ($0 * 31 + Int($1)) % 20_011 })
                    probability += Double(Float.random(in: 0.6...1, using: &random).squareRoot())
                }
                let start = origin + Double(tick) * 0.02
                let end = origin + Double(tick + length) * 0.02
                words.append(
                    Word(text: " " + part, start: start, end: end, probability: probability / Double(pieces)))
                tick += length + (Int.random(in: 0...4, using: &random) == 0 ? 11 : 0)
            }
            tokens.append(50_364 + tick % 1_500)
            segments.append(
                Segment(
                    index: index, start: words[0].start, end: words[words.count - 1].end, text: " " + sentence,
                    tokens: tokens, temperature: 0,
                    averageLogProbability: Double(Float.random(in: -0.4 ... -0.1, using: &random)),
                    compressionRatio: Double(sentence.utf8.count) / Double(40 + index * 3),
                    noSpeechProbability: Double(Float.random(in: 0...0.2, using: &random)), words: words))
        }
        let length = segments[segments.count - 1].end
        return Recording(
            segments: segments, language: "en", languageProbability: Double(Float.random(in: 0.9...1, using: &random)),
            durationSeconds: length + 0.4375, speechSeconds: length, findings: [])
    }

    private static func accuracy(
        _ recording: Recording, _ reference: [String], _ random: inout SeededRandom
    ) -> AccuracyReport {
        var steps: [AccuracyReport.Step] = []
        for (segment, expected) in zip(recording.segments, reference) {
            func plain(_ text: String) -> String {
                String(text.lowercased().filter { $0.isLetter || $0.isNumber || $0 == " " }).trimmingCharacters(
                    in: .whitespaces)
            }
            let words = segment.words ?? []
            let (heard, meant) = (plain(segment.text), plain(expected))
            guard heard != meant, let and = words.firstIndex(where: { $0.text == " and" }) else {
                steps.append(
                    AccuracyReport.Step(
                        kind: .equal, reference: heard, hypothesis: heard, start: segment.start, end: segment.end))
                continue
            }
            func run(_ words: ArraySlice<Word>) -> AccuracyReport.Step {
                let text = plain(words.map(\.text).joined())
                return AccuracyReport.Step(
                    kind: .equal, reference: text, hypothesis: text, start: words.first?.start, end: words.last?.end)
            }
            steps.append(run(words[...and]))
            steps.append(AccuracyReport.Step(kind: .deletion, reference: "then", hypothesis: ""))
            steps.append(run(words[(and + 1)...]))
        }
        return AccuracyReport(
            unit: .word, words: .init(hits: 140, substitutions: 0, deletions: 3, insertions: 0),
            characters: .init(hits: 800, substitutions: 0, deletions: 15, insertions: 0), alignment: steps,
            threshold: 0.9)
    }
}
