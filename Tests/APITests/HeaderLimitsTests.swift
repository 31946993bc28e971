import API
import HummingbirdTesting
import Testing

/// What the headers of a request may take, over a real connection: at the limit, and one past it.
struct HeaderLimitsTests {
    /// Answers to requests with these headers beside `Host: x`, each on a connection of its own.
    private func answers(to requests: [[String]]) async throws -> [String] {
        try await House().live { port in
            var answers: [String] = []
            for headers in requests {
                let connection = try RawConnection(port: port)
                defer { connection.close() }
                let lines = ["GET /health/live HTTP/1.1", "Host: x"] + headers
                connection.send(lines.joined(separator: "\r\n") + "\r\n\r\n")
                answers.append(String(await connection.receive(until: "\r\n\r\n").prefix(12)))
            }
            return answers
        }
    }

    @Test func `a request has so many headers and no more`() async throws {
        let most = (1..<RequestLimits.headerCountMax).map { "A\($0): 1" }
        #expect(try await answers(to: [most, most + ["B: 1"]]) == ["HTTP/1.1 200", "HTTP/1.1 400"])
    }

    @Test func `a header has so many bytes and no more`() async throws {
        let longest = "A: " + String(repeating: "a", count: RequestLimits.headerBytesMax)
        #expect(try await answers(to: [[longest], [longest + "a"]]) == ["HTTP/1.1 200", "HTTP/1.1 400"])
    }

    @Test func `all headers have so many bytes and no more`() async throws {
        // Names and values count, and so does the path.
        var left = RequestLimits.headersBytesMax - "/health/live".count - "Host".count - "x".count
        var headers: [String] = []
        while left > 0 {
            let count = min(left, RequestLimits.headerBytesMax) - 2
            headers.append("A\(headers.count): " + String(repeating: "a", count: count))
            left -= count + 2
        }
        let past = headers.dropLast() + [headers[headers.count - 1] + "a"]
        #expect(try await answers(to: [headers, Array(past)]) == ["HTTP/1.1 200", "HTTP/1.1 400"])
    }
}
