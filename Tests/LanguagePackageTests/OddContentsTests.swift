import Foundation
import LanguagePackage
import TestSupport
import Testing
import Transcript

/// What no engine gives today: it comes back all the same.
struct OddContentsTests {
    private func back(_ contents: PackageContents) throws -> PackageContents {
        let back = try PackageReader(bytes: PackageWriter.bytes(of: contents)).contents()
        // Byte for byte: equal strings may be spelt differently.
        #expect(try Array(back.compactJSON.utf8) == Array(contents.compactJSON.utf8))
        return back
    }

    private func empty() -> PackageContents {
        PackageContents(taskID: "", kind: .text, createdMs: 0, finishedMs: 0, languages: [])
    }

    private func text(_ sentences: [TranslatedText.Sentence], _ text: String) -> TranslatedText {
        TranslatedText(language: .french, source: .text, text: text, sentences: sentences)
    }

    @Test func `nothing at all`() throws {
        #expect(try back(empty()) == empty())
        var contents = empty()
        contents.text = ""
        contents.textNumber = ""
        contents.sourceLanguageProbability = 0.1
        contents.createdMs = .max
        contents.finishedMs = .min
        #expect(try back(contents) == contents)
    }

    @Test func `sentences that are not in their text, empty ones, and other spellings of a letter`() throws {
        var contents = empty()
        contents.text = "e\u{301}te\u{301}"
        contents.translations = [
            text(
                [
                    .init(source: "\u{e9}t\u{e9}", text: "x", score: 0.1 + 0.2, faults: ["", "b"]),
                    .init(source: "", text: "", start: 0.1, score: -0.0, faults: []),
                    .init(source: "a\0b", text: "\u{1f600}", end: 1e300, score: .leastNonzeroMagnitude, faults: ["c"]),
                ], "nothing of it"),
            TranslatedText(language: .english, source: .audio, text: "\u{e9}t\u{e9}", sentences: []),
        ]
        #expect(try back(contents) == contents)
    }

    @Test func `random numbers, to the last bit`() throws {
        var random = SeededRandom()
        for _ in 0..<200 {
            var contents = empty()
            let kind = Int.random(in: 0..<4, using: &random)
            func number() -> Double {
                switch kind {
                case 0: Double(Int.random(in: -9...90_000, using: &random)) / 1_000
                case 1: Double(Int.random(in: 0...90_000, using: &random)) * 0.02 + 0.84
                case 2: Double(Float.random(in: 0...1, using: &random))
                default:
                    Double(bitPattern: random.next() & 0xbfff_ffff_ffff_ffff)
                }
            }
            contents.translations = [
                text(
                    (0..<Int.random(in: 0...20, using: &random)).map { _ in
                        .init(source: "a", text: "b", start: number(), end: number(), score: number(), faults: [])
                    }, "b b b")
            ]
            let read = try back(contents)
            for (sentence, other) in zip(contents.translations[0].sentences, read.translations[0].sentences) {
                #expect(sentence.start?.bitPattern == other.start?.bitPattern)
                #expect(sentence.score.bitPattern == other.score.bitPattern)
            }
        }
    }

    @Test func `transcripts with words that are no parts of their segments`() throws {
        let words = [Word(text: "other", start: 0.1, end: 0.3, probability: 0.5)]
        func segment(_ text: String, _ tokens: [Int], _ words: [Word]?) -> Segment {
            Segment(
                index: 0, start: 0, end: 1, text: text, tokens: tokens, temperature: 0.2, averageLogProbability: -1,
                compressionRatio: 1.5, noSpeechProbability: 0, words: words)
        }
        for segments in [
            [], [segment("", [], [])], [segment(" a b ", [1, 65_535], nil)], [segment(" some", [65_536, -1], words)],
            [segment("今天", [7], words), segment(" x", [8], nil)],
        ] {
            var contents = empty()
            contents.transcript = TranscriptDocument(
                Recording(
                    segments: segments, language: "en", languageProbability: 1, durationSeconds: 1, speechSeconds: 1,
                    findings: [GuardFinding(kind: .loop, action: .dropped, start: 0, end: 0.123456789)]),
                file: "a.wav")
            #expect(try back(contents) == contents)
        }
    }

    @Test func `numbers that are none, texts twice and too many of them are told`() throws {
        var contents = empty()
        contents.translations = [text([.init(source: "", text: "", score: .nan, faults: [])], "")]
        #expect(throws: PackageError.notFinite) { try PackageWriter.bytes(of: contents) }
        contents.translations = [text([], ""), text([], "")]
        #expect(throws: PackageError.twice(.french, .text)) { try PackageWriter.bytes(of: contents) }
    }

    @Test func `a part of the most bytes is packed, one more is told`() throws {
        var contents = empty()
        // The text's number and length come to five bytes, empty scores and the mark of a source's sentences to two each.
        let most = (64 << 20) - 9
        contents.transcript = nil
        contents.translations = [text([], String(repeating: "a", count: most))]
        #expect(throws: Never.self) { try PackageWriter.bytes(of: contents) }
        contents.translations = [text([], String(repeating: "a", count: most + 1))]
        #expect(
            throws: PackageError.tooLarge(
                part: .text(.french, .text), sizeBytes: (64 << 20) + 1, sizeBytesMax: 64 << 20)
        ) {
            try PackageWriter.bytes(of: contents)
        }
    }
}
