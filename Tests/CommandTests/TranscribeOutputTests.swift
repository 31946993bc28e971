import Foundation
import TestSupport
import Testing
import Transcript

/// Where `voicelingua transcribe` leaves its results, whole or not at all.
@Suite(.serialized) struct TranscribeOutputTests {
    private let folder: TemporaryFolder
    private var out: String { folder.path("out/deep") }

    init() throws { folder = try TemporaryFolder() }

    private func transcribe(_ arguments: String..., input: Data = Data()) throws -> ProgramRun {
        try ProgramRun(
            ProgramRun.voicelinguaPath(), ["transcribe", "--beam", "1"] + arguments, input: input)
    }

    /// Files of the folder of the results, hidden ones too.
    private var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: out).sorted() }
    }

    private func content(_ name: String) throws -> String {
        try String(contentsOfFile: out + "/" + name, encoding: .utf8)
    }

    @Test func `a folder is made, and a line tells path, language, length and speed`() throws {
        let run = try transcribe(Samples.beckett(), "--format", "srt", "--output", out)
        #expect(run.status == 0, "\(run.errors)")
        #expect(run.errors.isEmpty)
        #expect(try names == ["beckett.srt"])
        let pattern =
            #/(.+)\ten \((\d+) %\), 10\.0 s of audio in (\d+\.\d\d) s, real-time factor (\d\.\d{3})\n/#
        let match = try #require(run.output.wholeMatch(of: pattern), "\(run.output)")
        #expect(match.1 == out + "/beckett.srt")
        let (took, factor) = try (#require(Double(match.3)), #require(Double(match.4)))
        #expect(abs(took / 9.96 - factor) < 0.002)
    }

    @Test(arguments: TranscriptFormat.allCases)
    func `a file holds what standard output would`(format: TranscriptFormat) throws {
        let clip = try Samples.beckett()
        let text = try transcribe(clip, "--format", format.rawValue).output
        #expect(try transcribe(clip, "--format", format.rawValue, "--output", out).status == 0)
        #expect(try names == ["beckett." + format.fileExtension])
        #expect(try content("beckett." + format.fileExtension) == text)
    }

    @Test func `recordings of one name do not overwrite each other`() throws {
        let (first, second) = try (Samples.beckett(), Samples.clips()[0].path)
        let paths = ["a/x.wav", "b/x.wav", "x-2.wav"].map { folder.path($0) }
        for (path, clip) in zip(paths, [first, second, first]) {
            try folder.write(
                Data(contentsOf: URL(fileURLWithPath: clip)), to: String(path.dropFirst(folder.path.count)))
        }
        let input = try Data(contentsOf: URL(fileURLWithPath: second))
        let run = try transcribe(paths[0], paths[1], paths[2], "-", "--output", out, input: input)
        let expected = ["x.txt", "x-2.txt", "x-2-2.txt", "stdin.txt"]
        #expect(
            run.output.split(separator: "\n").map { String($0.prefix { $0 != "\t" }) }
                == expected.map { out + "/" + $0 })
        #expect(try names == expected.sorted())
        #expect(try content("x.txt") == content("x-2-2.txt"))
        #expect(try content("x-2.txt") == content("stdin.txt"))
        #expect(try content("x.txt") != content("x-2.txt"))
    }

    @Test func `a file that fails leaves no result, and the others are there`() throws {
        let run = try transcribe(folder.write("x", to: "bad.wav"), Samples.beckett(), "--output", out)
        #expect(run.status == 1)
        #expect(try names == ["beckett.txt"])
        #expect(run.output.hasPrefix(out + "/beckett.txt\t"))
    }

    @Test func `an older result is replaced`() throws {
        try folder.write("old", to: "out/deep/beckett.txt")
        #expect(try transcribe(Samples.beckett(), "--output", out).status == 0)
        #expect(try content("beckett.txt").lowercased().contains("fail better"))
        #expect(try names == ["beckett.txt"])
    }

    @Test func `a folder that cannot be made is an error before anything is transcribed`() throws {
        let file = try folder.write("x", to: "file")
        for path in [file, file + "/deep", "/proc/none"] {
            let run = try transcribe(Samples.beckett(), "--output", path)
            #expect(run.status == 1)
            #expect(
                run.errors == "voicelingua: the folder \(path) cannot be made; choose one that nothing else stands in "
                    + "the way of\n")
        }
    }

    @Test func `a limit on file size stops the result that passes it and leaves nothing of it`() throws {
        let (short, long) = try (Samples.beckett(), Samples.twoCities())
        let run = try ProgramRun(
            "/usr/bin/prlimit",
            ["--fsize=4096", ProgramRun.voicelinguaPath(), "transcribe", long, short, "--output", out]
                + ["--format", "json", "--words", "--beam", "1"])
        #expect(run.status == 1)
        #expect(run.errors.contains("\(out)/two_cities.json cannot be written: no space is left"), "\(run.errors)")
        #expect(try names == ["beckett.json"])
    }

    /// Only root may mount, and not in every container; the test above runs everywhere.
    static let canMount: Bool = {
        guard let folder = try? TemporaryFolder(), mount(folder.path) else { return false }
        return unmount(folder.path)
    }()

    private static func mount(_ folder: String) -> Bool {
        (try? ProgramRun("/usr/bin/mount", ["-t", "tmpfs", "-o", "size=8k", "tmpfs", folder]))?.status == 0
    }

    private static func unmount(_ folder: String) -> Bool {
        (try? ProgramRun("/usr/bin/umount", [folder]))?.status == 0
    }

    @Test(.enabled(if: canMount, "needs the right to mount a disk"))
    func `a disk that fills up keeps the results that fit and nothing of the others`() throws {
        try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
        #expect(TranscribeOutputTests.mount(out))
        defer { #expect(TranscribeOutputTests.unmount(out)) }
        let run = try transcribe(
            Samples.twoCities(), Samples.beckett(), "--format", "json", "--words", "--output", out)
        #expect(run.status == 1)
        #expect(run.errors.contains("\(out)/two_cities.json cannot be written: no space is left"), "\(run.errors)")
        #expect(try names == ["beckett.json"])
        #expect(throws: Never.self) { try TranscriptDocument(json: content("beckett.json")) }
    }

    @Test func `standard output that takes nothing is an error`() throws {
        let run = try ProgramRun(
            "/bin/sh",
            ["-c", "exec \"$0\" transcribe \"$1\" > /dev/full", ProgramRun.voicelinguaPath(), Samples.beckett()])
        #expect(run.status == 1)
        #expect(
            run.errors == "voicelingua: standard output cannot be written (No space left on device); free space or "
                + "write somewhere else\n")
    }

    @Test func `a reader that goes away ends the program`() throws {
        let script = "env --default-signal=PIPE \"$0\" transcribe \"$1\" | true; echo ${PIPESTATUS[0]}"
        let run = try ProgramRun("/bin/bash", ["-c", script, ProgramRun.voicelinguaPath(), Samples.beckett()])
        #expect(run.output == "\(128 + SIGPIPE)\n", "\(run.errors)")
        #expect(run.errors.isEmpty)
    }
}
