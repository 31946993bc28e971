import API
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Store
import Testing

struct OpenAIRoutesTests {
    private func transcribe(
        _ form: TestForm, _ path: String = "transcriptions"
    ) async throws -> (response: TestResponse, house: House) {
        let house = try await House()
        try await house.employ()
        let worker = TestWorker(storage: house.storage).workOn()
        defer { worker.cancel() }
        return (try await house.post("/v1/audio/" + path, form), house)
    }

    private static let form = TestForm().file("file", "a.wav").field("model", "whisper-1")

    @Test(arguments: [
        ("json", "application/json", "\"text\":\"Hello there. How are you?\""),
        ("text", "text/plain", "Hello there. How are you?\n"), ("srt", "application/x-subrip", "1\n00:00:00,000 --> "),
        ("vtt", "text/vtt", "WEBVTT\n\n00:00:00.000 --> "),
        ("verbose_json", "application/json", "\"language\":\"english\""),
    ])
    func `every format is answered, and nothing stays`(format: String, type: String, part: String) async throws {
        let (response, house) = try await transcribe(OpenAIRoutesTests.form.field("response_format", format))
        #expect(response.status == .ok && response.text.contains(part), "\(response.text)")
        #expect(response.headers[.contentType]?.hasPrefix(type) == true)
        #expect(try await house.storage.tasks.list(.init(), before: nil, limit: 1).isEmpty)
        #expect(house.blobs("uploads").isEmpty && house.blobs("packages").isEmpty)
    }

    @Test func `words have times where they are asked for`() async throws {
        let form = OpenAIRoutesTests.form.field("response_format", "verbose_json")
        let both = try await transcribe(
            form.field("timestamp_granularities[]", "word").field("timestamp_granularities[]", "segment")
        ).response.json()
        #expect((both["words"] as? [[String: Any]])?.first?["word"] as? String == "Hello")
        #expect((both["segments"] as? [[String: Any]])?.count == 2)
        let words = try await transcribe(form.field("timestamp_granularities[]", "word")).response.json()
        #expect(words["segments"] == nil && words["words"] != nil)
        let plain = try await transcribe(form).response.json()
        #expect(plain["words"] == nil && plain["segments"] != nil && plain["task"] as? String == "transcribe")
        let refused = try await transcribe(OpenAIRoutesTests.form.field("timestamp_granularities[]", "word")).response
        #expect(refused.status == .badRequest && refused.text.contains("\"param\":\"timestamp_granularities\""))
    }

    @Test func `a stream tells the text in parts and then whole`() async throws {
        let response = try await transcribe(OpenAIRoutesTests.form.field("stream", "true")).response
        let events = response.text.components(separatedBy: "\n\n").filter { $0.hasPrefix("data: ") }
        #expect(events.count == 3)
        #expect(events[0].contains("\"delta\":\"Hello there.\"") && events[1].contains("\"delta\":\" How are you?\""))
        #expect(events[2].contains("transcript.text.done") && events[2].contains("Hello there. How are you?"))
    }

    @Test(arguments: [
        ("model", 400, TestForm().file("file", "a.wav")), ("file", 400, TestForm().field("model", "whisper-1")),
        ("model", 404, TestForm().file("file", "a.wav").field("model", "huge")),
        ("response_format", 400, form.field("response_format", "pdf")),
        ("temperature", 400, form.field("temperature", "1.1")), ("language", 400, form.field("language", "klingon")),
        ("include", 400, form.field("include[]", "logprobs")),
        ("chunking_strategy", 400, form.field("chunking_strategy", "never")),
    ])
    func `errors have their shape`(param: String, status: Int, form: TestForm) async throws {
        let response = try await transcribe(form).response
        let error = try #require(try response.json()["error"] as? [String: Any])
        #expect(response.status.code == status && error["param"] as? String == param, "\(response.text)")
        #expect(error["type"] as? String == "invalid_request_error" && error["message"] is String)
    }

    @Test func `what is no recording is refused`() async throws {
        let response = try await transcribe(
            TestForm().file("file", "a.wav", Array("hello".utf8)).field("model", "whisper-1")
        ).response
        #expect(response.status == .unsupportedMediaType)
    }

    @Test func `a call goes before others, into English where that is asked for`() async throws {
        let house = try await House()
        async let answer = house.post("/v1/audio/translations", OpenAIRoutesTests.form.field("prompt", "Ships."))
        var job: ClaimedJob?
        let deadline = ContinuousClock.now + .seconds(10)
        while job == nil, ContinuousClock.now < deadline {
            job = try await house.storage.queue.claim(.transcription, count: 1, owner: "w", leaseMs: 10_000).first
        }
        let task = try #require(job).task
        #expect(task.request.priority == 50 && task.request.languages.isEmpty)
        #expect(task.request.transcription.translatesToEnglish && task.request.transcription.prompt == "Ships.")
        try await house.storage.queue.fail(
            try #require(job).lease, code: "bad_audio", message: "It is noise.", retryAfterMs: nil)
        let response = try await answer
        #expect(response.status == .badRequest && response.text.contains("\"bad_audio\""))
    }

    @Test func `a caller who hangs up leaves no task behind`() async throws {
        let house = try await House()
        let body = OpenAIRoutesTests.form.body
        try await house.api.service().test(.live) { client in
            let port = try #require(client.port)
            let socket = try RawConnection(port: port)
            socket.send(
                "POST /v1/audio/transcriptions HTTP/1.1\r\nHost: localhost\r\nContent-Type: \(TestForm.contentType)\r\n"
                    + "Content-Length: \(body.readableBytes)\r\n\r\n")
            socket.send(Array(body.readableBytesView))
            try await eventually { try await !house.storage.tasks.list(.init(), before: nil, limit: 1).isEmpty }
            socket.close()
            try await eventually { try await house.storage.tasks.list(.init(), before: nil, limit: 1).isEmpty }
            #expect(house.blobs("uploads").isEmpty)
        }
    }

    @Test func `models are listed and looked up`() async throws {
        let house = try await House()
        try await house.employ()
        let list = try await house.ask(.get, "/v1/models").json()
        let ids = (list["data"] as? [[String: Any]])?.compactMap { $0["id"] as? String }
        #expect(ids?.contains("base") == true && ids?.contains("whisper-1") == true)
        #expect(try await house.ask(.get, "/v1/models/base").json()["object"] as? String == "model")
        #expect(try await house.ask(.get, "/v1/models/huge").status == .notFound)
    }
}
