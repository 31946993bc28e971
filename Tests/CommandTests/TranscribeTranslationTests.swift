import Foundation
import TestSupport
import Testing
import Text
import Transcript

/// `voicelingua transcribe --to` on real speech with real weights.
@Suite(.serialized) struct TranscribeTranslationTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func transcribe(_ arguments: String...) throws -> ProgramRun {
        try ProgramRun(ProgramRun.voicelinguaPath(), ["transcribe"] + arguments)
    }

    @Test(arguments: ["srt", "vtt"])
    func `English speech gets subtitles in English and Portuguese within their limits`(_ format: String) throws {
        let run = try transcribe(Samples.twoCities(), "--to", "pt", "--format", format, "--output", folder.path)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.split(separator: "\n").count == 2)
        let names = ["two_cities.\(format)", "two_cities.pt.\(format)"]
        let files = try names.map { try SubtitleFile(String(contentsOfFile: folder.path($0), encoding: .utf8)) }
        for (file, words) in zip(files, ["best of times", "melhor dos tempos"]) {
            #expect(file.cues.flatMap(\.lines).joined(separator: " ").contains(words))
            #expect(file.cues.allSatisfy { $0.lines.count <= 2 && $0.lines.allSatisfy { $0.count <= 42 } })
            #expect(file.cues.allSatisfy { (1_000...7_000).contains($0.endMs - $0.startMs) })
            #expect(zip(file.cues, file.cues.dropFirst()).allSatisfy { $0.endMs <= $1.startMs })
        }
        let ends = files.compactMap { $0.cues.last?.endMs }
        #expect(ends.allSatisfy { (40_000...46_000).contains($0) }, "\(ends)")
    }

    @Test func `JSON holds sentences with their times, sources and scores`() throws {
        let run = try transcribe(Samples.twoCities(), "--to", "pt,en", "--format", "json", "--words")
        let object = try #require(JSONSerialization.jsonObject(with: run.outputData) as? [String: Any])
        let translations = try #require(object["translations"] as? [[String: Any]])
        #expect(translations.map { $0["language"] as? String } == ["pt", "en"])
        for translation in translations {
            let sentences = try #require(translation["sentences"] as? [[String: Any]])
            #expect(sentences.count >= 2)
            var last = 0.0
            for sentence in sentences {
                let (start, end) = try (
                    #require(sentence["start"] as? Double), #require(sentence["end"] as? Double)
                )
                #expect(last <= start && start < end && end < 45)
                last = end
                #expect((0...1).contains(try #require(sentence["score"] as? Double)))
                #expect(sentence["faults"] != nil)
            }
            let sources = sentences.compactMap { $0["source"] as? String }.joined(separator: " ")
            #expect(sources == object["text"] as? String)
        }
    }

    @Test func `text and tables of a translation have a sentence a line`() throws {
        let out = folder.path("out")
        for format in ["text", "tsv"] {
            let run = try transcribe(Samples.beckett(), "--to", "pt", "--format", format, "--output", out)
            #expect(run.status == 0, "\(run.errors)")
        }
        let text = try String(contentsOfFile: out + "/beckett.pt.txt", encoding: .utf8).split(separator: "\n")
        let rows = try String(contentsOfFile: out + "/beckett.pt.tsv", encoding: .utf8).split(separator: "\n")
        #expect(!text.isEmpty)
        #expect(rows.first == "start\tend\ttext")
        #expect(rows.dropFirst().map { $0.split(separator: "\t").last } == text)
    }

    @Test func `languages without a model are told with one command, and the others are written`() throws {
        let run = try transcribe(Samples.beckett(), "--to", "pt,ja,fr", "--output", folder.path)
        #expect(run.status == 1)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
                "beckett.pt.txt", "beckett.txt",
            ])
        #expect(
            run.errors.contains("Japanese, French; get it with `voicelingua models pull en-ja en-fr`"), "\(run.errors)")
        #expect(run.errors.contains("beckett.wav"))
    }

    @Test func `where no language can be had, that is said before the work`() throws {
        let run = try transcribe(Samples.beckett(), "--language", "en", "--to", "ja")
        #expect(run.status == 1)
        #expect(run.output.isEmpty)
        #expect(run.errors.contains("`voicelingua models pull en-ja`"), "\(run.errors)")
    }

    @Test func `English that foreign speech is written in is translated as English`() throws {
        let clip = try #require(Samples.clips().first { $0.language == "ja" })
        let run = try transcribe(
            clip.path, "--language", "ja", "--task", "translate", "--to", "pt", "--format", "srt", "--output",
            folder.path)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output.split(separator: "\n").count == 2)
    }

    @Test func `a recording whose language nothing translates is still transcribed`() throws {
        let clip = try #require(Samples.clips().first { $0.language == "hi" })
        let run = try transcribe(clip.path, "--language", "hi", "--to", "pt", "--output", folder.path)
        #expect(run.status == 1)
        #expect(run.errors.contains("hi is not translated"), "\(run.errors)")
        #expect(run.output.contains(".txt\thi"))
    }

    @Test(arguments: [("zh", Language.chinese), ("zh-tw", .traditionalChinese)])
    func `Chinese is written in the script that is asked for`(_ code: String, _ language: Language) throws {
        let clips = try Samples.clips().filter { $0.language == "zh" }
        #expect(clips.count == 3)
        let script = try ChineseScript.loaded()
        for clip in clips {
            let run = try transcribe(clip.path, "--language", code, "--format", "json", "--words")
            let document = try TranscriptDocument(json: run.output)
            #expect(document.recording.language == code)
            let words = document.recording.segments.flatMap { $0.words ?? [] }.map(\.text).joined()
            #expect(!words.isEmpty)
            for text in [document.recording.text, words] { #expect(script.wrongShare(of: text, in: language) == 0) }
        }
    }
}
