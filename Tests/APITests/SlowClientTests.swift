import API
import HummingbirdTesting
import Testing

/// Callers who send a byte now and then, or none.
struct SlowClientTests {
    /// Sends a beginning, then a byte whenever nothing came for a while, until something comes or the connection is closed.
    ///
    /// - Returns: what came, to the end of the headers.
    private func drip(
        _ byte: String, after beginning: String, _ change: (inout APISettings) -> Void
    ) async throws -> String {
        try await House(change).live { port in
            let connection = try RawConnection(port: port)
            defer { connection.close() }
            connection.send(beginning)
            let begun = ContinuousClock.now
            try await eventually {
                connection.send(byte)
                return await connection.hasNews(withinMs: 50)
            }
            // What is cut off at once is not what this is about.
            #expect(ContinuousClock.now - begun > .milliseconds(500))
            return await connection.receive(until: "\r\n\r\n")
        }
    }

    @Test(arguments: ["", "a"])
    func `headers that do not end are not waited for`(byte: String) async throws {
        let came = try await drip(byte, after: "GET /health HTTP/1.1\r\nHost: localhost\r\nA: ") { $0.idleSeconds = 1 }
        #expect(came == "")
    }

    @Test func `a body of which nothing comes is not waited for`() async throws {
        let head = "POST /api/v1/tasks/text HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n{"
        #expect(try await drip("", after: head) { $0.idleSeconds = 1 } == "")
    }

    @Test(arguments: ["/api/v1/tasks/text", "/api/v1/translations/batch", "/v2/translate", "/translate"])
    func `a body that comes too slowly is answered so`(route: String) async throws {
        let head = "POST \(route) HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n{"
        let came = try await drip(" ", after: head) { $0.bodySecondsMax = 1 }
        #expect(came.hasPrefix("HTTP/1.1 408"))
    }

    @Test(arguments: ["/api/v1/tasks/audio", "/api/v1/tasks/text/upload", "/v1/audio/transcriptions"])
    func `a form that comes too slowly is answered so`(route: String) async throws {
        let head =
            "POST \(route) HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n"
            + "Content-Type: \(TestForm.contentType)\r\n\r\n--"
        let came = try await drip("a", after: head) { $0.formSecondsMax = 1 }
        #expect(came.hasPrefix("HTTP/1.1 408"))
    }
}
