import Foundation
import Testing
import Transcript

@Suite struct ResultFileTests {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    private func content(_ name: String) throws -> String {
        try String(contentsOfFile: scratch.path(name), encoding: .utf8)
    }

    @Test func `a file appears with its commit and not before`() throws {
        let file = try ResultFile(path: scratch.path("a.srt"))
        try file.write("one ")
        try file.write("two")
        #expect(!FileManager.default.fileExists(atPath: scratch.path("a.srt")))
        try file.commit()
        #expect(try content("a.srt") == "one two")
        #expect(try scratch.names == ["a.srt"])
    }

    @Test func `a file that is given up leaves the old one and nothing else`() throws {
        try ResultFile.write("old", to: scratch.path("a.srt"))
        var file: ResultFile? = try ResultFile(path: scratch.path("a.srt"))
        try file?.write("new")
        file = nil
        #expect(try content("a.srt") == "old")
        #expect(try scratch.names == ["a.srt"])
    }

    @Test func `a file takes the place of the old one`() throws {
        try ResultFile.write("old and longer", to: scratch.path("a.srt"))
        try ResultFile.write("new", to: scratch.path("a.srt"))
        #expect(try content("a.srt") == "new")
    }

    @Test func `a name of the greatest length is written`() throws {
        let name = String(repeating: "a", count: 255)
        try ResultFile.write("a", to: scratch.path(name))
        #expect(try scratch.names == [name])
        #expect(throws: TranscriptError.notWritten(path: scratch.path(name + "a"), reason: "File name too long")) {
            try ResultFile.write("a", to: scratch.path(name + "a"))
        }
        #expect(try scratch.names == [name])
    }

    @Test func `a missing folder, a file for a folder and a folder for a file are told apart`() throws {
        try ResultFile.write("", to: scratch.path("file"))
        for path in [scratch.path("none/a.srt"), scratch.path("file/a.srt")] {
            #expect(throws: TranscriptError.folderMissing(path: path)) { try ResultFile.write("a", to: path) }
        }
        #expect(throws: TranscriptError.isDirectory(path: scratch.folder)) {
            try ResultFile.write("a", to: scratch.folder)
        }
        #expect(try scratch.names == ["file"])
    }

    @Test func `a folder that may not be written to is told`() async {
        await #expect(processExitsWith: .success) {
            let scratch = try Scratch()
            try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: scratch.folder)
            // Root writes everywhere.
            if geteuid() == 0 { #expect(seteuid(65_534) == 0) }
            #expect(throws: TranscriptError.notAllowed(path: scratch.path("a.srt"))) {
                try ResultFile.write("a", to: scratch.path("a.srt"))
            }
            if getuid() == 0 { #expect(seteuid(0) == 0) }
        }
    }

    @Test func `a file that grows past what the system allows leaves the old one and nothing else`() async {
        await #expect(processExitsWith: .success) {
            let scratch = try Scratch()
            let path = scratch.path("a.srt")
            try ResultFile.write("old", to: path)
            signal(SIGXFSZ, SIG_IGN)
            var limit = rlimit(rlim_cur: 4_096, rlim_max: 4_096)
            #expect(unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
            #expect(throws: TranscriptError.full(path: path)) {
                try ResultFile.write(String(repeating: "a", count: 4_097), to: path)
            }
            #expect(try scratch.names == ["a.srt"])
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
            try ResultFile.write(String(repeating: "a", count: 4_096), to: path)
        }
    }

    /// Only root may mount, and not in every container; the test above runs everywhere.
    static let canMount: Bool = {
        guard let scratch = try? Scratch(), mount(scratch.folder) else { return false }
        return unmount(scratch.folder)
    }()

    static func mount(_ folder: String) -> Bool {
        (try? run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]))?.status == 0
    }

    static func unmount(_ folder: String) -> Bool { (try? run(["umount", folder]))?.status == 0 }

    @Test(.enabled(if: canMount, "needs the right to mount a disk"))
    func `a full disk leaves the old file and nothing else`() throws {
        #expect(ResultFileTests.mount(scratch.folder))
        defer { #expect(ResultFileTests.unmount(scratch.folder)) }
        let path = scratch.path("a.srt")
        try ResultFile.write("old", to: path)
        #expect(throws: TranscriptError.full(path: path)) {
            try ResultFile.write(String(repeating: "a", count: 100_000), to: path)
        }
        #expect(try scratch.names == ["a.srt"])
        #expect(try content("a.srt") == "old")
    }
}
