import API
import HTTPTypes
import HummingbirdTesting
import Testing

struct EventRoutesTests {
    @Test func `events tell a task's life and end with it`() async throws {
        let house = try await House()
        let id = try await house.submit()
        let worker = TestWorker(storage: house.storage)
        async let stream = house.ask(.get, "/api/v1/tasks/\(id)/events")
        try await worker.work()
        let response = try await stream
        #expect(response.headers[.contentType] == "text/event-stream; charset=utf-8")
        let blocks = response.text.components(separatedBy: "\n\n").filter { !$0.isEmpty }
        #expect(blocks.first == "retry: 2000")
        #expect(blocks.last?.contains("completed") == true)
        let ids = blocks.dropFirst().compactMap { block in
            block.split(separator: "\n").first { $0.hasPrefix("id: ") }.flatMap { Int($0.dropFirst(4)) }
        }
        #expect(ids.count == blocks.count - 1 && ids == ids.sorted())
        #expect(blocks.contains { $0.contains("event: translation\n") })

        // Whoever comes back with an id gets what was after it.
        let middle = ids[ids.count / 2]
        let rest = try await house.ask(
            .get, "/api/v1/tasks/\(id)/events", headers: [HTTPField.Name("Last-Event-ID")!: "\(middle)"])
        #expect(!rest.text.contains("id: \(middle)\n") && rest.text.contains("id: \(ids[ids.count - 1])\n"))
    }

    @Test func `a quiet stream is kept open by comments`() async throws {
        // Any time without an event is too long then.
        let house = try await House { $0.heartbeatMs = 0 }
        let id = try await house.submit()
        try await house.api.service().test(.live) { client in
            let connection = try RawConnection(port: try #require(client.port))
            connection.send("GET /api/v1/tasks/\(id)/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(await connection.receive(until: ": quiet\n\n").contains(": quiet\n\n"))
            try await TestWorker(storage: house.storage).work()
            #expect(await connection.receive(until: "completed").contains("completed"))
            connection.close()
        }
    }

    @Test func `an id that is none is refused`() async throws {
        let house = try await House()
        let id = try await house.submit()
        let response = try await house.ask(
            .get, "/api/v1/tasks/\(id)/events", headers: [HTTPField.Name("Last-Event-ID")!: "x"])
        #expect(try response.code() == "parameter_invalid")
    }
}
