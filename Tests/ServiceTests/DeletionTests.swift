import Foundation
import TestSupport
import Testing

struct DeletionTests {
    /// Files below a folder that have one of some words.
    private func files(below folder: String, with words: [String]) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder).filter { name in
            // What is gone by now has none.
            guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)) else { return false }
            return words.contains { bytes.range(of: Data($0.utf8)) != nil }
        }
    }

    /// Bytes in the caches of the workers' memory, as they last told.
    private func cachedBytes(_ service: Service) async throws -> Int {
        struct Status: Decodable {
            struct Cache: Decodable {
                let name: String
                let bytes: Int
                enum CodingKeys: String, CodingKey {
                    case name
                    case bytes = "size_bytes"
                }
            }
            let caches: [Cache]
        }
        let body = try await service.ask("/api/v1/translation/engine/status").body
        return try JSONDecoder().decode(Status.self, from: body).caches.reduce(0) { $0 + $1.bytes }
    }

    @Test func `when its tasks are deleted, no word of a recording is in a file or in memory`() async throws {
        let folder = try TemporaryFolder()
        let data = folder.path("data")
        let receiver = try CallbackReceiver()
        let clip = try #require(try Samples.clips().first { $0.path.hasSuffix("en/quick_brown_fox.wav") })
        let reference = try folder.write("The quick brown xylophone jumps over the lazy dog.", to: "reference.txt")
        // Of the reference and of what is heard.
        let words = ["xylophone", "brown fox"]
        let service = try Service(
            data: data, "--preload-models", "none", "--speech-model", "tiny.en", "--webhook-allow", "127.0.0.1")
        var ids: [String] = []
        for _ in 0..<2 {
            ids.append(
                try service.submit(
                    clip.path, "--language", "en", "--to", "en,pt", "--reference", reference, "--callback",
                    receiver.url, "--wait"))
        }
        try await told(receiver, ids, by: service)
        #expect(try !files(below: data, with: words).isEmpty)
        try await waitUntil { try await cachedBytes(service) > 0 }
        for id in ids {
            #expect(try await service.ask("/api/v1/tasks/\(id)", method: "DELETE").status == 204)
            #expect(try await service.ask("/api/v1/tasks/\(id)").status == 404)
        }
        try await waitUntil { try files(below: data, with: words).isEmpty }
        try await waitUntil { try await cachedBytes(service) == 0 }
        #expect(try FileManager.default.contentsOfDirectory(atPath: data + "/blobs/uploads").isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: data + "/blobs/packages").isEmpty)
        #expect(service.stop().status == 0)
        #expect(try files(below: data, with: words).isEmpty)
    }

    /// Callbacks tell what a look at their tasks does.
    private func told(_ receiver: CallbackReceiver, _ ids: [String], by service: Service) async throws {
        for _ in ids {
            let received = try receiver.next()
            var body = try #require(
                try JSONSerialization.jsonObject(with: Data(received.body.utf8)) as? [String: Any])
            #expect(body.removeValue(forKey: "event") as? String == "task.completed")
            let id = try #require(body["task_id"] as? String)
            #expect(ids.contains(id))
            let look = try await service.ask("/api/v1/tasks/\(id)").body
            let shown = try #require(try JSONSerialization.jsonObject(with: look) as? NSDictionary)
            #expect(shown.isEqual(to: body))
        }
    }
}
