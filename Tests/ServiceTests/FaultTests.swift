import Catalog
import Foundation
import Store
import TestSupport
import Testing
import Transcript

/// The service where the world fails it, and goes on later.
struct FaultTests {
    private static func clip() throws -> String {
        try #require(try Samples.clips().first { $0.path.hasSuffix("en/counting.wav") }).path
    }

    @Test(.enabled(if: SmallDisk.isAllowed, "nobody but root may mount a disk, and no sandbox be in the way"))
    func `a full disk refuses recordings and holds packages up, until there is room`() async throws {
        let folder = try TemporaryFolder()
        let data = folder.path("data")
        // The database has room.
        let disk = try SmallDisk("data/blobs", in: folder)
        let text = try folder.write("The ship reached the harbour in the morning.\n", to: "ship.txt")
        let service = try Service(data: data, "--preload-models", "none", "--speech-model", "tiny.en")
        try disk.fill()

        let refused = try service.run("submit", FaultTests.clip(), "--language", "en")
        #expect(refused.status == 1)
        #expect(refused.errors.contains("disk is full"), "\(refused.errors)")
        for place in ["incoming/uploads", "uploads"] {
            #expect(try FileManager.default.contentsOfDirectory(atPath: data + "/blobs/" + place).isEmpty)
        }

        let id = try service.submit(text, "--language", "en", "--to", "pt")
        try await waitUntil { service.program.errors.contains(#""code":"not_written""#) }
        #expect(try service.run("status", id).output.hasPrefix("packaging"))
        try disk.makeRoom()
        try await waitUntil { try service.run("status", id).output.hasPrefix("completed") }
        let recording = try service.submit(FaultTests.clip(), "--language", "en", "--wait")
        #expect(try service.run("status", recording).output.hasPrefix("completed"))
        #expect(service.stop().status == 0)
        let check = try ProgramRun.voicelingua("db", "check", "--data", data)
        #expect(check.output == "nothing is wrong\n", "\(check.output)\(check.errors)")
    }

    @Test func `models that vanish are told of, and when they are back the work goes on`() async throws {
        let folder = try TemporaryFolder()
        let text = try folder.write("The ship reached the harbour in the morning.\n", to: "ship.txt")
        try FileManager.default.createDirectory(atPath: folder.path("models"), withIntermediateDirectories: false)
        for name in ["tiny.en", "silero-vad", "en-pt"] {
            try FileManager.default.createSymbolicLink(
                atPath: folder.path("models/\(name)"), withDestinationPath: TestModels.folder(name))
        }
        func move(_ name: String, to place: String) throws {
            try FileManager.default.moveItem(atPath: folder.path(name), toPath: folder.path(place))
        }
        let service = try Service(
            data: folder.path("data"), "--preload-models", "none", "--speech-model", "tiny.en", "--model-idle-seconds",
            "1", "--transcription-cache-seconds", "0", "--translation-cache-seconds", "0",
            environment: ["VOICELINGUA_MODELS": folder.path("models")])
        func unloaded() -> Int { service.program.errors.components(separatedBy: "model unloaded").count - 1 }
        func hasEnded(_ id: String, _ status: String) throws -> Bool {
            try service.run("status", id).output.hasPrefix(status)
        }

        let first = try service.submit(FaultTests.clip(), "--language", "en", "--to", "pt", "--wait")
        #expect(try hasEnded(first, "completed"))
        try await waitUntil { unloaded() == 2 }
        try move("models/tiny.en", to: "tiny.en")
        let held = try service.submit(FaultTests.clip(), "--language", "en")
        try await waitUntil { service.program.errors.contains(#""code":"model_missing""#) }
        try move("tiny.en", to: "models/tiny.en")
        try await waitUntil { try hasEnded(held, "completed") }

        try move("models/en-pt", to: "en-pt")
        // The door learns of it from the workers; until then it lets in what fails.
        var failing: [String] = []
        try await waitUntil {
            let run = try service.run("submit", text, "--language", "en", "--to", "pt")
            if run.status == 0 { failing += run.output.split(separator: "\t").dropFirst().prefix(1).map(String.init) }
            return run.status == 1 && run.errors.contains("voicelingua models pull en-pt")
        }
        for id in failing { try await waitUntil { try hasEnded(id, "failed") } }
        try move("en-pt", to: "models/en-pt")
        try await waitUntil { try service.run("submit", text, "--language", "en", "--to", "pt", "--wait").status == 0 }
        #expect(service.stop().status == 0)
    }

    @Test func `a task whose workers died too often is counted as failed at the next start`() async throws {
        let folder = try TemporaryFolder()
        let data = folder.path("data")
        let storage = try await Storage(folder: data)
        var request = TaskRequest(kind: .text, languages: [.portuguese])
        request.text = "The ship reached the harbour."
        _ = try await storage.tasks.create(request)
        for death in 1...JobQueue.deathsMax {
            #expect(try await storage.queue.claim(.translation, count: 1, owner: "dying", leaseMs: 60_000).count == 1)
            if death < JobQueue.deathsMax { _ = try await storage.queue.reapAll() }
        }
        let service = try Service(data: data, "--preload-models", "none")
        let metrics = String(decoding: try await service.ask("/metrics").body, as: UTF8.self)
        #expect(metrics.contains(#"voicelingua_tasks_total{status="failed",task_type="text"} 1"#), "\(metrics)")
        #expect(service.stop().status == 0)
    }
}
