import Foundation
import LanguagePackage
import TestSupport
import Testing
import Transcript

/// `voicelingua package`, run as a user runs it.
struct PackageCommandTests {
    private struct Summary: Decodable {
        struct Part: Decodable {
            let kind: String
            let language: String?
            let source: String?
            let sizeBytes: Int
        }
        let taskID: String
        let textNumber: String?
        let parts: [Part]
        let saved: Double
    }

    private let folder: TemporaryFolder
    private let path: String
    private let contents: PackageContents

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path("17.vlpk")
        let words = [
            Word(text: " Good", start: 0.5, end: 0.9, probability: 0.75),
            Word(text: " morning.", start: 0.9, end: 2, probability: 0.5),
        ]
        let recording = Recording(
            segments: [
                Segment(
                    index: 0, start: 0.5, end: 2, text: " Good morning.", tokens: [1, 2], temperature: 0,
                    averageLogProbability: -0.25, compressionRatio: 1.5, noSpeechProbability: 0, words: words)
            ], language: "en", languageProbability: 0.99, durationSeconds: 2.5, speechSeconds: 1.5, findings: [])
        let spoken = TranslatedText.Sentence(
            source: "Good morning.", text: "Bom dia.", start: 0.5, end: 2, score: 0.9, faults: [])
        let meant = TranslatedText.Sentence(source: "Good\tmorning!", text: "Bom dia!", score: 0.9, faults: [])
        contents = PackageContents(
            taskID: "t-1", kind: .audio, textNumber: "17", createdMs: 1, finishedMs: 2_000, sourceLanguage: "en",
            languages: [.portuguese], transcript: TranscriptDocument(recording), text: "Good morning!",
            translations: [
                TranslatedText(language: .portuguese, source: .audio, text: "Bom dia.", sentences: [spoken]),
                TranslatedText(language: .portuguese, source: .text, text: "Bom dia!", sentences: [meant]),
            ])
        try PackageWriter.write(contents, to: path)
    }

    private func run(_ arguments: String...) throws -> ProgramRun {
        try ProgramRun(ProgramRun.voicelinguaPath(), ["package"] + arguments)
    }

    @Test func `show lists the parts with their sizes and what is saved`() throws {
        let run = try run("show", path)
        #expect(run.status == 0)
        let lines = run.output.split(separator: "\n").map(String.init)
        #expect(lines.first == "audio task t-1, text number 17, in en")
        #expect(lines.contains { $0.hasPrefix("text pt AUDIO") && $0.hasSuffix(" bytes") })
        #expect(lines.last?.contains("less than the") == true)
        let size = try Data(contentsOf: URL(fileURLWithPath: path)).count
        #expect(lines.last?.hasPrefix("\(size) bytes") == true)
    }

    @Test func `show writes JSON whose parts make up the file`() throws {
        let run = try run("show", path, "--json")
        let summary = try JSONDecoder().decode(Summary.self, from: run.outputData)
        #expect(summary.taskID == "t-1")
        #expect(summary.textNumber == "17")
        #expect(summary.parts.map(\.kind) == ["head", "transcript", "text", "text"])
        #expect(summary.parts.map(\.source) == [nil, nil, "AUDIO", "TEXT"])
        let size = try Data(contentsOf: URL(fileURLWithPath: path)).count
        #expect(summary.parts.map(\.sizeBytes).reduce(0, +) == size)
    }

    @Test func `export writes the whole package as JSON`() throws {
        let run = try run("export", path, "--format", "json")
        #expect(try JSONDecoder().decode(PackageContents.self, from: run.outputData) == contents)
    }

    @Test(arguments: [
        (["srt"], "1\n00:00:00,500 --> 00:00:02,000\nGood morning.\n\n"), (["text"], "Good morning.\n"),
        (["srt", "--language", "PT"], "1\n00:00:00,500 --> 00:00:02,000\nBom dia.\n\n"),
        (["vtt", "--language", "pt"], "WEBVTT\n\n00:00:00.500 --> 00:00:02.000\nBom dia.\n\n"),
        (["tsv", "--language", "pt"], "start\tend\ttext\n500\t2000\tBom dia.\n"),
        (["tsv", "--language", "pt", "--source", "text"], "source\ttext\nGood morning!\tBom dia!\n"),
        (["text", "--language", "pt", "--source", "TEXT"], "Bom dia!\n"),
        (["text", "--source", "TEXT"], "Good morning!\n"),
    ])
    func `export writes one text in the form asked for`(arguments: [String], expected: String) throws {
        let run = try ProgramRun(
            ProgramRun.voicelinguaPath(), ["package", "export", path, "--format"] + arguments)
        #expect(run.errors == "")
        #expect(run.output == expected)
    }

    @Test func `export names files by package, language and source`() throws {
        let output = folder.path("new/folder")
        let run = try run(
            "export", path, "--format", "tsv", "--language", "pt", "--source", "TEXT", "--output", output)
        #expect(run.output == "\(output)/17.pt.text.tsv\n")
        #expect(try String(contentsOfFile: "\(output)/17.pt.text.tsv", encoding: .utf8).hasPrefix("source\ttext\n"))
    }

    @Test func `export tells in JSON the text or where it is`() throws {
        struct Exported: Decodable {
            let text: String?
            let file: String?
        }
        let output = folder.path("new")
        for (arguments, text, file) in [
            (["--format", "text", "--language", "pt", "--source", "TEXT"], "Bom dia!\n", nil),
            (["--format", "vtt", "--output", output], nil, "\(output)/17.vtt"),
            (["--format", "zip", "--output", output], nil, "\(output)/17.zip"),
        ] as [([String], String?, String?)] {
            let run = try ProgramRun(
                ProgramRun.voicelinguaPath(), ["package", "export", path, "--json"] + arguments)
            let exported = try JSONDecoder().decode(Exported.self, from: run.outputData)
            #expect(exported.text == text && exported.file == file, "\(run.output)\(run.errors)")
        }
    }

    @Test func `export makes a ZIP that another program unpacks`() throws {
        let run = try run("export", path, "--format", "zip", "--output", folder.path)
        #expect(run.output == folder.path("17.zip") + "\n")
        let script = """
            import sys, zipfile
            archive = zipfile.ZipFile(sys.argv[1])
            assert archive.testzip() is None
            print("\\n".join(sorted(archive.namelist())))
            print(archive.read("AUDIO/pt.srt").decode(), end="")
            assert archive.read("17.vlpk") == open(sys.argv[2], "rb").read()
            """
        let python = try ProgramRun("/usr/bin/env", ["python3", "-c", script, folder.path("17.zip"), path])
        #expect(python.errors == "")
        #expect(
            python.output == """
                17.vlpk
                AUDIO/pt.srt
                AUDIO/pt.tsv
                AUDIO/pt.txt
                AUDIO/pt.vtt
                TEXT/pt.tsv
                TEXT/pt.txt
                reference.txt
                transcript.json
                transcript.srt
                transcript.tsv
                transcript.txt
                transcript.vtt
                1
                00:00:00,500 --> 00:00:02,000
                Bom dia.


                """)
    }

    @Test func `what cannot be had is one line and exit code 1`() throws {
        for (arguments, words) in [
            (["export", path, "--format", "srt", "--language", "pt", "--source", "TEXT"], "has no times"),
            (["export", path, "--format", "srt", "--language", "fr"], "no text fr AUDIO"),
            (["show", folder.path("none.vlpk")], "cannot be read"), (["show", "/etc/hostname"], "no language package"),
        ] {
            let run = try ProgramRun(ProgramRun.voicelinguaPath(), ["package"] + arguments)
            #expect(run.status == 1)
            #expect(run.output == "")
            #expect(run.errors.contains(words) && run.errors.split(separator: "\n").count == 1, "\(run.errors)")
        }
    }

    @Test func `a ZIP needs a folder`() throws {
        #expect(try run("export", path, "--format", "zip").errors.contains("--format zip needs --output DIR."))
    }
}
