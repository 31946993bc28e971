import Foundation
import TestSupport
import Testing

/// What `voicelingua transcribe` says of bad input: a line that tells what is wrong and what to do, exit code 1, and
/// the other files are done all the same.
@Suite(.serialized) struct TranscribeErrorTests {
    private let folder: TemporaryFolder
    private let recordings: Recordings

    init() throws {
        folder = try TemporaryFolder()
        recordings = Recordings(in: folder)
    }

    private func transcribe(_ arguments: [String], environment: [String: String] = [:]) throws -> ProgramRun {
        try ProgramRun(
            ProgramRun.voicelinguaPath(), ["transcribe"] + arguments,
            environment: ProcessInfo.processInfo.environment.merging(environment) { $1 })
    }

    /// Transcribes a bad file between two good ones.
    private func expect(_ message: String, of path: String) throws {
        let good = try Samples.beckett()
        let run = try transcribe([good, path, good, "--beam", "1"])
        #expect(run.status == 1)
        #expect(run.errors == "voicelingua: \(message)\n")
        #expect(spoken(run).components(separatedBy: beckett).count == 3, "\(run.output)")
    }

    private func expectRefusal(_ message: String, _ arguments: String..., models: String? = nil) throws {
        let run = try transcribe(
            [Samples.beckett()] + arguments, environment: models.map { ["VOICELINGUA_MODELS": $0] } ?? [:])
        #expect(run.status == 1)
        #expect(run.errors.hasPrefix("voicelingua: \(message)"), "\(run.errors)")
        #expect(run.errors.split(separator: "\n").count == 1)
        #expect(run.output.isEmpty)
    }

    @Test func `a missing file`() throws {
        let path = folder.path("none.wav")
        try expect("\(path) does not exist; check the name", of: path)
    }

    @Test func `an empty file`() throws {
        let path = try folder.write("", to: "a.mp3")
        try expect("\(path) is empty; record or copy it again", of: path)
    }

    @Test func `text with the name of a recording`() throws {
        let path = try folder.write("It was the best of times, it was the worst of times.\n", to: "a.mp3")
        try expect(
            "\(path) holds no audio that can be read; convert it to WAV, FLAC, MP3, M4A or OGG", of: path)
    }

    @Test func `audio of length zero`() throws {
        let path = try recordings.make("sine=d=1:r=16000", "a.wav", "-t", "0")
        try expect("\(path) holds audio of length zero; record or copy it again", of: path)
    }

    @Test func `a small file of more hours than are allowed`() throws {
        let path = try recordings.make("anullsrc=r=1000:cl=mono:d=43201", "a.flac")
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)).count < 10 << 20)
        try expect("\(path) is longer than 43200 s; cut it into parts", of: path)
    }

    @Test func `a film that is cut before its index`() throws {
        let path = try recordings.cut(recordings.convert(Samples.beckett(), to: "a.m4a"), to: "b.m4a", share: 0.5)
        try expect(
            "\(path) cannot be decoded (moov atom not found); it may be cut off or damaged: copy it again", of: path)
    }

    @Test func `a folder without audio`() throws {
        try folder.write("no audio", to: "in/notes.txt")
        let path = folder.path("in")
        try expect("\(path) is a folder without audio files; name a file or another folder", of: path)
        let alone = try transcribe([path])
        #expect(alone.status == 1)
        #expect(alone.errors.hasPrefix("voicelingua: \(path) is a folder without audio files"))
    }

    @Test(arguments: ["a.wav", "in"])
    func `a file or folder without permission`(name: String) throws {
        let inside = try folder.write("x", to: name == "in" ? "in/a.wav" : name)
        let path = folder.path(name)
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
        defer { try? FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path) }
        // Root reads everything, but for these two rights.
        let command = try [ProgramRun.voicelinguaPath(), "transcribe", Samples.beckett(), path, "--beam", "1"]
        let run =
            try getuid() == 0
            ? ProgramRun("/usr/bin/setpriv", ["--bounding-set", "-dac_override,-dac_read_search"] + command)
            : ProgramRun(command[0], Array(command.dropFirst()))
        #expect(run.status == 1)
        #expect(spoken(run).contains(beckett), "\(run.output)")
        #expect(
            run.errors
                == (inside == path
                    ? "voicelingua: \(path) cannot be read (Permission denied); check its permissions\n"
                    : "voicelingua: \(path) cannot be read; check its permissions\n"))
    }

    @Test(arguments: ["a.wav", "a.mp3"])
    func `a recording that is cut off gives what is there with a warning`(name: String) throws {
        let whole = try recordings.convert(Samples.twoCities(), to: "whole-" + name)
        let path = try recordings.cut(whole, to: name, share: 0.6)
        let run = try transcribe([path])
        #expect(run.status == 0)
        #expect(run.output.hasPrefix("It was the best of times"))
        #expect(run.errors.hasPrefix("voicelingua: \(path): cut off: "), "\(run.errors)")
        #expect(run.errors.split(separator: "\n").count <= 2)
    }

    @Test func `a header that promises too much is told, one without a length is not`() throws {
        var bytes = try Data(
            contentsOf: URL(
                fileURLWithPath: recordings.convert(
                    Samples.beckett(), to: "a.wav", "-bitexact", "-ar", "16000")))
        for (size, isTold) in [(UInt32(0x0FFF_FFFF), true), (0xFFFF_FFFF, false), (0, false)] {
            bytes.replaceSubrange(40..<44, with: (0..<4).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) })
            let run = try transcribe([folder.write(bytes, to: "b.wav")])
            #expect(run.status == 0)
            #expect(spoken(run).contains(beckett), "\(run.output)")
            #expect(run.errors.contains(": cut off: 10.0 s of the 8388.6 s its header promises") == isTold)
        }
    }

    @Test func `more files than one call may have are refused`() throws {
        for number in 0..<10_000 { try folder.write("", to: "many/\(number).wav") }
        let most = try transcribe([folder.path("many")])
        #expect(most.errors.split(separator: "\n").count == 10_000)
        #expect(most.errors.contains("/many/9999.wav is empty"))
        try folder.write("", to: "many/10000.wav")
        let more = try transcribe([folder.path("many")])
        #expect(more.errors == "voicelingua: these are more than 10000 files; name fewer in one call\n")
        #expect(more.status == 1)
    }

    @Test func `an unknown language`() throws {
        try expectRefusal("language xx is not one this model knows; give one of en zh de", "--language", "xx")
    }

    @Test func `another language or a translation of a model that knows English only`() throws {
        let words = "this model knows English only and cannot do"
        try expectRefusal("\(words) fr; name a multilingual one", "--language", "fr", "--model", "tiny.en")
        try expectRefusal("\(words) translation; name", "--task", "translate", "--model", "tiny.en")
    }

    @Test func `an unknown model, and one that is no speech model`() throws {
        try expectRefusal("there is no model huge and no such folder; choose one of tiny, ", "--model", "huge")
        #expect(
            try transcribe([Samples.beckett(), "--model", "huge"]).errors.contains("`voicelingua models pull NAME`"))
        try expectRefusal("silero-vad does not turn speech into text; choose one of", "--model", "silero-vad")
    }

    @Test func `models that are not installed name the command that gets them`() throws {
        try expectRefusal(
            "base is not installed; get it with `voicelingua models pull base`", models: folder.path("none"))
        let speech = ["--model", try TestModels.folder("tiny.en")]
        try expectRefusal(
            "voice activity detection needs the model silero-vad; pull it with `voicelingua models pull silero-vad`",
            speech[0], speech[1], models: folder.path("none"))
        let run = try transcribe(
            [Samples.beckett(), "--no-vad"] + speech, environment: ["VOICELINGUA_MODELS": folder.path("none")])
        #expect(spoken(run).contains(beckett), "\(run.output)")
    }

    @Test(arguments: ["model.bin", "config.json", "tokenizer.json"])
    func `a model folder in which a file is missing, empty, cut off or other text`(file: String) throws {
        let model = folder.path("model")
        try FileManager.default.copyItem(atPath: TestModels.folder("tiny.en"), toPath: model)
        let whole = try Data(contentsOf: URL(fileURLWithPath: model + "/" + file))
        try FileManager.default.removeItem(atPath: model + "/" + file)
        try expectRefusal("\(model)/\(file) is missing; pull the model again with", "--model", model)
        for bytes in [Data(), whole.prefix(whole.count / 2), Data("Not a model at all.".utf8)] {
            try folder.write(bytes, to: "model/" + file)
            try expectRefusal("\(model)/\(file) ", "--model", model)
        }
    }

    @Test func `an installed model that was altered since is told from one that was not`() throws {
        for name in ["tiny.en", "silero-vad"] {
            try FileManager.default.copyItem(atPath: TestModels.folder(name), toPath: folder.path("models/") + name)
        }
        let models = ["VOICELINGUA_MODELS": folder.path("models")]
        let call = [try Samples.beckett(), "--model", "tiny.en"]
        #expect(try transcribe(call, environment: models).status == 0)
        for (model, file) in [("silero-vad", "silero_vad_16k.safetensors"), ("tiny.en", "model.bin")] {
            let handle = try FileHandle(forUpdating: URL(fileURLWithPath: folder.path("models/\(model)/\(file)")))
            try handle.seek(toOffset: 1_000_000)
            try handle.write(contentsOf: Data([1, 2, 3]))
            try handle.close()
            try expectRefusal(
                "\(model) was altered: \(file) has sha256 ", "--model", "tiny.en", models: folder.path("models"))
            let run = try transcribe(call, environment: models)
            #expect(run.errors.hasSuffix("; mend it with `voicelingua models pull \(model)`\n"), "\(run.errors)")
            // With voice activity left out, the next to be altered is the speech model.
            try FileManager.default.removeItem(atPath: folder.path("models/") + model)
            try FileManager.default.copyItem(atPath: TestModels.folder(model), toPath: folder.path("models/") + model)
        }
    }
}
