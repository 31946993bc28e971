import Foundation
import LanguagePackage
import TestSupport
import Testing
import Transcript

/// Packages of what the engines really give.
struct RealTranscriptTests {
    private struct Translated: Decodable {
        struct Translation: Decodable {
            struct Sentence: Decodable {
                let start: Double
                let end: Double
                let source: String
                let text: String
                let score: Double
                let faults: [String]
            }
            let text: String
            let sentences: [Sentence]
        }
        let language: String
        let translations: [Translation]?
    }

    /// A recording heard and translated into Portuguese, which stands in for other languages as well.
    private func task(_ path: String) throws -> PackageContents {
        let run = try ProgramRun.voicelingua("transcribe", path, "--words", "--to", "pt", "--format", "json")
        let heard = try JSONDecoder().decode(Translated.self, from: run.outputData)
        let whole = try #require(heard.translations?.first, "\(run.errors)")
        let document = TranscriptDocument(try TranscriptDocument(json: run.output).recording, file: "1.wav")
        var contents = PackageContents(
            taskID: "019ab3f2-7c1e-7b52-9d0e-4f6a8c2b1d3e", kind: .audio, textNumber: "1",
            createdMs: 1_764_000_123_456, finishedMs: 1_764_000_139_812, sourceLanguage: heard.language,
            sourceLanguageProbability: document.recording.languageProbability,
            languages: Language.allCases.filter { $0 != .english }, models: [.init(name: "base", version: "a1b2c3d4")],
            transcript: document, text: document.recording.text)
        for language in contents.languages {
            for source in TextSource.allCases {
                contents.translations.append(
                    TranslatedText(
                        language: language, source: source, text: whole.text,
                        sentences: whole.sentences.map {
                            .init(
                                source: $0.source, text: $0.text, start: source == .audio ? $0.start : nil,
                                end: source == .audio ? $0.end : nil, score: $0.score, faults: $0.faults)
                        }))
            }
        }
        return contents
    }

    @Test func `what a reader of Dickens says comes back, smaller than any compression of its JSON`() throws {
        let contents = try task(Samples.twoCities())
        let packed = try PackageWriter.bytes(of: contents)
        #expect(try PackageReader(bytes: packed).contents() == contents)
        let alone = try PackageReader(bytes: packed).transcript()
        #expect(alone.json == contents.transcript?.json)
        // Of ten languages that are one, the JSON's compression pays but once: so one of them is compared.
        var one = contents
        one.translations.removeAll { $0.language != .portuguese }
        let savings = try PackageSavings(one)
        print("two cities", savings)
        #expect(savings.saved >= 0.8)
        #expect(savings.package < savings.compactJSONCompressed)
        #expect(savings.package < savings.indentedJSONCompressed)
    }
}
