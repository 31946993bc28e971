import AsyncHTTPClient
import Foundation
import NIOCore

/// Asks a running service over HTTP.
struct ServiceClient: Sendable {
    /// For the life of the process; where nobody listens it says so at once.
    private static let client: HTTPClient = {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.retryConnectionEstablishment = false
        return HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }()

    /// Seconds without an answer.
    private static let secondsMax: Int64 = 60
    /// Seconds an upload may take: 100 MB on a slow line.
    private static let uploadSecondsMax: Int64 = 3_600
    /// Bytes of an answer: the JSON of a day's recording.
    private static let answerBytesMax = 1 << 30
    private static let pieceBytes = 256 << 10

    private let server: String
    private let key: String?

    /// - Parameters:
    ///   - server: `http://127.0.0.1:8000`.
    ///   - key: nil for none.
    init(server: String, key: String?) {
        self.server = server.hasSuffix("/") ? String(server.dropLast()) : server
        self.key = key
    }

    /// - Throws: `ServiceClientError`.
    func get(_ path: String) async throws -> Data { try await send(request(path), ServiceClient.secondsMax) }

    func delete(_ path: String) async throws -> Data {
        var request = request(path)
        request.method = .DELETE
        return try await send(request, ServiceClient.secondsMax)
    }

    /// Sends a form with a file, which is read as it goes out.
    ///
    /// - Parameters:
    ///   - fields: names and values.
    ///   - field: the file's.
    func post(_ path: String, fields: [(String, String)], field: String, file: String) async throws -> Data {
        guard let handle = FileHandle(forReadingAtPath: file),
            let size = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int
        else { throw ServiceClientError.unreadable(file: file) }
        let boundary = "voicelingua-" + UUID().uuidString
        let name = (file as NSString).lastPathComponent.replacing("\"", with: "%22")
        let head =
            fields.map { "--\(boundary)\r\nContent-Disposition: form-data; name=\"\($0)\"\r\n\r\n\($1)\r\n" }
            .joined()
            + "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(field)\"; filename=\"\(name)\"\r\n"
            + "Content-Type: application/octet-stream\r\n\r\n"
        let tail = "\r\n--\(boundary)--\r\n"
        var request = request(path)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "multipart/form-data; boundary=\(boundary)")
        let upload = FormUpload(head: head, handle: handle, tail: tail, pieceBytes: ServiceClient.pieceBytes)
        request.body = .stream(
            AsyncThrowingStream { try await upload.next() },
            length: .known(Int64(head.utf8.count + size + tail.utf8.count)))
        return try await send(request, ServiceClient.uploadSecondsMax)
    }

    private func request(_ path: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: server + "/api/v1" + path)
        if let key { request.headers.add(name: "Authorization", value: "Bearer \(key)") }
        return request
    }

    private func send(_ request: HTTPClientRequest, _ seconds: Int64) async throws -> Data {
        let (status, body): (UInt, Data)
        do {
            let response = try await ServiceClient.client.execute(request, timeout: .seconds(seconds))
            let buffer = try await response.body.collect(upTo: ServiceClient.answerBytesMax)
            (status, body) = (response.status.code, Data(buffer.readableBytesView))
        } catch let error as ServiceClientError { throw error } catch {
            throw ServiceClientError.unreachable(server: server)
        }
        guard 200..<300 ~= status else {
            let problem = try? JSONDecoder().decode(ServiceClientError.Problem.self, from: body)
            throw ServiceClientError.refused(
                status: Int(status), problem: problem ?? .init(code: nil, detail: nil, title: nil))
        }
        return body
    }
}

/// The bytes of a form, piece by piece.
private actor FormUpload {
    private var head: String?
    private let handle: FileHandle
    private var tail: String?
    private let pieceBytes: Int

    init(head: String, handle: FileHandle, tail: String, pieceBytes: Int) {
        self.head = head
        self.handle = handle
        self.tail = tail
        self.pieceBytes = pieceBytes
    }

    func next() throws -> ByteBuffer? {
        if let text = head {
            head = nil
            return ByteBuffer(string: text)
        }
        if let piece = try handle.read(upToCount: pieceBytes), !piece.isEmpty { return ByteBuffer(bytes: piece) }
        defer { tail = nil }
        return tail.map { ByteBuffer(string: $0) }
    }
}

/// Why a service gave no answer, or not the one that was asked for.
enum ServiceClientError: Error, Equatable {
    /// What the service says, as RFC 9457 has it.
    struct Problem: Decodable, Equatable {
        var code: String?
        var detail: String?
        var title: String?
    }

    case unreachable(server: String)
    case refused(status: Int, problem: Problem)
    /// An answer of another form, as that of another server.
    case malformed
    case unreadable(file: String)
    /// A task that was waited for.
    case notCompleted(status: String, message: String?)
}

extension ServiceClientError: CustomStringConvertible {
    var description: String {
        switch self {
        case .unreachable(let server):
            "\(server) does not answer; start it with `voicelingua serve`, or name another with --server"
        case .refused(let status, let problem):
            (problem.detail ?? problem.title ?? "the service answered \(status)")
                + (problem.code.map { " (\($0))" } ?? "")
        case .malformed: "the answer makes no sense; is that a VoiceLingua of this version? Name it with --server"
        case .unreadable(let file): "\(file) cannot be read; check its name and permissions"
        case .notCompleted(let status, let message): "the task is \(status)" + (message.map { ": \($0)" } ?? "")
        }
    }
}
