import Foundation
import TestSupport
import Testing
import Transcript

/// `voicelingua translate` with real weights, run as a user runs it.
@Suite(.serialized) struct TranslateCommandTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func translate(_ arguments: String..., input: Data = Data()) throws -> ProgramRun {
        try ProgramRun(ProgramRun.voicelinguaPath(), ["translate"] + arguments, input: input)
    }

    private func objects(_ run: ProgramRun) throws -> [[String: Any]] {
        try run.output.split(separator: "\n").map {
            try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
        }
    }

    @Test func `words of the command line become Portuguese, and nothing else is written`() throws {
        let run = try translate("The house is big. Good morning, my friend.", "--from", "en", "--to", "pt")
        #expect(run.status == 0)
        #expect(run.output == "A casa é grande. Bom dia, meu amigo.\n")
        #expect(run.errors.isEmpty, "\(run.errors)")
    }

    @Test func `the language is found where it is not told`() throws {
        let text = "A casa é grande e o jardim é pequeno. Ontem nós fomos à praia com as crianças."
        let run = try translate(text, "--to", "en", "--format", "json")
        let object = try #require(objects(run).first)
        #expect(object["language"] as? String == "pt")
        #expect(object["file"] == nil)
        let confidence = try #require(object["language_confidence"] as? Double)
        #expect((0.6...1).contains(confidence))
        let translation = try #require((object["translations"] as? [[String: Any]])?.first)
        #expect(translation["language"] as? String == "en")
        let sentences = try #require(translation["sentences"] as? [[String: Any]])
        #expect(sentences.count == 2)
        for sentence in sentences {
            #expect(text.contains(try #require(sentence["source"] as? String)))
            #expect((sentence["translation"] as? String)?.isEmpty == false)
            #expect((0...1).contains(try #require(sentence["score"] as? Double)))
            #expect(sentence["attempt"] as? String == "whole")
            #expect((sentence["faults"] as? [String])?.isEmpty == true)
        }
    }

    @Test func `what cannot be told is asked for`() throws {
        let run = try translate("यह एक वाक्य है जिसे कोई मॉडल नहीं समझता।", "--to", "pt")
        #expect(run.status == 1)
        #expect(run.output.isEmpty)
        #expect(run.errors.contains("--from"))
    }

    @Test(arguments: [
        (String.Encoding.utf8, "UTF-8"), (.utf16LittleEndian, "UTF-16LE"), (.utf16, "UTF-16"),
        (.isoLatin1, "windows-1252"),
    ])
    func `files come in their own encoding`(_ encoding: String.Encoding, _ name: String) throws {
        let text = "A estação de trem fica perto daqui. Não há ninguém na praça, é inverno.\n"
        let path = try folder.write(#require(text.data(using: encoding)), to: "a.txt")
        let run = try translate(path, "--from", "pt", "--to", "en", "--format", "json")
        let object = try #require(objects(run).first)
        #expect((object["encoding"] as? String)?.hasPrefix(name) == true, "\(object["encoding"] ?? "none")")
        #expect(object["file"] as? String == path)
        let expected = try translate("-", "--from", "pt", "--to", "en", input: Data(text.utf8))
        let translation = try #require((object["translations"] as? [[String: Any]])?.first)
        #expect(translation["text"] as? String == expected.output)
        #expect(expected.output.contains("winter"))
    }

    @Test func `subtitles keep their times, and sentences run over cues`() throws {
        let source = """
            1
            00:00:01,000 --> 00:00:03,000
            <i>Good morning, everybody.</i>

            2
            00:00:03,500 --> 00:00:06,000
            Today we will talk about

            3
            00:00:06,000 --> 00:00:09,000
            the weather in Lisbon.


            """
        let path = try folder.write(source, to: "talk.srt")
        let run = try translate(path, "--from", "en", "--to", "pt")
        #expect(run.status == 0, "\(run.errors)")
        let (before, after) = (try SubtitleFile(source), try SubtitleFile(run.output))
        #expect(before.cues.map(\.startMs) == after.cues.map(\.startMs))
        #expect(before.cues.map(\.endMs) == after.cues.map(\.endMs))
        #expect(run.output.contains("<i>Bom dia"))
        #expect(after.cues.flatMap(\.lines).joined(separator: " ").contains("Lisboa"))
    }

    @Test func `WebVTT stays WebVTT`() throws {
        let path = try folder.write(
            "WEBVTT\n\nNOTE a note\n\n00:01.000 --> 00:03.000 align:left\nThe house is big.\n", to: "talk.vtt")
        let run = try translate(path, "--from", "en", "--to", "pt", "--output", folder.path("out"))
        #expect(run.status == 0, "\(run.errors)")
        let written = try String(contentsOfFile: folder.path("out/talk.pt.vtt"), encoding: .utf8)
        #expect(written.hasPrefix("WEBVTT\n"))
        #expect(written.contains("NOTE a note"))
        #expect(written.contains("align:left\nA casa é grande."))
    }

    @Test func `several files and languages go to a file each, or follow a line with their names`() throws {
        let one = try folder.write("The house is big.\n", to: "one.txt")
        let two = try folder.write("Good morning.\n", to: "two.txt")
        let run = try translate(one, two, "--from", "en", "--to", "pt,en")
        #expect(
            run.output == """
                ==> \(one), pt <==
                A casa é grande.

                ==> \(one), en <==
                The house is big.

                ==> \(two), pt <==
                Bom dia.

                ==> \(two), en <==
                Good morning.


                """)
        let out = folder.path("out")
        let written = try translate(one, two, "--from", "en", "--to", "pt,en", "--output", out)
        #expect(written.output.split(separator: "\n").count == 4)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: out).sorted() == [
                "one.en.txt", "one.pt.txt", "two.en.txt", "two.pt.txt",
            ])
        #expect(try String(contentsOfFile: out + "/two.pt.txt", encoding: .utf8) == "Bom dia.\n")
    }

    @Test func `a bad file is one line, and the others are done`() throws {
        let binary = try folder.write(
            Data([0x50, 0x4b, 0, 0, 1, 2, 0, 3] + [UInt8](repeating: 0, count: 99)), to: "a.txt")
        let broken = try folder.write("1\nno times here\n", to: "b.srt")
        let good = try folder.write("Good morning.\n", to: "c.txt")
        let missing = folder.path("missing.txt")
        let run = try translate(binary, broken, missing, good, "--from", "en", "--to", "pt")
        #expect(run.status == 1)
        #expect(run.output == "==> \(good), pt <==\nBom dia.\n\n")
        let lines = run.errors.split(separator: "\n")
        #expect(lines.count == 3, "\(run.errors)")
        for (line, path) in zip(lines, [binary, broken, missing]) { #expect(line.contains(path)) }
    }

    @Test func `languages without a model are told with one command, and the others are written`() throws {
        let run = try translate("Good morning.", "--from", "en", "--to", "pt,fr,de")
        #expect(run.status == 1)
        #expect(run.output == "==> text, pt <==\nBom dia.\n\n")
        #expect(
            run.errors.contains("French, German; get it with `voicelingua models pull en-fr en-de`"), "\(run.errors)")
    }

    @Test(arguments: ["", "   ", "12345", "🎉 🎉", "\n\n"])
    func `where nothing is to be translated, nothing is asked for`(_ text: String) throws {
        let run = try translate("-", "--to", "pt", input: Data(text.utf8))
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.output == text)
    }

    @Test func `what is no language stays in subtitles too, each cue at its time`() throws {
        let texts = [
            "♪ ♫ ♪", "???", "See https://example.org/a?b=1 now.", "123-456", "- Where are you?\n- At home.", "…",
        ]
        let source = texts.enumerated().map {
            "\($0 + 1)\n00:00:0\($0 + 1),000 --> 00:00:0\($0 + 1),900\n\($1)\n\n"
        }.joined()
        for arguments in [["-"], [try folder.write(source, to: "a.srt")]] {
            let run = try ProgramRun(
                ProgramRun.voicelinguaPath(), ["translate", "--from", "en", "--to", "pt"] + arguments,
                input: Data(source.utf8))
            let cues = try SubtitleFile(run.output).cues
            #expect(cues.count == texts.count)
            for index in [0, 1, 3, 5] where cues.count == texts.count { #expect(cues[index].lines == [texts[index]]) }
            #expect(run.output.contains("https://example.org/a?b=1"))
            #expect(cues.first { $0.startMs == 5_000 }?.lines.count == 2, "\(run.output)")
        }
    }

    @Test func `songs and cues with a tag before them keep to themselves`() throws {
        let texts = [
            "Roses are red", "♪ Happy birthday to you ♪", "{\\an8}At the top, my friend.", "<i>Good morning</i>",
        ]
        let source = texts.enumerated().map {
            "\($0 + 1)\n00:00:0\($0 + 1),000 --> 00:00:0\($0 + 1),900\n\($1)\n\n"
        }.joined()
        let run = try translate("-", "--from", "en", "--to", "pt", input: Data(source.utf8))
        let cues = try SubtitleFile(run.output).cues.map { $0.lines.joined(separator: " ") }
        #expect(cues.count == 4)
        for (cue, start) in zip(cues, ["As rosas", "♪ ", "No topo", "Bom dia"]) {
            #expect(cue.hasPrefix(start), "\(cue)")
        }
        #expect(cues[1].hasSuffix(" ♪"))
    }

    @Test func `symbols and words of other scripts stay`() throws {
        let text = "The word שלום means peace → and ♪ is a note.\nكل الناس\nGood morning.\n"
        let run = try translate("-", "--from", "en", "--to", "pt", input: Data(text.utf8))
        for part in ["שלום", "→", "♪", "\nكل الناس\n", "Bom dia."] {
            #expect(run.output.contains(part), "\(run.output)")
        }
    }

    @Test func `a file with the same sentence a thousand times has a language`() throws {
        let text = String(repeating: "A casa é muito bonita e o dia está bom.\n", count: 1_000)
        let run = try translate("-", "--to", "en", input: Data(text.utf8))
        #expect(run.status == 0 && run.errors.isEmpty, "\(run.errors)")
        #expect(run.output.hasPrefix("The house is"))
    }

    @Test func `no result takes the place of an input`() throws {
        let one = try folder.write("Good morning.\n", to: "a.txt")
        let two = try folder.write("The house is big.\n", to: "a.pt.txt")
        let run = try translate(one, two, "--from", "en", "--to", "pt", "--output", folder.path)
        #expect(run.status == 0, "\(run.errors)")
        #expect(try String(contentsOfFile: two, encoding: .utf8) == "The house is big.\n")
        #expect(try String(contentsOfFile: folder.path("a-2.pt.txt"), encoding: .utf8) == "Bom dia.\n")
    }

    @Test func `a folder is no text, and that is said`() throws {
        let run = try translate(folder.path, "--from", "en", "--to", "pt")
        #expect(run.status == 1)
        #expect(run.errors.contains("is a folder"))
    }

    @Test func `standard error that cannot be written stops no work`() throws {
        let good = try folder.write("Good morning.\n", to: "a.txt")
        let run = try ProgramRun(
            "/bin/sh",
            [
                "-c", "exec \"$0\" translate missing.txt \"$1\" --from en --to pt 2>/dev/full",
                ProgramRun.voicelinguaPath(), good,
            ])
        #expect(run.status == 1)
        #expect(run.output.contains("Bom dia."))
    }

    @Test func `an unknown language is a mistake of use that lists the known ones`() throws {
        let run = try translate("Hello", "--from", "en", "--to", "pt,xx")
        #expect(run.status == 64)
        #expect(run.errors.contains("zh-tw"))
    }

    @Test func `an altered model is not used`() throws {
        let models = try TemporaryFolder()
        for name in ["en-pt", "pt-en"] {
            try FileManager.default.copyItem(atPath: TestModels.folder(name), toPath: models.path(name))
        }
        let file = models.path("en-pt/model.enpt.intgemm.alphas.bin")
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: file))
        try handle.seek(toOffset: 9_000_000)
        try handle.write(contentsOf: Data([1, 2, 3, 4]))
        try handle.close()
        let run = try ProgramRun.voicelingua(
            "translate", "Good morning.", "--from", "en", "--to", "pt", environment: ["VOICELINGUA_MODELS": models.path]
        )
        #expect(run.status == 1)
        #expect(run.errors.contains("altered") && run.errors.contains("`voicelingua models pull en-pt`"))
    }
}
