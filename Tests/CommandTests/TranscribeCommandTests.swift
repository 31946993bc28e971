import Foundation
import TestSupport
import Testing
import Text
import Transcript

/// `voicelingua transcribe` on real speech with real weights, run as a user runs it.
@Suite(.serialized) struct TranscribeCommandTests {
    private let folder: TemporaryFolder
    private let recordings: Recordings

    init() throws {
        folder = try TemporaryFolder()
        recordings = Recordings(in: folder)
    }

    private func transcribe(_ arguments: String..., input: Data = Data()) throws -> ProgramRun {
        try ProgramRun(ProgramRun.voicelinguaPath(), ["transcribe"] + arguments, input: input)
    }

    private func document(_ run: ProgramRun) throws -> TranscriptDocument {
        #expect(run.status == 0, "\(run.errors)")
        return try TranscriptDocument(json: run.output)
    }

    @Test func `a reading of Dickens becomes his words, and nothing else is written`() throws {
        let run = try transcribe(Samples.twoCities())
        #expect(run.status == 0)
        #expect(run.errors.isEmpty, "\(run.errors)")
        // Where segments end is the model's matter.
        let text = run.output.split(separator: "\n").joined(separator: " ")
        #expect(text.hasPrefix("It was the best of times, it was the worst of times"))
        #expect(text.contains("it was the age of foolishness"))
        #expect(text.hasSuffix("only."))
    }

    @Test func `every form of a transcript holds the same segments`() throws {
        let clip = try Samples.twoCities()
        // Subtitles are cut by the words, whether JSON is to show them or not.
        let plain = try document(transcribe(clip, "--format", "json", "--beam", "1")).recording
        let timed = try document(transcribe(clip, "--format", "json", "--beam", "1", "--words")).recording
        #expect(plain.segments.count > 3)
        for format in TranscriptFormat.allCases where format != .json {
            let run = try transcribe(clip, "--format", format.rawValue, "--beam", "1")
            let recording = format == .srt || format == .vtt ? timed : plain
            let expected = format.file(recording) { SentenceBreaks.of(.english).ranges(of: $0) }
            #expect(run.output == expected, "\(format)")
        }
    }

    @Test func `JSON tells file, language, words' tokens and measures of every segment`() throws {
        let clip = try Samples.beckett()
        let run = try transcribe(clip, "--format", "json")
        let object = try #require(JSONSerialization.jsonObject(with: run.outputData) as? [String: Any])
        #expect(object["file"] as? String == clip)
        #expect(object["language"] as? String == "en")
        let segment = try #require((object["segments"] as? [[String: Any]])?.first)
        for key in [
            "start", "end", "text", "tokens", "avg_logprob", "compression_ratio", "no_speech_prob", "temperature",
        ] { #expect(segment[key] != nil, "\(key)") }
        #expect(segment["words"] == nil)
    }

    @Test func `words have times inside their recording, in order, and make up the text`() throws {
        let recording = try document(transcribe(Samples.beckett(), "--format", "json", "--words")).recording
        let words = recording.segments.flatMap { $0.words ?? [] }
        #expect(words.count > 8)
        #expect(words.map(\.text).joined().trimmingCharacters(in: .whitespaces) == recording.text)
        #expect(zip(words, words.dropFirst()).allSatisfy { $0.start <= $1.start && $0.end <= $1.end })
        #expect(words.allSatisfy { 0 <= $0.start && $0.end <= recording.durationSeconds && 0...1 ~= $0.probability })
    }

    @Test func `standard input gives what the file gives, piped or redirected`() throws {
        let clip = try Samples.beckett()
        let text = try transcribe(clip).output
        #expect(!text.isEmpty)
        #expect(try transcribe("-", input: Data(contentsOf: URL(fileURLWithPath: clip))).output == text)
        let redirected = try ProgramRun(
            "/bin/sh", ["-c", "exec \"$0\" transcribe - < \"$1\"", ProgramRun.voicelinguaPath(), clip])
        #expect(redirected.output == text)
    }

    @Test func `many files come out in the order they were given, each as if alone`() throws {
        let paths = try [Samples.twoCities(), Samples.beckett(), Samples.endgame()]
        let run = try transcribe(paths[0], paths[1], paths[2])
        let alone = try paths.map { "==> \($0) <==\n\(try transcribe($0).output)\n" }
        #expect(run.output == alone.joined())
        #expect(run.status == 0)
    }

    @Test func `JSON of many files is a line each, named and in order, those that failed left out`() throws {
        let (first, second) = try (Samples.twoCities(), Samples.beckett())
        let run = try transcribe(first, folder.path("none.wav"), second, "--format", "json")
        struct Line: Decodable { let file: String }
        let lines = try run.output.split(separator: "\n").map {
            try JSONDecoder().decode(Line.self, from: Data($0.utf8))
        }
        #expect(lines.map(\.file) == [first, second])
        #expect(run.status == 1)
        #expect(run.errors == "voicelingua: \(folder.path("none.wav")) does not exist; check the name\n")
    }

    @Test func `a folder is walked in order, without hidden files and what is no recording`() throws {
        let clip = try Samples.beckett()
        _ = try recordings.convert(clip, to: "in/b/deep.flac")
        _ = try recordings.convert(clip, to: "in/c.MP3")
        _ = try recordings.convert(clip, to: "in/a.opus")
        try folder.write("no audio", to: "in/notes.txt")
        try folder.write("no audio", to: "in/.hidden.wav")
        try folder.write("no audio", to: "in/.hidden/a.wav")
        // A circle, which is not walked.
        try FileManager.default.createSymbolicLink(atPath: folder.path("in/b/circle"), withDestinationPath: "..")
        let run = try transcribe(folder.path("in") + "/")
        #expect(run.status == 0, "\(run.errors)")
        let heads = run.output.split(separator: "\n").filter { $0.hasPrefix("==> ") }
        #expect(heads == ["a.opus", "b/deep.flac", "c.MP3"].map { "==> \(folder.path("in"))/\($0) <==" })
        #expect(spoken(run).components(separatedBy: beckett).count == 4)
    }

    @Test(arguments: [
        ("a.wav", ["-c:a", "pcm_u8", "-ar", "16000"]), ("a.wav", ["-c:a", "pcm_s24le", "-ar", "44100"]),
        ("a.wav", ["-c:a", "pcm_f32le", "-ar", "96000"]), ("a.wav", ["-c:a", "pcm_mulaw", "-ar", "8000"]),
        ("a.wav", ["-ac", "6"]), ("a.mp3", []), ("a.m4a", []), ("a.flac", []), ("a.ogg", ["-c:a", "libopus"]),
        ("a.mp4", ["-f", "lavfi", "-i", "testsrc=d=10:s=64x64:r=5", "-shortest"]),
    ])
    func `any container and form of sound is understood`(name: String, options: [String]) throws {
        let path = folder.path(name)
        let made = try ProgramRun(
            "/usr/bin/env", ["ffmpeg", "-nostdin", "-v", "error", "-i", Samples.beckett()] + options + [path])
        #expect(made.status == 0, "\(made.errors)")
        let run = try transcribe(path)
        #expect(run.errors.isEmpty, "\(run.errors)")
        #expect(spoken(run).contains(beckett), "\(run.output)")
    }

    @Test func `the language is heard, or taken as given`() throws {
        let clip = try #require(Samples.clips().first { $0.path.hasSuffix("fr/pangrama.wav") })
        let heard = try document(transcribe(clip.path, "--format", "json"))
        #expect(heard.recording.language == "fr")
        #expect(heard.recording.languageProbability > 0.5)
        let given = try document(transcribe(clip.path, "--format", "json", "--language", "fr"))
        #expect(given.recording.languageProbability == 1)
        #expect(given.recording.text == heard.recording.text)
        let other = try document(transcribe(clip.path, "--format", "json", "--language", "DE"))
        #expect(other.recording.language == "de")
        #expect(other.recording.text != heard.recording.text)
    }

    @Test func `French is translated into English when asked`() throws {
        let clip = try #require(Samples.clips().first { $0.path.hasSuffix("fr/comptage.wav") })
        let run = try transcribe(clip.path, "--task", "translate")
        let numbers = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
        let words = Set(run.output.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init))
        let understood = numbers.enumerated().filter { words.contains($1) || words.contains("\($0 + 1)") }
        #expect(understood.count >= 8, "\(run.output)")
        #expect(!words.contains("deux"))
    }

    @Test func `silence has no words in any form`() throws {
        let path = try recordings.make("anullsrc=r=16000:cl=mono:d=40", "a.wav")
        let run = try transcribe(path)
        #expect(run.status == 0)
        #expect(run.output.isEmpty)
        #expect(try document(transcribe(path, "--format", "json")).recording.segments.isEmpty)
    }

    @Test func `a prompt changes how a name is spelt`() throws {
        let clip = try Samples.endgame()
        let plain = try transcribe(clip).output
        let prompted = try transcribe(clip, "--prompt", "NAGG AND NELL, IN CAPITAL LETTERS ONLY.").output
        #expect(plain != prompted)
    }

    @Test func `without voice activity the words are the same and all of the audio counts as speech`() throws {
        let document = try document(transcribe(Samples.twoCities(), "--no-vad", "--format", "json"))
        #expect(document.recording.text.contains("It was the best of times"))
        #expect(document.recording.speechSeconds == document.recording.durationSeconds)
    }

    @Test func `another model, precision and number of threads serve too`() throws {
        let run = try transcribe(
            Samples.beckett(), "--model", "tiny.en", "--precision", "float32", "--threads", "1")
        #expect(spoken(run).contains(beckett), "\(run.output)")
        #expect(try transcribe(Samples.beckett(), "--model", TestModels.folder("tiny.en")).status == 0)
    }

    @Test func `eight hypotheses are followed, one is fastest, nine or none are refused`() throws {
        for beam in ["1", "8"] {
            #expect(try spoken(transcribe(Samples.beckett(), "--beam", beam)).contains(beckett))
        }
        for beam in ["0", "9"] {
            let run = try transcribe(Samples.beckett(), "--beam", beam)
            #expect(run.status == 64)
            #expect(run.errors.contains("--beam is a number from 1 to 8."))
        }
    }

    @Test func `as many threads as allowed work, one more or none is refused`() throws {
        #expect(try transcribe(Samples.beckett(), "--model", "tiny.en", "--threads", "64").status == 0)
        for threads in ["0", "65"] {
            let run = try transcribe(Samples.beckett(), "--threads", threads)
            #expect(run.status == 64)
            #expect(run.errors.contains("--threads is a number from 1 to 64."))
        }
    }

    @Test func `on a terminal there is a bar with speed and time left, and a summary`() throws {
        let run = try ProgramRun(
            "/usr/bin/script",
            ["-qec", "\(ProgramRun.voicelinguaPath()) transcribe \(Samples.twoCities()) --beam 1", "/dev/null"])
        #expect(run.status == 0)
        #expect(run.output.contains(#/\r\[-{20,}\] +\d %/#), "\(run.output)")
        #expect(run.output.contains("two_cities.wav: en ("))
        #expect(run.output.contains(" s, real-time factor 0."))
    }
}
