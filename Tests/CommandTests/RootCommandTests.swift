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

    @Test(arguments: [
        "transcribe", "translate", "languages", "doctor", "models", "models list", "models pull", "models verify",
        "models path", "package", "package show", "package export", "serve", "submit", "status", "result", "cancel",
        "queue", "queue stats", "queue dead", "queue retry", "keys", "keys create", "keys list", "keys revoke", "db",
        "db migrate", "db check", "db backup",
    ])
    func `the help of a command has an example of it`(command: String) throws {
        let words = command.split(separator: " ").map(String.init)
        let run = try ProgramRun(ProgramRun.voicelinguaPath(), words + ["--help"])
        #expect(run.output.contains("Example: voicelingua \(command)"), "\(run.output)")
    }

    @Test func `an unknown command is a mistake of use`() throws {
        #expect(try ProgramRun.voicelingua("sing").status == 64)
    }
}
