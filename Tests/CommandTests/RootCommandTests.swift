import TestSupport
import Testing

struct RootCommandTests {
    @Test func `the version is one line`() throws {
        let run = try ProgramRun.voicelingua("--version")
        #expect(run.status == 0)
        #expect(run.output == "0.1.0\n")
    }

    @Test func `help lists the commands`() throws {
        let run = try ProgramRun.voicelingua("--help")
        #expect(run.status == 0)
        for command in ["transcribe", "models", "languages", "doctor"] {
            #expect(run.output.contains("  \(command) "), "\(command)")
        }
    }

    @Test func `an unknown command is a mistake of use`() throws {
        #expect(try ProgramRun.voicelingua("sing").status == 64)
    }
}
