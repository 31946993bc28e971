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

    @Test func `a catalog of one's own takes the place of the built-in one`() throws {
        let catalog = home.path("catalog.json")
        let entry = """
            {"name": "ours", "kind": "voice-activity", "licence": "MIT",
             "files": [{"name": "weights", "sizeBytes": 7, "sha256": "\(String(repeating: "a", count: 64))"}],
             "sources": [{"kind": "hub", "repository": "somebody/ours", "revision": "main"}]}
            """
        try Data("{\"models\": [\(entry)]}".utf8).write(to: URL(fileURLWithPath: catalog))
        let listed = try run("models", "list", environment: ["VOICELINGUA_CATALOG": catalog])
        #expect(listed.output.split(separator: "\n").count == 2, "\(listed.errors)")
        #expect(listed.output.contains("ours"))

        let missing = try run("models", "list", environment: ["VOICELINGUA_CATALOG": home.path("none.json")])
        #expect(missing.status == 1)
        #expect(missing.errors.contains("which VOICELINGUA_CATALOG names, cannot be read"))
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

    @Test func `list keeps kinds together, with the directions of translation among them`() throws {
        let kinds = try run("models", "list").output.split(separator: "\n").dropFirst().map { line in
            String(line.split(separator: " ")[1])
        }
        #expect(
            kinds
                == kinds.sorted { first, second in
                    let order = ["whisper", "voice-activity", "marian", "sample"]
                    return order.firstIndex(of: first) ?? 9 < order.firstIndex(of: second) ?? 9
                })
        #expect(kinds.filter { $0 == "marian" }.count == 20)
    }

    @Test func `the models of a language are pulled, verified and located like any other`() throws {
        let pull = try run("models", "pull", "--languages", "pt")
        #expect(pull.status == 0, "\(pull.errors)")
        #expect(pull.output == "en-pt\t\(models)/en-pt\npt-en\t\(models)/pt-en\n")
        #expect(try run("models", "verify").output == "en-pt\tunaltered\npt-en\tunaltered\n")
        #expect(try run("models", "path", "pt-en").output == models + "/pt-en\n")
    }

    @Test func `a translation model is asked of the mirror that the setting names`() throws {
        let mirror = ["VOICELINGUA_MT_BUCKET": "http://127.0.0.1:1/mirror"]
        let pull = try run("models", "pull", "--languages", "zh-tw", environment: mirror)
        #expect(pull.status == 1)
        let lines = pull.errors.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.allSatisfy { $0.contains("127.0.0.1 cannot be reached") }, "\(pull.errors)")
        let refused = try run("models", "pull", "en-fr", environment: ["VOICELINGUA_MT_BUCKET": "ftp://example.org"])
        #expect(refused.errors.hasPrefix("voicelingua: VOICELINGUA_MT_BUCKET is neither http nor https"))
    }

    @Test func `path without a name is the folder of all models`() throws {
        #expect(try run("models", "path").output == models + "\n")
    }

    @Test(arguments: [
        (["models", "pull", "huge"], Int32(1), "there is no model huge"),
        (["models", "path", "base"], 1, "`voicelingua models pull base`"),
        (["models", "verify", "base"], 1, "`voicelingua models pull base`"),
        (["models", "pull"], 64, "Missing expected argument"),
        (["models", "pull", "--languages", "fr,klingon"], 64, "zh-tw"),
        (["models", "pull", "--languages", ""], 64, "zh-tw"),
        (["models", "pull", "--languages", "en"], 64, "zh-tw"),
        (["models", "path", "en-fr"], 1, "`voicelingua models pull en-fr`"),
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

    /// Runs the program where the one certificate the system trusts is that of the test: in a view of the file system
    /// that this run alone has.
    private func runTrusting(
        _ certificate: TestCertificate, _ arguments: [String], environment: [String: String]
    ) throws -> ProgramRun {
        let trust = #"mount --bind "$1" /etc/ssl/certs/ca-certificates.crt && shift && exec "$@""#
        return try ProgramRun(
            "/usr/bin/env",
            ["unshare", "--map-root-user", "--mount", "sh", "-c", trust, "sh", certificate.path]
                + [ProgramRun.voicelinguaPath()] + arguments,
            environment: ProcessInfo.processInfo.environment.merging(["VOICELINGUA_MODELS": models]) { $1 }
                .merging(environment) { $1 })
    }

    @Test func `a model comes by https from a mirror whose certificate is trusted`() throws {
        let certificate = try TestCertificate(in: home)
        let server = try HubServer(
            folder: TestModels.folder("tiny.en"), always: "good", certificate: certificate.pairPath)
        let pull = try runTrusting(
            certificate, ["models", "pull", "tiny.en"],
            environment: ["VOICELINGUA_HUB": server.address(scheme: "https")])
        #expect(pull.status == 0, "\(pull.errors)")
        for _ in 1...4 { #expect(try server.nextAnswer() == "good 200 -") }
        #expect(try run("models", "verify", "tiny.en").status == 0)
    }

    @Test func `a redirect from https to http is refused`() throws {
        let certificate = try TestCertificate(in: home)
        let server = try HubServer(folder: home.path, always: "elsewhere", certificate: certificate.pairPath)
        let pull = try runTrusting(
            certificate, ["models", "pull", "tiny"], environment: ["VOICELINGUA_HUB": server.address(scheme: "https")])
        #expect(pull.status == 1)
        #expect(
            pull.errors.contains("is redirected to http://localhost, which is not followed; only https is"),
            "\(pull.errors)")
    }

    @Test func `the index of a bucket is read by https`() throws {
        let certificate = try TestCertificate(in: home)
        try home.write(#"{"models": {"en-fr": []}}"#, to: "models.json")
        let server = try HubServer(folder: home.path, certificate: certificate.pairPath)
        let pull = try runTrusting(
            certificate, ["models", "pull", "en-zh-tw"],
            environment: ["VOICELINGUA_MT_BUCKET": server.address(scheme: "https") + "/bucket/good"])
        #expect(pull.status == 1)
        #expect(pull.errors.contains("has no en-zh_hant of this catalog"), "\(pull.errors)")
        #expect(try server.nextAnswer() == "good 200 -")
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
        try home.write(Data(count: first.downloadBytes), to: first.name)
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
