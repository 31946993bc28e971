import Catalog
import Foundation
import TestSupport
import Testing

/// `voicelingua models`, run as a user runs it.
struct ModelsCommandTests {
    private let home: TemporaryFolder
    private var models: String { home.path("models") }

    init() throws { home = try TemporaryFolder() }

    private func run(_ arguments: String..., environment: [String: String] = [:]) throws -> ProgramRun {
        try ProgramRun(
            ProgramRun.voicelinguaPath(), arguments,
            environment: ProcessInfo.processInfo.environment.merging(["VOICELINGUA_MODELS": models]) { $1 }
                .merging(environment) { $1 })
    }

    @Test func `list shows every model of the catalog and which are installed`() throws {
        let run = try run("models", "list")
        #expect(run.status == 0)
        #expect(run.output.split(separator: "\n").count == ModelCatalog.current.models.count + 1)
        #expect(run.output.contains("large-v3-turbo     whisper         1621.7 MB  no         MIT"))
    }

    @Test func `list writes JSON when asked`() throws {
        struct Row: Decodable {
            let name: String
            let sizeBytes: Int
            let installed: Bool
        }
        let rows = try JSONDecoder().decode([Row].self, from: run("models", "list", "--json").outputData)
        #expect(rows.map(\.name) == ModelCatalog.current.models.map(\.name))
        #expect(rows.allSatisfy { !$0.installed })
    }

    @Test func `a pulled model has a path, verifies, and is mended after it was altered`() throws {
        let pull = try run("models", "pull", "silero-vad")
        #expect(pull.status == 0, "\(pull.errors)")
        #expect(pull.errors.isEmpty, "progress is for terminals")
        let path = try run("models", "path", "silero-vad").output.trimmingCharacters(in: .newlines)
        #expect(path == models + "/silero-vad")
        #expect(try run("models", "verify").status == 0)

        try Data("x".utf8).write(to: URL(fileURLWithPath: path + "/silero_vad_16k.safetensors"))
        let altered = try run("models", "verify", "silero-vad")
        #expect(altered.status == 1)
        #expect(altered.output.contains("silero_vad_16k.safetensors has sha256"))
        #expect(try run("models", "path", "silero-vad").status == 1)

        #expect(try run("models", "pull", "silero-vad").status == 0)
        #expect(try run("models", "verify", "silero-vad").output == "silero-vad\tunaltered\n")
    }

    @Test func `path without a name is the folder of all models`() throws {
        #expect(try run("models", "path").output == models + "\n")
    }

    @Test(arguments: [
        (["models", "pull", "huge"], Int32(1), "there is no model huge"),
        (["models", "path", "base"], 1, "`voicelingua models pull base`"),
        (["models", "verify", "base"], 1, "`voicelingua models pull base`"),
        (["models", "pull"], 64, "Missing expected argument"),
        (["models", "push"], 64, "push"),
    ])
    func `a mistake is one line with the right exit code`(arguments: [String], status: Int32, words: String) throws {
        let run = try ProgramRun(
            ProgramRun.voicelinguaPath(), arguments,
            environment: ProcessInfo.processInfo.environment.merging(["VOICELINGUA_MODELS": models]) { $1 })
        #expect(run.status == status)
        #expect(run.errors.contains(words), "\(run.errors)")
        #expect(status == 64 || run.errors.split(separator: "\n").count == 1, "\(run.errors)")
        #expect(run.output.isEmpty)
    }

    @Test func `a model comes from a mirror of the hub`() throws {
        let server = try HubServer(folder: TestModels.folder("tiny.en"), always: "good")
        let pull = try run("models", "pull", "tiny.en", environment: ["VOICELINGUA_HUB": server.address()])
        #expect(pull.status == 0, "\(pull.errors)")
        for _ in 1...4 { #expect(try server.nextAnswer() == "good 200 -") }
        #expect(try run("models", "verify", "tiny.en").status == 0)
    }

    @Test func `on a terminal a pull shows how far it is`() throws {
        let server = try HubServer(folder: TestModels.folder("tiny.en"), always: "good")
        // `script` runs a command on a terminal of its own.
        let pull = try ProgramRun(
            "/usr/bin/script", ["-qec", "\(ProgramRun.voicelinguaPath()) models pull tiny.en", "/dev/null"],
            environment: ProcessInfo.processInfo.environment.merging([
                "VOICELINGUA_MODELS": models, "VOICELINGUA_HUB": server.address(),
            ]) { $1 })
        #expect(pull.status == 0)
        #expect(pull.output.contains("model.bin: 50 % of 75.5 MB"))
    }

    @Test func `a failed pull does not keep the others from coming`() throws {
        let hub = ["VOICELINGUA_HUB": "http://127.0.0.1:1"]
        let run = try run("models", "pull", "tiny", "silero-vad", environment: hub)
        #expect(run.status == 1)
        #expect(run.errors.split(separator: "\n").count == 1)
        #expect(run.errors.contains("127.0.0.1 cannot be reached"), "\(run.errors)")
        #expect(run.output == "silero-vad\t\(models)/silero-vad\n")
    }

    @Test func `a mirror of another kind is refused`() throws {
        let run = try run("models", "pull", "tiny", environment: ["VOICELINGUA_HUB": "ftp://example.org"])
        #expect(run.status == 1)
        #expect(
            run.errors == "voicelingua: VOICELINGUA_HUB is neither http nor https; set it to an address such as "
                + "https://models.example.org\n")
    }

    @Test func `a pull that is killed half-way leaves nothing that looks like a model`() throws {
        let first = try #require(ModelCatalog.current.model("tiny").files.first)
        try home.write(Data(count: first.sizeBytes), to: first.name)
        let server = try HubServer(folder: home.path, always: "stalled")
        let pull = try StartedProgram(
            ProgramRun.voicelinguaPath(), ["models", "pull", "tiny"],
            environment: ProcessInfo.processInfo.environment.merging([
                "VOICELINGUA_MODELS": models, "VOICELINGUA_HUB": server.address(),
            ]) { $1 })
        #expect(try server.nextAnswer() == "stalled 200 -")
        kill(pull.process.processIdentifier, SIGKILL)
        #expect(pull.wait().status == 128 + SIGKILL)
        #expect(try run("models", "path", "tiny").status == 1)
        #expect(!FileManager.default.fileExists(atPath: models + "/tiny"))
        // The lock died with its holder: the next pull gets as far as the server.
        let again = try run("models", "pull", "tiny", environment: ["VOICELINGUA_HUB": "http://127.0.0.1:1"])
        #expect(again.errors.contains("cannot be reached"), "\(again.errors)")
    }
}
