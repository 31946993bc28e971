import API
import Foundation
import HummingbirdTesting
import TestSupport
import Testing

/// Programs of others, unchanged, against a server.
struct ForeignClientTests {
    private func run(_ script: String, _ arguments: [String] = []) async throws -> ProgramRun {
        let python = try PythonClients.python()
        let house = try await House()
        try await house.employ()
        let worker = TestWorker(storage: house.storage).workOn()
        defer { worker.cancel() }
        let recording = try house.folder.write(Data(quietWAV), to: "a.wav")
        let path = Shared.packageRoot.path + "/Tests/Clients/" + script
        return try await house.serve { client in
            let port = try #require(client.port)
            return try await withCheckedThrowingContinuation { continuation in
                // The program is waited for on a thread of its own: the server needs this one's.
                Thread.detachNewThread {
                    continuation.resume(
                        with: Result {
                            try ProgramRun(
                                python, [path, "http://127.0.0.1:\(port)", recording] + arguments,
                                environment: ProcessInfo.processInfo.environment.merging([
                                    "PYTHONDONTWRITEBYTECODE": "1"
                                ]) { $1 }, folder: house.folder.path)
                        })
                }
            }
        }
    }

    @Test func `OpenAI's client transcribes, translates, streams, lists and is told its errors`() async throws {
        let run = try await run("openai_client.py")
        #expect(run.status == 0 && run.output.hasSuffix("all well\n"), "\(run.output)\(run.errors)")
    }

    @Test func `DeepL's client translates`() async throws {
        let run = try await run("deepl_client.py")
        #expect(run.status == 0 && run.output.hasSuffix("all well\n"), "\(run.output)\(run.errors)")
    }

    @Test func `schemathesis finds no server error and no undeclared answer`() async throws {
        let run = try await run("schemathesis_run.py")
        #expect(run.status == 0 && run.output.hasSuffix("all well\n"), "\(run.output)\(run.errors)")
    }
}
