import API
import Foundation
import HTTPTypes
import HummingbirdTesting
import Store
import Testing

struct AuthenticationTests {
    private func key(
        _ house: House, _ scopes: Set<APIKeys.Scope>, perMinute: Int? = nil, perDay: Int? = nil
    ) async throws -> (id: String, headers: HTTPFields) {
        let (key, secret) = try await house.storage.keys.create(
            name: "test", scopes: scopes, requestsPerMinute: perMinute, tasksPerDay: perDay)
        return (key.id, [.authorization: "Bearer " + secret])
    }

    @Test func `where a key exists one is needed, but not to see whether it lives`() async throws {
        let house = try await House()
        let (_, headers) = try await key(house, [.read])
        let missing = try await house.ask(.get, "/api/v1/tasks")
        #expect(try missing.status == .unauthorized && (try missing.code()) == "key_missing")
        #expect(missing.headers[.wwwAuthenticate] == "Bearer")
        let wrong = try await house.ask(.get, "/api/v1/tasks", headers: [.authorization: "Bearer vl_wrong"])
        #expect(try wrong.status == .unauthorized && (try wrong.code()) == "key_invalid")
        #expect(try await house.ask(.get, "/api/v1/tasks", headers: headers).status == .ok)
        for open in ["/health", "/health/live", "/api/v1/health/ready", "/docs", "/openapi.json", "/languages"] {
            #expect(try await house.ask(.get, open).status == .ok, "\(open)")
        }
        #expect(try await house.ask(.get, "/metrics").status == .unauthorized)
    }

    @Test(arguments: [
        ("127.0.0.1:8000", nil, true), ("localhost", nil, true), ("[::1]:8000", nil, true), ("127.1.2.3", nil, true),
        ("localhost", "http://localhost:3000", true), ("evil.example", nil, false),
        ("127.0.0.1.evil.example", nil, false),
        ("localhost", "http://evil.example", false), ("localhost", "null", false),
    ])
    func `an open door answers to names of loopback and to no page from elsewhere`(
        host: String, origin: String?, isServed: Bool
    ) async throws {
        try await House().live { port in
            let connection = try RawConnection(port: port)
            defer { connection.close() }
            let line = origin.map { "Origin: \($0)\r\n" } ?? ""
            connection.send("GET /api/v1/tasks HTTP/1.1\r\nHost: \(host)\r\n\(line)\r\n")
            let status = await connection.receive(until: "\r\n\r\n").prefix(12)
            #expect(status == (isServed ? "HTTP/1.1 200" : "HTTP/1.1 403"))
        }
    }

    @Test func `where a key is given, it does not matter who asks for whom`() async throws {
        let house = try await House()
        var (_, headers) = try await key(house, [.read])
        headers[.origin] = "http://elsewhere.example"
        #expect(try await house.ask(.get, "/api/v1/tasks", headers: headers).status == .ok)
    }

    @Test func `every shape has its way to carry a key`() async throws {
        let house = try await House()
        let (_, headers) = try await key(house, [.read])
        let secret = try #require(headers[.authorization]?.dropFirst("Bearer ".count))
        for headers: HTTPFields in [
            [HTTPField.Name("X-API-Key")!: String(secret)], [.authorization: "DeepL-Auth-Key \(secret)"],
        ] { #expect(try await house.ask(.get, "/api/v1/tasks", headers: headers).status == .ok) }
        let detect = try await house.ask(.post, "/detect", json: "{\"q\": \"Hallo\", \"api_key\": \"\(secret)\"}")
        #expect(detect.status == .ok)
        let doubled = try await house.ask(.post, "//detect", json: "{\"q\": \"Hallo\", \"api_key\": \"\(secret)\"}")
        #expect(doubled.status == .ok)
        let refused = try await house.ask(.post, "/detect", json: "{\"q\": \"Hallo\"}")
        #expect(refused.status == .unauthorized && refused.text.hasPrefix("{\"error\":"))
        let openAI = try await house.ask(.get, "/v1/models")
        #expect(openAI.text.contains("\"invalid_api_key\""))
    }

    @Test func `a scope allows what it is for`() async throws {
        let house = try await House()
        let (_, reads) = try await key(house, [.read])
        let (_, submits) = try await key(house, [.submit])
        let (_, rules) = try await key(house, [.admin])
        let body = "{\"text_content\": \"Hi.\", \"languages\": [\"fr\"]}"
        for (headers, method, uri, status) in [
            (reads, HTTPRequest.Method.post, "/api/v1/tasks/text", 403), (submits, .post, "/api/v1/tasks/text", 202),
            (submits, .get, "/api/v1/tasks", 403), (submits, .post, "/api/v1/jobs/x/retry", 403),
            (submits, .post, "/api/v1//jobs/x/retry", 403), (submits, .post, "//api/v1/jobs/x/retry", 403),
            (rules, .post, "/api/v1/tasks/text", 202), (rules, .get, "/api/v1/tasks", 200),
            (rules, .post, "/api/v1/jobs/x/retry", 404),
        ] {
            let response = try await house.ask(method, uri, headers: headers, json: method == .post ? body : nil)
            #expect(response.status.code == status, "\(method) \(uri): \(response.text)")
        }
    }

    @Test func `a task is seen by its key and by admins`() async throws {
        let house = try await House()
        let (_, mine) = try await key(house, [.submit, .read])
        let (_, theirs) = try await key(house, [.submit, .read])
        let (_, rules) = try await key(house, [.admin])
        let id = try await house.submit("Hi.", "\"languages\": [\"fr\"], \"text_number\": \"5\"", headers: mine)
        try await TestWorker(storage: house.storage).work()
        for path in ["/api/v1/tasks/\(id)", "/api/v1/tasks/\(id)/download", "/api/v1/translations/fr/5/TEXT"] {
            #expect(try await house.ask(.get, path, headers: mine).status == .ok)
            #expect(try await house.ask(.get, path, headers: rules).status == .ok)
            #expect(try await house.ask(.get, path, headers: theirs).status == .notFound)
        }
        let list = try await house.ask(.get, "/api/v1/tasks", headers: theirs).json()
        #expect((list["tasks"] as? [Any])?.isEmpty == true)
        #expect(try await house.ask(.delete, "/api/v1/tasks/\(id)", headers: theirs).status == .notFound)
    }

    @Test func `a key has its rate, and is told of it`() async throws {
        let house = try await House()
        let (_, headers) = try await key(house, [.read], perMinute: 2)
        let first = try await house.ask(.get, "/api/v1/tasks", headers: headers)
        #expect(first.headers[HTTPField.Name("RateLimit-Limit")!] == "2")
        #expect(first.headers[HTTPField.Name("RateLimit-Remaining")!] == "1")
        _ = try await house.ask(.get, "/api/v1/tasks", headers: headers)
        let third = try await house.ask(.get, "/api/v1/tasks", headers: headers)
        #expect(try third.status == .tooManyRequests && (try third.code()) == "rate_limited")
        #expect(Int(third.headers[.retryAfter] ?? "").map { (1...30).contains($0) } == true)
    }

    @Test func `a key has its tasks a day`() async throws {
        let house = try await House()
        let (_, headers) = try await key(house, [.submit], perDay: 1)
        _ = try await house.submit(headers: headers)
        let second = try await house.ask(
            .post, "/api/v1/tasks/text", headers: headers, json: "{\"text_content\": \"Hi.\", \"languages\": [\"fr\"]}")
        #expect(try second.status == .tooManyRequests && (try second.code()) == "quota_exceeded")
    }

    @Test func `while the door is open an address has its rate`() async throws {
        let house = try await House { $0.openRequestsPerMinuteMax = 2 }
        for status in [200, 200, 429] {
            #expect(try await house.ask(.get, "/api/v1/tasks").status.code == status)
        }
        #expect(try await house.ask(.get, "/health/live").status == .ok)
    }

    @Test func `whoever guesses keys has to wait`() async throws {
        let house = try await House { $0.keyAttemptsPerMinuteMax = 3 }
        let (_, headers) = try await key(house, [.read])
        for number in 0..<3 {
            let guess: HTTPFields = [.authorization: "Bearer vl_\(number)"]
            #expect(try await house.ask(.get, "/api/v1/tasks", headers: guess).status == .unauthorized)
        }
        let guess: HTTPFields = [.authorization: "Bearer vl_4"]
        #expect(try await house.ask(.get, "/api/v1/tasks", headers: guess).status == .tooManyRequests)
        // Whoever stands behind the same address and has a key is let in.
        #expect(try await house.ask(.get, "/api/v1/tasks", headers: headers).status == .ok)
    }

    @Test func `every answer is guarded and named`() async throws {
        let house = try await House()
        for uri in ["/api/v1/tasks", "/nowhere", "/health"] {
            let response = try await house.ask(.get, uri, headers: [HTTPField.Name("X-Request-Id")!: "r-1"])
            #expect(response.headers[HTTPField.Name("X-Request-Id")!] == "r-1")
            #expect(response.headers[HTTPField.Name("X-Content-Type-Options")!] == "nosniff")
            #expect(
                response.headers[HTTPField.Name("Content-Security-Policy")!]?.contains("frame-ancestors 'none'") == true
            )
            #expect(response.headers[.cacheControl] == "no-store")
        }
        let insane = try await house.ask(.get, "/health", headers: [HTTPField.Name("X-Request-Id")!: "a b<script>"])
        #expect(insane.headers[HTTPField.Name("X-Request-Id")!]?.count == 36)
    }

    @Test func `a wrong path and a wrong method are told apart`() async throws {
        let house = try await House()
        let path = try await house.ask(.get, "/api/v1/nothing")
        #expect(try path.status == .notFound && (try path.code()) == "not_found")
        let method = try await house.ask(.put, "/api/v1/tasks/1")
        #expect(method.status == .methodNotAllowed && method.headers[.allow] == "DELETE, GET, HEAD")
        #expect(try await house.ask(.post, "/v1/nothing").text.contains("\"error\":{"))
    }

    /// Beside each stands a route that takes any text in its place.
    @Test(arguments: ["tasks/audio", "tasks/text", "tasks//text/", "tasks/text/upload", "translations/batch"])
    func `a route that is posted to says so, and nothing of the one beside it`(route: String) async throws {
        let house = try await House()
        for method in [HTTPRequest.Method.get, .head, .delete] {
            let response = try await house.ask(method, "/api/v1/" + route)
            #expect(response.status == .methodNotAllowed && response.headers[.allow] == "POST", "\(method) \(route)")
        }
    }

    @Test func `HEAD tells what GET does, without a body`() async throws {
        let house = try await House()
        let id = try await house.submit()
        for uri in ["/api/v1/tasks/\(id)", "/api/v1/tasks", "/docs", "/openapi.json", "/health", "/v1/models"] {
            let (got, head) = (try await house.ask(.get, uri), try await house.ask(.head, uri))
            #expect(head.status == got.status && head.body.readableBytes == 0, "\(uri)")
            #expect(head.headers[.contentType] == got.headers[.contentType])
            #expect(head.headers[.contentLength] == String(got.body.readableBytes))
        }
        #expect(try await house.ask(.head, "/api/v1/tasks/x").status == .notFound)
        let locked = try await House()
        let (_, headers) = try await key(locked, [.submit])
        #expect(try await locked.ask(.head, "/api/v1/tasks", headers: headers).status == .forbidden)
    }
}
