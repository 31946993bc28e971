import API
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Store
import Testing

/// Requests that are refused by their head, or in the middle of a body that is still coming.
struct EarlyRefusalTests {
    private static let form = "Content-Type: \(TestForm.contentType)"
    private static let fileHead =
        "--\(TestForm.boundary)\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n"

    /// Each takes a body of a form; those of the awaited calls are read beside the work on them.
    static let forms = ["/v1/audio/transcriptions", "/v1/audio/translations", "/api/v1/tasks/audio"]
    static let texts = ["/v2/translate", "/translate", "/detect", "/api/v1/tasks/text"]

    /// Sends a request with a body of many parts that is not sent to its end.
    ///
    /// - Parameter length: what its head says of it.
    /// - Returns: the first line of the answer; empty where there is none.
    private func answer(
        _ route: String, _ header: String, length: Int = 1 << 20, beginning: String = ""
    ) async throws -> String {
        try await House().live { port in
            let connection = try RawConnection(port: port)
            defer { connection.close() }
            connection.send(
                "POST \(route) HTTP/1.1\r\nHost: localhost\r\n\(header)\r\nContent-Length: \(length)\r\n\r\n"
                    + beginning)
            connection.send([UInt8](repeating: UInt8(ascii: "x"), count: 1 << 19))
            return String(await connection.receive(until: "\r\n\r\n").prefix(12))
        }
    }

    @Test(arguments: forms)
    func `a body that is no form is answered before it has come`(route: String) async throws {
        #expect(try await answer(route, "Content-Type: application/json") == "HTTP/1.1 415")
        #expect(try await answer(route, "Content-Type: multipart/form-data") == "HTTP/1.1 400")
    }

    @Test(arguments: forms)
    func `a form that will be too large is answered before it has come`(route: String) async throws {
        #expect(try await answer(route, EarlyRefusalTests.form, length: 1 << 30) == "HTTP/1.1 413")
    }

    @Test(arguments: forms.prefix(2))
    func `a file that is no recording is answered before it has come`(route: String) async throws {
        let answer = try await answer(route, EarlyRefusalTests.form, beginning: EarlyRefusalTests.fileHead)
        #expect(answer == "HTTP/1.1 415")
    }

    @Test(arguments: forms)
    func `a form that is none from some place on is answered before it has come`(route: String) async throws {
        let broken = "--\(TestForm.boundary)\r\nContent-Disposition: form-data\r\n\r\n"
        #expect(try await answer(route, EarlyRefusalTests.form, beginning: broken) == "HTTP/1.1 400")
    }

    @Test(arguments: texts)
    func `a text that is too large is answered`(route: String) async throws {
        let house = try await House { $0.textBytesMax = 1_000 }
        let bytesMax = route == "/v2/translate" ? RequestLimits.deepLBytesMax : 1_000
        let body = ByteBuffer(repeating: UInt8(ascii: "x"), count: bytesMax + 1)
        try await house.serve { client in
            let answer = try await client.execute(uri: route, method: .post, body: body)
            #expect(answer.status == .contentTooLarge)
        }
    }

    @Test(arguments: texts.prefix(3))
    func `a text of another type is answered`(route: String) async throws {
        let house = try await House()
        let body = ByteBuffer(repeating: UInt8(ascii: "x"), count: 100_000)
        try await house.serve { client in
            let answer = try await client.execute(
                uri: route, method: .post, headers: [.contentType: "text/csv"], body: body)
            #expect(answer.status == .badRequest && answer.text.contains("text/csv"))
        }
    }

    @Test func `a call that is awaited and has its key in the body is answered`() async throws {
        let house = try await House()
        try await house.employ()
        let (_, secret) = try await house.storage.keys.create(
            name: "test", scopes: [.submit], requestsPerMinute: nil, tasksPerDay: nil)
        let worker = TestWorker(storage: house.storage).workOn()
        defer { worker.cancel() }
        try await house.serve { client in
            let body = "{\"q\": \"Hi.\", \"source\": \"en\", \"target\": \"fr\", \"api_key\": \"\(secret)\"}"
            let answer = try await client.execute(uri: "/translate", method: .post, body: ByteBuffer(string: body))
            #expect(try answer.json()["translatedText"] as? String == "fr: Hi.", "\(answer.text)")
        }
    }
}
