import Foundation
import TestSupport
import Testing

/// Resident memory of the program with the model base and its defaults.
@Suite(.serialized) struct MemoryTests {
    /// What is promised.
    private static let residentBytesMax = 400_000_000

    /// Runs the program and returns the most memory it ever had resident, in bytes.
    private func peak(_ arguments: [String]) throws -> Int {
        let script = """
            import resource, subprocess, sys
            status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode
            print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
            sys.exit(status)
            """
        let command = try ["python3", "-c", script, ProgramRun.voicelinguaPath(), "transcribe"] + arguments
        let run = try ProgramRun("/usr/bin/env", command)
        #expect(run.status == 0, "\(run.errors)")
        return try #require(Int(run.output.trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    @Test func `one recording takes at most 400 MB`() throws {
        let bytes = try peak([Samples.twoCities()])
        print("resident with one recording: \(bytes / 1_000_000) MB")
        #expect(bytes <= MemoryTests.residentBytesMax)
    }

    @Test func `eight recordings at once take at most 400 MB, words or not`() throws {
        let paths = Array(repeating: try Samples.twoCities(), count: 8)
        for options in [[], ["--words"]] {
            let bytes = try peak(paths + options)
            print("resident with eight recordings \(options): \(bytes / 1_000_000) MB")
            #expect(bytes <= MemoryTests.residentBytesMax)
        }
    }

    /// Without voice activity every window sees the text before it, so pasts are as long as they get.
    @Test func `eight long recordings that are one stretch each take at most 400 MB`() throws {
        let folder = try TemporaryFolder()
        let long = folder.path("long.wav")
        let made = try ProgramRun(
            "/usr/bin/env", ["ffmpeg", "-nostdin", "-v", "error", "-stream_loop", "2", "-i", Samples.twoCities(), long])
        #expect(made.status == 0, "\(made.errors)")
        let bytes = try peak(Array(repeating: long, count: 8) + ["--no-vad", "--words"])
        print("resident with eight long recordings without voice activity: \(bytes / 1_000_000) MB")
        #expect(bytes <= MemoryTests.residentBytesMax)
    }
}
