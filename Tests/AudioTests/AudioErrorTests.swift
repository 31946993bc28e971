import Audio
import Foundation
import Testing

@Suite struct AudioErrorTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    @Test func `a missing file, also below a file, is missing`() throws {
        let file = try scratch.write([1], "file")
        for path in [scratch.path("none.wav"), file + "/none.wav"] {
            #expect(failure(path) == .missing(file: path))
        }
    }

    @Test func `a folder is not a recording`() {
        #expect(failure(scratch.folder) == .isDirectory(file: scratch.folder))
    }

    @Test func `a device is not a recording`() {
        #expect(failure("/dev/zero") == .notAFile(file: "/dev/zero"))
    }

    @Test func `a file without permission is unreadable`() async {
        await #expect(processExitsWith: .success) {
            let scratch = try Scratch()
            let path = try scratch.write([1], "secret.wav")
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: scratch.folder)
            try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
            // Root reads everything.
            if geteuid() == 0 { #expect(seteuid(65_534) == 0) }
            #expect(failure(path) == .unreadable(file: path, reason: "Permission denied"))
            if getuid() == 0 { #expect(seteuid(0) == 0) }
        }
    }

    @Test func `an empty file is empty`() throws {
        let path = try scratch.write([], "empty.mp3")
        #expect(failure(path) == .empty(file: path))
    }

    @Test(arguments: ["a.mp3", "a.wav", "a.m4a", "a"])
    func `text holds no audio whatever its name`(name: String) throws {
        let path = try scratch.write("It was the best of times, it was the worst of times.\n".utf8, name)
        #expect(failure(path) == .noAudio(file: path))
    }

    @Test func `a film without sound holds no audio`() throws {
        let path = try scratch.make("a.mp4", "testsrc=d=1:s=64x64:r=5")
        #expect(failure(path) == .noAudio(file: path))
    }

    @Test func `audio of length zero is an error`() throws {
        let flac = try scratch.make("a.flac", "sine=d=1", ["-t", "0"])
        #expect(failure(flac) == .noSamples(file: flac))
        let wav = try scratch.make("a.wav", "sine=d=1:r=16000", ["-t", "0"])
        #expect(failure(wav) == .noSamples(file: wav))
    }

    @Test func `an MP4 that is cut before its index cannot be decoded`() throws {
        let path = try scratch.cut(scratch.make("a.m4a"), share: 0.5)
        #expect(failure(path) == .undecodable(file: path, reason: "moov atom not found"))
    }

    @Test(arguments: [
        ("a.mp3", []), ("a.m4a", ["-movflags", "+faststart"]), ("a.flac", []), ("a.wav", ["-ar", "8000"]),
    ])
    func `a cut file gives what is there and says so`(name: String, options: [String]) throws {
        let path = try scratch.cut(scratch.make(name, "anoisesrc=d=10:seed=1", options), share: 0.6)
        let reader = try AudioReader(path: path)
        let seconds = Double(try reader.rest().count) / 16_000
        #expect(5...7 ~= seconds)
        #expect(!reader.findings.isEmpty)
    }

    @Test func `a damaged file gives what is left and says so`() throws {
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: scratch.make("a.flac", "anoisesrc=d=10:seed=1"))))
        let middle = bytes.count / 2
        bytes.replaceSubrange(middle..<middle + 20_000, with: repeatElement(0x55, count: 20_000))
        let reader = try AudioReader(path: scratch.write(bytes, "b.flac"))
        #expect(try reader.rest().count > 8 * 16_000)
        #expect(reader.findings.contains { if case .damaged = $0 { true } else { false } })
    }

    @Test func `noise of bytes never passes for a recording`() throws {
        var random = Seeded(seed: 7)
        for number in 0..<5 {
            let path = try scratch.write(
                (0..<50_000).map { _ in UInt8.random(in: 0...255, using: &random) }, "\(number).mp3")
            #expect(failure(path) != nil)
        }
    }

    @Test func `without ffmpeg the error names its package and the set-up`() throws {
        let path = try scratch.make("a.flac")
        let error = failure(path, searchPath: scratch.folder)
        #expect(error == .toolMissing(tool: "ffprobe"))
        #expect(error?.description.contains("apt-get install ffmpeg") == true)
        #expect(error?.description.contains("make setup") == true)
    }

    @Test func `a program that cannot be started is an error`() throws {
        let path = try scratch.make("a.flac")
        let tools = try Tools(scratch, ffmpeg: "", ffprobe: "")
        let junk = scratch.path("tools/prlimit")
        #expect(
            FileManager.default.createFile(atPath: junk, contents: Data([1]), attributes: [.posixPermissions: 0o755]))
        guard case .toolNotStarted(tool: "ffprobe", _) = failure(path, searchPath: tools.searchPath) else {
            Issue.record("it started")
            return
        }
    }

    @Test func `a pipe that cannot be kept is an error`() async {
        await #expect(processExitsWith: .success) {
            let scratch = try Scratch()
            let path = try scratch.make("a.wav", "sine=d=2")
            unsafe setenv("TMPDIR", scratch.path("none"), 1)
            #expect(throws: AudioError.spoolFailed(folder: scratch.path("none"), reason: "No such file or directory")) {
                try StandardInput.pipe(from: path) { try AudioReader(standardInput: AudioLimits()) }
            }
        }
    }

    @Test func `a message is one line without control characters`() {
        let error = AudioError.missing(file: "a\n\u{1B}[31mb\u{202E}.wav")
        #expect(error.description == "a??[31mb?.wav does not exist; check the name")
    }

    @Test func `a finding tells seconds with one decimal and no words that could steer a terminal`() {
        let cut = AudioFinding.truncated(seconds: 3.14159, promisedSeconds: 60)
        #expect(cut.description == "cut off: 3.1 s of the 60.0 s its header promises")
        #expect(AudioFinding.damaged(reason: "a\u{1B}b").description == "damaged in places (a?b)")
    }
}
