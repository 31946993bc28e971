import API
import Foundation
import Hummingbird
import HummingbirdTesting
import Logging
import Store
import TestSupport
import Testing
import Transcript

/// A store in a folder of its own, and the API over it.
struct House {
    let folder: TemporaryFolder
    let storage: Storage
    let api: ServiceAPI
    let metrics = PrometheusMetrics()

    init(_ change: (inout APISettings) -> Void = { _ in }) async throws {
        folder = try TemporaryFolder()
        storage = try await Storage(folder: folder.path)
        var settings = APISettings()
        settings.port = 0
        // Whatever else this machine does.
        settings.memoryThreshold = nil
        settings.processorThreshold = nil
        change(&settings)
        var log = Logger(label: "test")
        log.logLevel = .critical
        api = ServiceAPI(storage: storage, settings: settings, metrics: metrics, log: log)
    }

    /// The text a task was handed in with, which a record of it leaves out.
    func text(of task: TaskID) async throws -> String? {
        try await storage.database.read { transaction in
            try transaction.row("select text from task_texts where task_id = $1", task) { try $0.next(String.self) }
        }
    }

    /// Asks over a real connection.
    func serve<Value>(_ ask: @Sendable (any TestClientProtocol) async throws -> Value) async throws -> Value {
        try await api.service().test(.ahc(), ask)
    }

    /// Asks over connections of the test's own making.
    ///
    /// - Parameter ask: is given the port.
    func live<Value>(_ ask: @Sendable (_ port: Int) async throws -> Value) async throws -> Value {
        try await api.service().test(.live) { try await ask(#require($0.port)) }
    }

    /// Asks without one.
    func ask<Value>(_ ask: @Sendable (any TestClientProtocol) async throws -> Value) async throws -> Value {
        try await api.service().test(.router, ask)
    }

    /// One request, without a connection.
    @discardableResult
    func ask(
        _ method: HTTPRequest.Method, _ uri: String, headers: HTTPFields = [:], json: String? = nil
    ) async throws -> TestResponse {
        try await ask { client in
            try await client.execute(
                uri: uri, method: method, headers: headers, body: json.map { ByteBuffer(string: $0) })
        }
    }

    func post(_ uri: String, _ form: TestForm, headers: HTTPFields = [:]) async throws -> TestResponse {
        var headers = headers
        headers[.contentType] = TestForm.contentType
        return try await ask { [headers] client in
            try await client.execute(uri: uri, method: .post, headers: headers, body: form.body)
        }
    }

    /// Hands in a text task.
    func submit(_ text: String = "Hello.", _ more: String = "\"languages\": [\"fr\"]", headers: HTTPFields = [:])
        async throws -> String
    {
        let response = try await ask(
            .post, "/api/v1/tasks/text", headers: headers, json: "{\"text_content\": \"\(text)\", \(more)}")
        return try #require(try response.json()["task_id"] as? String, "\(response.text)")
    }

    /// The files of a folder of the blobs.
    func blobs(_ kind: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: storage.blobs.folder + "/" + kind)) ?? []
    }

    /// Says that somebody works here.
    func employ(_ directions: [Language: [Language]] = [.english: [.french, .german]]) async throws {
        var report = Workers.Report(id: "w1", name: "w1", host: "here", processID: 1, startedMs: 1_700_000_000_000)
        report.directions = directions
        report.speechModels = ["base"]
        report.speechModel = "base"
        try await storage.workers.report(report)
    }
}

extension TestResponse {
    var text: String { String(buffer: body) }

    /// The body as a JSON object.
    func json() throws -> [String: Any] {
        let value = try? JSONSerialization.jsonObject(with: Data(body.readableBytesView))
        return try #require(value as? [String: Any], "\(text)")
    }

    func code() throws -> String? { try json()["code"] as? String }
}

/// A form, as browsers write it.
struct TestForm {
    static let boundary = "----formboundary7MA4YWxk"
    static let contentType = "multipart/form-data; boundary=\(boundary)"
    private var bytes: [UInt8] = []

    func field(_ name: String, _ value: String) -> TestForm { part("name=\"\(name)\"", Array(value.utf8)) }

    func file(_ name: String, _ fileName: String, _ content: [UInt8] = quietWAV) -> TestForm {
        part("name=\"\(name)\"; filename=\"\(fileName)\"", content)
    }

    private func part(_ names: String, _ content: [UInt8]) -> TestForm {
        var copy = self
        copy.bytes += Array("--\(TestForm.boundary)\r\nContent-Disposition: form-data; \(names)\r\n\r\n".utf8)
        copy.bytes += content + Array("\r\n".utf8)
        return copy
    }

    var body: ByteBuffer { ByteBuffer(bytes: bytes + Array("--\(TestForm.boundary)--\r\n".utf8)) }
}

/// A WAV with a second of silence in it.
let quietWAV: [UInt8] = {
    func little(_ number: Int, _ count: Int) -> [UInt8] { (0..<count).map { UInt8(number >> (8 * $0) & 0xff) } }
    let size = 16_000 * 2
    var bytes = Array("RIFF".utf8) + little(36 + size, 4) + Array("WAVEfmt ".utf8) + little(16, 4) + little(1, 2)
    bytes += little(1, 2) + little(16_000, 4) + little(32_000, 4) + little(2, 2) + little(16, 2)
    return bytes + Array("data".utf8) + little(size, 4) + [UInt8](repeating: 0, count: size)
}()
