import Foundation
import TestSupport
import Testing

/// `voicelingua transcribe` interrupted.
@Suite(.serialized) struct InterruptionTests {
    private let folder: TemporaryFolder
    private var out: String { folder.path("out") }

    init() throws {
        folder = try TemporaryFolder()
        // A shell's background jobs ignore it, and so would the programs that are started here.
        signal(SIGINT, SIG_DFL)
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func `a signal ends the program while it waits for audio, and nothing is left`(signal: Int32) throws {
        let pipe = folder.path("pipe.wav")
        #expect(unsafe mkfifo(pipe, 0o600) == 0)
        let program = try StartedProgram(
            ProgramRun.voicelinguaPath(), ["transcribe", pipe, "--output", out])
        // Opens once the program opens the other end.
        let writer = try FileHandle(forWritingTo: URL(fileURLWithPath: pipe))
        kill(program.process.processIdentifier, signal)
        #expect(program.wait().status == 128 + signal)
        #expect(try FileManager.default.contentsOfDirectory(atPath: out).isEmpty)
        try writer.close()
    }

    @Test func `a signal that comes while results are written leaves whole ones only`() throws {
        for number in 0..<12 {
            let clip = try Data(contentsOf: URL(fileURLWithPath: Samples.clips()[0].path))
            try folder.write(clip, to: "in/\(number).wav")
        }
        let program = try ProgramRun.voicelinguaPath()
        let call = ["transcribe", folder.path("in"), "--format", "json", "--model", "tiny.en", "--beam", "1"]
        let whole = try ProgramRun(program, call + ["--output", folder.path("whole")])
        #expect(whole.status == 0, "\(whole.errors)")
        // A shell that sends the signal at the first result: by then the next ones are being written.
        let run = try ProgramRun(
            "/bin/bash",
            [
                "-c",
                "coproc \"$0\" \"$@\"; id=$COPROC_PID; read -r line <&${COPROC[0]}; kill -INT $id; wait $id; echo $?",
                program,
            ] + call + ["--output", out])
        #expect(run.output == "\(128 + SIGINT)\n" || run.output == "0\n", "\(run.output) \(run.errors)")
        let names = try FileManager.default.contentsOfDirectory(atPath: out)
        #expect(!names.isEmpty)
        for name in names {
            let (left, right) = (out + "/" + name, folder.path("whole/") + name)
            #expect(FileManager.default.contentsEqual(atPath: left, andPath: right), "\(name)")
        }
    }
}
