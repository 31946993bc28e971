import API
import Foundation
import HTTPTypes
import HummingbirdTesting
import Store
import Testing
import Transcript

struct TaskRoutesTests {
    @Test func `a task is told from its acceptance to its end`() async throws {
        let house = try await House()
        let form = TestForm().field("languages", "fr,de").field("reference_text", "Hello there. How are you?")
            .field("accuracy_threshold", "0.75").file("audio_file", "7.wav")
        let accepted = try await house.post("/api/v1/tasks/audio", form).json()
        let uri = try #require((accepted["links"] as? [String: String])?["self"])
        for (path, code) in [
            ("/transcript", "not_finished"), ("/accuracy", "not_finished"), ("/download", "not_finished"),
        ] {
            let response = try await house.ask(.get, uri + path)
            #expect(try response.status == .conflict && (try response.code()) == code)
        }
        try await TestWorker(storage: house.storage).work()
        let task = try await house.ask(.get, uri).json()
        #expect(task["status"] as? String == "completed" && task["text_number"] as? String == "7")
        let progress = try #require(task["progress"] as? [String: Any])
        #expect(progress["packaging"] as? Double == 1)
        #expect((progress["translations"] as? [String: Int]) == ["done": 4, "total": 4])
        let accuracy = try #require(task["accuracy"] as? [String: Any])
        #expect(accuracy["accuracy"] as? Double == 0.8 && accuracy["passed"] as? Bool == true)
        let stages = try #require(task["stages"] as? [String: String])
        #expect(Set(stages.keys) == ["transcribing", "translating", "packaging"])
        for time in [task["created_at"] as? String, task["finished_at"] as? String] {
            #expect(time?.wholeMatch(of: #/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/#) != nil)
        }
        #expect(try await house.ask(.get, uri + "/transcript").json()["text"] as? String == "Hello there. How are you?")
        let report = try await house.ask(.get, uri + "/accuracy").json()
        #expect(report["word_error_rate"] as? Double == 0.2)
        #expect((report["words"] as? [String: Int])?["substitutions"] == 1)
    }

    @Test func `pages follow each other without a gap, newest first`() async throws {
        let house = try await House()
        var ids: [String] = []
        for number in 0..<7 { ids.append(try await house.submit("Text \(number).", "\"languages\": [\"fr\"]")) }
        var seen: [String] = []
        var uri: String? = "/api/v1/tasks?limit=3"
        while let next = uri {
            let page = try await house.ask(.get, next).json()
            let tasks = try #require(page["tasks"] as? [[String: Any]])
            seen += tasks.compactMap { $0["task_id"] as? String }
            uri = (page["next_cursor"] as? String).map { "/api/v1/tasks?limit=3&cursor=\($0)" }
        }
        #expect(seen == ids.reversed())
    }

    @Test func `a list is filtered`() async throws {
        let house = try await House()
        let one = try await house.submit("A.", "\"languages\": [\"fr\"], \"text_number\": \"1\"")
        _ = try await house.submit("B.", "\"languages\": [\"fr\"], \"text_number\": \"2\"")
        try await TestWorker(storage: house.storage).work()
        let two = try await house.submit("C.", "\"languages\": [\"fr\"], \"text_number\": \"2\"")
        for (query, ids) in [
            ("text_number=1", [one]), ("status=pending", [two]), ("task_type=audio", []),
            ("status=completed&text_number=1&task_type=text", [one]),
        ] {
            let tasks = try await house.ask(.get, "/api/v1/tasks?" + query).json()["tasks"] as? [[String: Any]]
            #expect(tasks?.compactMap { $0["task_id"] as? String } == ids, "\(query)")
        }
    }

    @Test(arguments: [
        "limit=0", "limit=201", "limit=x", "status=done", "task_type=video", "cursor=abc", "limit=1&limit=2",
    ])
    func `a parameter that means nothing is refused`(query: String) async throws {
        let house = try await House()
        let response = try await house.ask(.get, "/api/v1/tasks?" + query)
        #expect(try response.status == .badRequest && (try response.code()) == "parameter_invalid")
    }

    @Test func `the largest page is given`() async throws {
        let house = try await House()
        #expect(try await house.ask(.get, "/api/v1/tasks?limit=\(RequestLimits.pageMax)").status == .ok)
    }

    @Test func `what has not ended is cancelled, and then it leaves no trace`() async throws {
        let house = try await House()
        let form = TestForm().field("languages", "fr").file("audio_file", "7.wav")
        let id = try #require(try await house.post("/api/v1/tasks/audio", form).json()["task_id"] as? String)
        let cancelled = try await house.ask(.delete, "/api/v1/tasks/\(id)")
        #expect(try cancelled.status == .ok && (try cancelled.json()["status"] as? String) == "cancelled")
        #expect(try await house.ask(.get, "/api/v1/tasks/\(id)/download").code() == "no_result")
        #expect(try await house.ask(.delete, "/api/v1/tasks/\(id)").status == .noContent)
        #expect(try await house.ask(.get, "/api/v1/tasks/\(id)").code() == "task_not_found")
        #expect(house.blobs("uploads").isEmpty)
    }

    @Test func `every try of a callback is told`() async throws {
        let house = try await House()
        let id = try await house.submit()
        let uri = "/api/v1/tasks/\(id)/deliveries"
        #expect((try await house.ask(.get, uri).json()["deliveries"] as? [Any])?.isEmpty == true)
        let more = "\"languages\": [\"fr\"], \"callback_url\": \"https://example.org/\""
        let asking = try await house.submit("Hi.", more)
        for (task, link) in [(id, nil), (asking, "/api/v1/tasks/\(asking)/deliveries")] {
            let links = try await house.ask(.get, "/api/v1/tasks/\(task)").json()["links"] as? [String: String]
            #expect(links?["deliveries"] == link)
        }
        for (attempt, status, error) in [(1, nil, "unreachable"), (2, 204, nil)] as [(Int, Int?, String?)] {
            try await house.storage.webhooks.log(
                .init(
                    id: JobID(rawValue: "j"), task: TaskID(rawValue: id), attempt: attempt, statusCode: status,
                    error: error, atMs: Int64(attempt), durationMs: 5), url: "http://example.org/")
        }
        let tries = try #require(try await house.ask(.get, uri).json()["deliveries"] as? [[String: Any]])
        #expect(tries.map { $0["attempt"] as? Int } == [1, 2])
        #expect(tries[0]["status_code"] is NSNull && tries[0]["error"] as? String == "unreachable")
        #expect(tries[1]["status_code"] as? Int == 204 && tries[1]["error"] is NSNull)
    }

    @Test func `purge removes what has not ended`() async throws {
        let house = try await House()
        let id = try await house.submit()
        #expect(try await house.ask(.delete, "/api/v1/tasks/\(id)?purge=true").status == .noContent)
        #expect(try await house.ask(.get, "/api/v1/tasks/\(id)").status == .notFound)
    }

    @Test(arguments: ["x", "01910000-0000-7000-8000-000000000000", "%2e%2e", "a%00b"])
    func `a task that is not there is not found`(id: String) async throws {
        let house = try await House()
        for path in ["", "/events", "/download", "/transcript", "/accuracy", "/deliveries"] {
            #expect(try await house.ask(.get, "/api/v1/tasks/\(id)\(path)").code() == "task_not_found")
        }
        #expect(try await house.ask(.delete, "/api/v1/tasks/\(id)").code() == "task_not_found")
    }

    @Test func `a failed task tells why, and its job is offered again`() async throws {
        let house = try await House()
        let id = try await house.submit()
        let jobs = try await house.storage.queue.claim(.translation, count: 1, owner: "w", leaseMs: 1_000)
        try await house.storage.queue.fail(
            try #require(jobs.first).lease, code: "language_unsupported", message: "no model", retryAfterMs: nil)
        let task = try await house.ask(.get, "/api/v1/tasks/\(id)").json()
        #expect(task["status"] as? String == "failed")
        #expect((task["error"] as? [String: String]) == ["code": "language_unsupported", "message": "no model"])
        let queues = try await house.ask(.get, "/api/v1/queues").json()
        let dead = try #require((queues["dead_letters"] as? [[String: Any]])?.first)
        let job = try #require(dead["job_id"] as? String)
        let retried = try await house.ask(.post, "/api/v1/jobs/\(job)/retry")
        #expect(try retried.status == .ok && (try retried.json()["state"] as? String) == "available")
        #expect(try await house.ask(.post, "/api/v1/jobs/\(job)/retry").code() == "job_not_failed")
        #expect(try await house.ask(.post, "/api/v1/jobs/x/retry").code() == "job_not_found")
        try await TestWorker(storage: house.storage).work()
        #expect(try await house.ask(.get, "/api/v1/tasks/\(id)").json()["status"] as? String == "completed")
    }
}
