import API
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Store
import Testing
import Transcript

struct SubmitTests {
    @Test func `a recording becomes a task with its upload, number, reference and trace`() async throws {
        let house = try await House()
        let form = TestForm().field("languages", "fr, DE").field("reference_text", "Hello there.")
            .field("priority", "7").field("accuracy_threshold", "0.9").file("audio_file", "audio_test_001.wav")
            .field("callback_url", "HTTPS://example.org/hook")
        let trace: HTTPFields = [
            HTTPField.Name("traceparent")!: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
        ]
        let response = try await house.post("/api/v1/tasks/audio", form, headers: trace)
        #expect(response.status == .accepted)
        let json = try response.json()
        let id = try #require(json["task_id"] as? String)
        #expect(json["status"] as? String == "pending")
        #expect(json["languages"] as? [String] == ["fr", "de"])
        #expect(json["estimate_seconds"] is NSNull)
        let links = try #require(json["links"] as? [String: String])
        #expect(links["self"] == "/api/v1/tasks/\(id)" && links["accuracy"] == "/api/v1/tasks/\(id)/accuracy")
        #expect(response.headers[.location] == links["self"])

        let task = try #require(try await house.storage.tasks.task(TaskID(rawValue: id)))
        #expect(task.request.textNumber == "001" && task.request.priority == 7)
        #expect(try await house.text(of: task.id) == "Hello there." && task.request.accuracyThreshold == 0.9)
        #expect(task.request.callbackURL == "https://example.org/hook")
        #expect(task.request.traceID == "0af7651916cd43dd8448eb211c80319c")
        let upload = try #require(task.request.upload)
        let stored = try Data(contentsOf: URL(fileURLWithPath: house.storage.blobs.path(upload.blob)))
        #expect(Array(stored) == quietWAV && upload.sizeBytes == quietWAV.count)
    }

    @Test func `a recording for the default model and one for none by name are the same work`() async throws {
        let house = try await House()
        try await house.employ()
        for form in [SubmitTests.audio, SubmitTests.audio.field("model", "base")] {
            #expect(try await house.post("/api/v1/tasks/audio", form).status == .accepted)
        }
        let jobs = try await house.storage.queue.claim(.transcription, count: 2, owner: "w", leaseMs: 60_000)
        #expect(jobs.map(\.task.request.transcription.model) == ["base"])
    }

    @Test func `a text gets the languages that are reached from its own where it names none`() async throws {
        let house = try await House()
        try await house.employ([.english: [.french], .portuguese: [.english, .french]])
        let json = #"{"text_content": "O navio chegou ao porto de manhã, e ninguém a bordo tinha dormido."}"#
        let response = try await house.ask(.post, "/api/v1/tasks/text", json: json)
        #expect(Set(try response.json()["languages"] as? [String] ?? []) == ["en", "fr", "pt"], "\(response.text)")
    }

    private static let audio = TestForm().file("audio_file", "a.wav")

    @Test(arguments: [
        ("not_audio", 415, TestForm().file("audio_file", "a.wav", Array("%PDF-1.7 and so on".utf8))),
        ("field_missing", 422, TestForm().field("languages", "fr")),
        ("language_unknown", 422, audio.field("languages", "fr,xx")),
        ("language_unknown", 422, audio.field("source_language", "qq")),
        ("field_invalid", 422, audio.field("priority", "101")),
        ("field_invalid", 422, audio.field("callback_url", "ftp://example.org")),
        ("field_invalid", 422, audio.field("callback_url", "https://münchen.example/")),
        ("field_invalid", 422, audio.field("accuracy_threshold", "0.5")),
        ("field_invalid", 422, audio.field("text_number", "a/b")),
        ("field_invalid", 422, audio.file("audio_file", "b")),
        ("field_invalid", 422, audio.file("other", "b")),
        ("field_invalid", 422, audio.field("prompt", String(repeating: "a", count: 5_000))),
        ("field_invalid", 422, audio.field("model", String(repeating: "a", count: 17_000))),
        ("empty_file", 422, TestForm().file("audio_file", "a.wav", [])),
        ("reference_empty", 422, audio.field("reference_text", " …!?\n「」 ")),
        ("bad_multipart", 400, audio.field("", "fr")),
        ("language_unsupported", 422, audio.field("languages", "ko").field("source_language", "en")),
        ("model_not_found", 404, audio.field("languages", "fr").field("model", "huge")),
    ])
    func `what is wrong is told, and nothing of it is kept`(code: String, status: Int, form: TestForm) async throws {
        let house = try await House()
        try await house.employ()
        let response = try await house.post("/api/v1/tasks/audio", form)
        #expect(try response.status.code == status && (try response.code()) == code, "\(response.text)")
        #expect(response.headers[.contentType] == "application/problem+json")
        #expect(house.blobs("uploads").isEmpty)
        #expect(try await house.storage.tasks.list(.init(), before: nil, limit: 10).isEmpty)
    }

    @Test(arguments: [("/api/v1/tasks/audio", "audio_file"), ("/v1/audio/transcriptions", "file")])
    func `what is wrong with a file names its field`(route: String, field: String) async throws {
        let house = try await House()
        for content in [[], Array("%PDF-1.7 and so on".utf8)] as [[UInt8]] {
            let response = try await house.post(route, TestForm().field("model", "base").file(field, "a.wav", content))
            let error = try response.json()
            let named = error["field"] ?? (error["error"] as? [String: Any])?["param"]
            #expect(named as? String == field, "\(response.text)")
            #expect(response.text.contains("\"\(field) is "))
        }
    }

    @Test(arguments: ["5", "①", "™", "い"])
    func `a reference of one letter, number or sign that stands for one is compared`(reference: String) async throws {
        let form = SubmitTests.audio.field("languages", "fr").field("reference_text", reference)
        #expect(try await House().post("/api/v1/tasks/audio", form).status == .accepted)
    }

    @Test(arguments: [
        ("7", "7"), ("0", "0"), ("12.0", "12"), ("9007199254740991", "9007199254740991"), ("\"007\"", "007"),
    ])
    func `a text number in JSON may be a number`(written: String, number: String) async throws {
        let house = try await House()
        _ = try await house.submit("Hi.", "\"languages\": [\"fr\"], \"text_number\": \(written)")
        let task = try #require(try await house.storage.tasks.list(.init(), before: nil, limit: 1).first)
        #expect(task.request.textNumber == number)
    }

    @Test func `a body that is not there in time is given up`() async throws {
        let house = try await House {
            $0.bodySecondsMax = 0
            $0.formSecondsMax = 0
        }
        let form = try await house.post("/api/v1/tasks/audio", SubmitTests.audio)
        let text = try await house.ask(.post, "/api/v1/tasks/text", json: "{\"text_content\": \"Hi.\"}")
        for response in [form, text] {
            #expect(try response.status == .requestTimeout && (try response.code()) == "body_slow")
        }
        #expect(house.blobs("uploads").isEmpty)
    }

    @Test func `a form that breaks off leaves nothing behind`() async throws {
        let house = try await House()
        let whole = SubmitTests.audio.body
        let response = try await house.ask { client in
            try await client.execute(
                uri: "/api/v1/tasks/audio", method: .post, headers: [.contentType: TestForm.contentType],
                body: whole.getSlice(at: 0, length: whole.readableBytes - 60))
        }
        #expect(try response.code() == "bad_multipart")
        #expect(house.blobs("uploads").isEmpty)
    }

    @Test func `a target out of reach names the command that installs it`() async throws {
        let house = try await House()
        try await house.employ()
        let response = try await house.ask(
            .post, "/api/v1/tasks/text",
            json: "{\"text_content\": \"Hi.\", \"languages\": [\"ko\"], \"source_language\": \"fr\"}")
        #expect(try response.code() == "language_unsupported")
        #expect(response.text.contains("voicelingua models pull fr-en en-ko"))
        // Without languages, those that can be reached.
        let all = try await house.ask(
            .post, "/api/v1/tasks/text", json: "{\"text_content\": \"Hi.\", \"source_language\": \"en\"}")
        #expect(try all.json()["languages"] as? [String] == ["en", "fr", "de"])
    }

    @Test func `an upload of the limit is taken, and one byte more is not`() async throws {
        let house = try await House { $0.uploadBytesMax = quietWAV.count + 1_000 }
        for (extra, status) in [(1_000, HTTPResponse.Status.accepted), (1_001, .contentTooLarge)] {
            let file = quietWAV + [UInt8](repeating: 1, count: extra)
            let form = TestForm().field("languages", "fr").file("audio_file", "a.wav", file)
            #expect(try await house.post("/api/v1/tasks/audio", form).status == status)
        }
        #expect(house.blobs("uploads").count == 1)
    }

    @Test func `a text of the limit is taken, and one byte more is not`() async throws {
        let house = try await House { $0.textBytesMax = 1_000 }
        for (count, status) in [(1_000, HTTPResponse.Status.accepted), (1_001, .contentTooLarge)] {
            let form = TestForm().field("languages", "fr")
                .file("text_file", "1.txt", Array(String(repeating: "a", count: count).utf8))
            #expect(try await house.post("/api/v1/tasks/text/upload", form).status == status)
        }
    }

    @Test func `a form has so many fields and no more`() async throws {
        let house = try await House()
        var form = SubmitTests.audio.field("languages", "fr")
        for number in 1..<RequestLimits.fieldCountMax { form = form.field("x\(number)", "1") }
        #expect(try await house.post("/api/v1/tasks/audio", form).status == .accepted)
        #expect(try await house.post("/api/v1/tasks/audio", form.field("y", "1")).code() == "field_invalid")
    }

    @Test func `languages come as a list, with commas, or as fields of one name`() async throws {
        let house = try await House()
        let forms = [
            TestForm().field("languages", "[\"fr\", \"ja\"]"), TestForm().field("languages", "fr,ja"),
            TestForm().field("languages", "fr").field("languages", "ja"),
            TestForm().field("languages[]", "fr").field("languages[]", "ja"),
        ]
        for form in forms {
            let response = try await house.post(
                "/api/v1/tasks/text/upload", form.file("text_file", "9.txt", Array("Hello.".utf8)))
            #expect(try response.json()["languages"] as? [String] == ["fr", "ja"], "\(response.text)")
        }
    }

    @Test(
        arguments: [
            Array("春天来了，花都开了。".utf8),
            [
                0xb4, 0xba, 0xcc, 0xec, 0xc0, 0xb4, 0xc1, 0xcb, 0xa3, 0xac, 0xbb, 0xa8, 0xb6, 0xbc, 0xbf, 0xaa, 0xc1,
                0xcb,
                0xa1, 0xa3,
            ],
        ] as [[UInt8]])
    func `a text file is read in its own encoding`(bytes: [UInt8]) async throws {
        let house = try await House()
        let form = TestForm().field("languages", "en").field("source_language", "zh")
            .file("text_file", "sample_123.txt", bytes)
        #expect(try await house.post("/api/v1/tasks/text/upload", form).status == .accepted)
        let task = try #require(try await house.storage.tasks.list(.init(), before: nil, limit: 1).first)
        #expect(try await house.text(of: task.id) == "春天来了，花都开了。" && task.request.textNumber == "123")
    }

    @Test func `the same request with the same key is one task`() async throws {
        let house = try await House()
        let key: HTTPFields = [HTTPField.Name("Idempotency-Key")!: "k1"]
        let form = SubmitTests.audio.field("languages", "fr")
        var ids: Set<String> = []
        for replay in [false, true] {
            let response = try await house.post("/api/v1/tasks/audio", form, headers: key)
            #expect(response.status == .accepted)
            #expect((response.headers[HTTPField.Name("Idempotent-Replayed")!] == "true") == replay)
            ids.insert(try #require(try response.json()["task_id"] as? String))
        }
        #expect(ids.count == 1)
        let other = SubmitTests.audio.field("languages", "de")
        let response = try await house.post("/api/v1/tasks/audio", other, headers: key)
        #expect(try response.status == .unprocessableContent && (try response.code()) == "idempotency_key_reused")
        #expect(house.blobs("uploads").count == 1)
    }

    @Test(arguments: [
        ("{", "bad_json"), ("[]", "bad_json"), ("{\"text_content\": 5}", "field_invalid"), ("{}", "field_missing"),
        ("{\"text_content\": \" \\n\"}", "empty_file"),
        ("{\"text_content\": \"a\", \"languages\": [1]}", "field_invalid"),
        ("{\"text_content\": \"a\", \"languages\": []}", "field_invalid"),
        ("{\"text_content\": \"a\", \"priority\": 1.5}", "field_invalid"),
        ("{\"text_content\": \"a\", \"text_number\": -1}", "field_invalid"),
        ("{\"text_content\": \"a\", \"text_number\": 1.5}", "field_invalid"),
        ("{\"text_content\": \"a\", \"text_number\": 9007199254740992}", "field_invalid"),
        ("{\"text_content\": \"a\", \"text_number\": true}", "field_invalid"),
    ])
    func `a wrong body of a text task is told`(body: String, code: String) async throws {
        let house = try await House()
        #expect(try await house.ask(.post, "/api/v1/tasks/text", json: body).code() == code)
    }

    @Test func `a text is judged by the language it is in, a recording of unknown language by what any gets into`()
        async throws
    {
        let house = try await House()
        try await house.employ([.english: [.german], .chinese: [.traditionalChinese]])
        func status(_ text: String, _ language: String) async throws -> Int {
            try await house.ask(
                .post, "/api/v1/tasks/text", json: "{\"text_content\": \"\(text)\", \"languages\": [\"\(language)\"]}"
            ).status.code
        }
        #expect(try await status("你好，世界。今天天气很好。", "zh-tw") == 202)
        #expect(try await status("你好，世界。今天天气很好。", "de") == 422)
        #expect(try await status("Bonjour le monde, comment allez-vous ?", "de") == 422)
        #expect(try await status("Good morning, everybody is here now.", "de") == 202)
        for (language, code) in [("zh-tw", 202), ("de", 202), ("en", 202), ("ko", 422)] {
            let form = SubmitTests.audio.field("languages", language)
            #expect(try await house.post("/api/v1/tasks/audio", form).status.code == code, "\(language)")
        }
    }
}
