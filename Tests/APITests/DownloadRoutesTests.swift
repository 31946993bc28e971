import API
import Foundation
import HTTPTypes
import HummingbirdTesting
import LanguagePackage
import Store
import Testing

struct DownloadRoutesTests {
    private func finished(_ house: House) async throws -> String {
        let form = TestForm().field("languages", "fr").field("reference_text", "Hello there. How are you?")
            .file("audio_file", "7.wav")
        let id = try #require(try await house.post("/api/v1/tasks/audio", form).json()["task_id"] as? String)
        try await TestWorker(storage: house.storage).work()
        return "/api/v1/tasks/\(id)/download"
    }

    @Test func `a task comes in every form`() async throws {
        let house = try await House()
        let uri = try await finished(house)
        let json = try await house.ask(.get, uri).json()
        #expect((json["translations"] as? [[String: Any]])?.count == 2)
        for (query, type, part) in [
            ("format=srt", "application/x-subrip", "00:00:00,000 --> "),
            ("format=vtt&language=fr", "text/vtt", "WEBVTT\n\n00:00:00.500 --> "),
            ("format=srt&language=fr", "application/x-subrip", "fr: Hello there."),
            ("format=tsv&language=fr", "text/tab-separated-values", "500\t2500\tfr: Hello there."),
            ("format=tsv&language=fr&source=TEXT", "text/tab-separated-values", "Hello there. How are you?\tfr: Hello"),
            ("format=text&language=fr", "text/plain", "fr: Hello there. How are you?\n"),
        ] {
            let response = try await house.ask(.get, uri + "?" + query)
            #expect(response.status == .ok && response.text.contains(part), "\(query): \(response.text)")
            #expect(response.headers[.contentType] == type + "; charset=utf-8")
        }
    }

    @Test func `a ZIP has every text in it`() async throws {
        let house = try await House()
        let response = try await house.ask(.get, try await finished(house) + "?format=zip")
        #expect(response.headers[.contentType] == "application/zip" && response.text.hasPrefix("PK"))
        for name in [
            "7.vlpk", "transcript.json", "transcript.srt", "reference.txt", "accuracy.json", "AUDIO/fr.srt",
            "TEXT/fr.tsv",
        ] {
            #expect(response.text.contains(name))
        }
    }

    @Test func `what there is not is told`() async throws {
        let house = try await House()
        let uri = try await finished(house)
        for (query, status) in [
            ("format=srt&language=ko", 404), ("format=srt&language=fr&source=TEXT", 400), ("format=doc", 400),
            ("language=xx", 400), ("source=VIDEO", 400),
        ] { #expect(try await house.ask(.get, uri + "?" + query).status.code == status, "\(query)") }
    }

    @Test func `a package comes whole, in part, and not again where it is known`() async throws {
        let house = try await House()
        let uri = try await finished(house) + "?format=package"
        let whole = try await house.ask(.get, uri)
        let bytes = Array(whole.body.readableBytesView)
        #expect(try PackageReader(bytes: bytes).contents().translations.count == 2)
        let tag = try #require(whole.headers[.eTag])
        #expect(whole.headers[.contentDisposition]?.hasSuffix(".vlpk\"") == true)
        #expect(try await house.ask(.get, uri, headers: [.ifNoneMatch: tag]).status == .notModified)
        for (range, part) in [
            ("bytes=2-5", 2..<6), ("bytes=-3", bytes.count - 3..<bytes.count), ("bytes=4-", 4..<bytes.count),
        ] {
            let response = try await house.ask(.get, uri, headers: [.range: range])
            #expect(response.status == .partialContent && Array(response.body.readableBytesView) == Array(bytes[part]))
            #expect(response.headers[.contentRange] == "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(bytes.count)")
        }
        let past = try await house.ask(.get, uri, headers: [.range: "bytes=\(bytes.count)-"])
        #expect(past.status == .rangeNotSatisfiable && past.headers[.contentRange] == "bytes */\(bytes.count)")
        for whole in ["bytes=0-1,3-4", "bytes=5-2"] {
            #expect(try await house.ask(.get, uri, headers: [.range: whole]).status == .ok)
        }
    }

    @Test func `a package whose file is gone is gone`() async throws {
        let house = try await House()
        let uri = try await finished(house)
        let package = try #require(try await house.storage.tasks.list(.init(), before: nil, limit: 1).first?.package)
        try FileManager.default.removeItem(atPath: house.storage.blobs.path(package.blob))
        let response = try await house.ask(.get, uri)
        #expect(try response.status == .gone && (try response.code()) == "package_gone")
    }

    @Test func `the demonstration takes the largest package of the newest`() async throws {
        let house = try await House()
        let large = try #require(try await finished(house).split(separator: "/").dropLast().last)
        for _ in 1..<20 { _ = try await house.submit("Hi.") }
        try await TestWorker(storage: house.storage).work()
        #expect(try await house.ask(.get, "/api/v1/encoding/demo").json()["task_id"] as? String == String(large))
        // One more, and it is not among the newest any longer.
        _ = try await house.submit("Hi.")
        try await TestWorker(storage: house.storage).work()
        #expect(try await house.ask(.get, "/api/v1/encoding/demo").json()["task_id"] as? String != String(large))
    }

    @Test func `the demonstration measures an example, then a task`() async throws {
        let house = try await House()
        let example = try await house.ask(.get, "/api/v1/encoding/demo").json()
        #expect(example["example"] as? String == "example")
        let sizes = try #require(example["sizes"] as? [String: Int])
        #expect(try #require(sizes["package_bytes"]) < (try #require(sizes["indented_json_bytes"])) / 2)
        _ = try await finished(house)
        #expect(try await house.ask(.get, "/api/v1/encoding/demo").json()["example"] as? String == "task")
    }
}
