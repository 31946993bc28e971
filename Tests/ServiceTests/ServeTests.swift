import Foundation
import Store
import TestSupport
import Testing
import Transcript

struct ServeTests {
    @Test func `a recording is handed in, waited for, and fetched as subtitles of its translation`() throws {
        let folder = try TemporaryFolder()
        let service = try Service(data: folder.path("data"))
        let id = try service.submit(
            Samples.twoCities(), "--to", "pt", "--language", "en", "--number", "7", "--wait")
        let subtitles = try service.run("result", id, "--format", "srt", "--language", "pt")
        #expect(subtitles.output.hasPrefix("1\n00:00:0"), "\(subtitles.errors)")
        #expect(try service.run("status", id).output.hasPrefix("completed"))
        let package = folder.path("package")
        #expect(try service.run("result", id, "--format", "package", "--output", package).status == 0)
        #expect(FileManager.default.fileExists(atPath: package))
        let (status, took) = service.stop()
        #expect(status == 0)
        #expect(took < .seconds(10))
    }

    @Test func `a text file is a text task, and translated`() throws {
        let folder = try TemporaryFolder()
        let text = try folder.write("The ship reached the harbour in the morning.\n", to: "ship.txt")
        let service = try Service(data: folder.path("data"))
        let submit = try service.run("submit", text, "--to", "pt", "--wait", "--json")
        #expect(submit.status == 0, "\(submit.errors)")
        #expect(submit.output.contains("\"completed\""))
    }

    @Test func `what is refused is said in one line`() throws {
        let folder = try TemporaryFolder()
        let noise = try folder.write(Data((0..<4_000).map { _ in UInt8(7) }), to: "noise.mp3")
        let service = try Service(data: folder.path("data"))
        let submit = try service.run("submit", noise)
        #expect(submit.status == 1)
        #expect(submit.errors.split(separator: "\n").count == 1, "\(submit.errors)")
        #expect(try service.run("status", "0190a5c1-0000-7000-8000-000000000000").status == 1)
    }

    @Test func `a folder that is handed in is told as one`() throws {
        let folder = try TemporaryFolder()
        let run = try ProgramRun.voicelingua("submit", folder.path, "--server", "http://127.0.0.1:1")
        #expect(run.status == 1)
        #expect(run.errors.contains("\(folder.path) is a folder"), "\(run.errors)")
    }

    @Test func `without a service the commands say how to start one`() throws {
        let run = try ProgramRun.voicelingua("status", "--server", "http://127.0.0.1:9")
        #expect(run.status == 1)
        #expect(run.errors.contains("voicelingua serve"))
    }

    @Test func `killed in the middle, it goes on by itself at the next start`() async throws {
        let folder = try TemporaryFolder()
        let data = folder.path("data")
        let service = try Service(data: data)
        let id = try service.submit(Samples.twoCities(), "--to", "pt", "--language", "en")
        try await waitUntil { try service.run("status", id).output.hasPrefix("transcribing") }
        _ = service.stop(SIGKILL)
        let again = try Service(data: data)
        try await waitUntil(seconds: 60) { try again.run("status", id).output.hasPrefix("completed") }
        #expect(again.stop().status == 0)
        let check = try ProgramRun.voicelingua("db", "check", "--data", data)
        #expect(check.output == "nothing is wrong\n", "\(check.errors)")
    }

    @Test func `on SIGTERM it gives its jobs back within ten seconds`() async throws {
        let folder = try TemporaryFolder()
        let data = folder.path("data")
        let service = try Service(data: data)
        let id = try service.submit(Samples.twoCities(), "--language", "en")
        try await waitUntil { try service.run("status", id).output.hasPrefix("transcribing") }
        let (status, took) = service.stop()
        #expect(status == 0)
        #expect(took < .seconds(10))
        let job = try await Storage(folder: data).queue.jobs(of: TaskID(rawValue: id)).first
        #expect(job?.state == .available)
        #expect(job?.attempt == 0)
    }

    @Test func `a second signal ends it at once`() throws {
        let folder = try TemporaryFolder()
        let service = try Service(data: folder.path("data"))
        _ = try service.submit(Samples.twoCities(), "--language", "en")
        service.program.send(SIGTERM)
        let (status, took) = service.stop(SIGINT)
        #expect(took < .seconds(2))
        #expect([0, 128 + SIGINT, 128 + SIGTERM].contains(status))
    }

    @Test func `a folder is served by one process at a time`() throws {
        let folder = try TemporaryFolder()
        let data = folder.path("data")
        let service = try Service(data: data)
        let second = try ProgramRun.voicelingua("serve", "--port", "0", "--data", data)
        #expect(second.status == 1)
        #expect(second.errors.contains("served by another process"))
        #expect(service.stop().status == 0)
    }

    @Test func `without keys it listens to nobody else`() throws {
        let folder = try TemporaryFolder()
        let data = folder.path("data")
        let run = try ProgramRun.voicelingua("serve", "--port", "0", "--data", data, "--host", "0.0.0.0")
        #expect(run.status == 1)
        #expect(run.errors.contains("keys create"))
        let key = try ProgramRun.voicelingua("keys", "create", "phone", "--data", data)
        #expect(key.output.hasPrefix("vl_"))
        let service = try Service(data: data, "--host", "0.0.0.0")
        #expect(service.stop().status == 0)
    }

    @Test func `words and file names are in no line of the log`() throws {
        let folder = try TemporaryFolder()
        let text = try folder.write("The xylophone waited under the magnolia.\n", to: "magnolia.txt")
        let service = try Service(data: folder.path("data"), "--log-level", "debug")
        _ = try service.submit(text, "--to", "pt", "--wait")
        #expect(service.stop().status == 0)
        for line in service.program.errors.split(separator: "\n") {
            #expect(!line.lowercased().contains("magnolia") && !line.contains("xylophone"))
            #expect((try? JSONSerialization.jsonObject(with: Data(line.utf8))) is [String: Any], "\(line)")
        }
    }
}
