import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// How errors are written: each of the interfaces that are spoken here has its own way.
enum ErrorShape: Sendable {
    case problem
    case openAI
    case deepL
    case libreTranslate

    init(path: String) {
        let path = routedPath(path)
        if path.hasPrefix("/v1/") {
            self = .openAI
        } else if path.hasPrefix("/v2/") {
            self = .deepL
        } else if ["/translate", "/detect", "/languages"].contains(path) {
            self = .libreTranslate
        } else {
            self = .problem
        }
    }

    func response(_ problem: Problem, path: String, requestID: String) -> Response {
        switch self {
        case .problem:
            return .json(
                ProblemBody(problem, path: path, requestID: requestID), status: problem.status,
                type: "application/problem+json", headers: problem.headers)
        case .openAI: return .json(OpenAIError(problem), status: openAIStatus(problem), headers: problem.headers)
        case .deepL:
            let status: HTTPResponse.Status =
                problem.code == "quota_exceeded" ? .init(code: 456, reasonPhrase: "Quota exceeded") : plain(problem)
            return .json(["message": problem.detail], status: status, headers: problem.headers)
        case .libreTranslate:
            return .json(["error": problem.detail], status: plain(problem), headers: problem.headers)
        }
    }

    /// These interfaces have no 415 or 422.
    private func plain(_ problem: Problem) -> HTTPResponse.Status {
        problem.status == .unprocessableContent || problem.status == .unsupportedMediaType
            ? .badRequest : problem.status
    }

    private func openAIStatus(_ problem: Problem) -> HTTPResponse.Status {
        problem.status == .unprocessableContent ? .badRequest : problem.status
    }
}

/// - Source: RFC 9457, §3.
private struct ProblemBody: Encodable {
    let type: String
    let title: String
    let status: Int
    let code: String
    let detail: String
    let field: String?
    let instance: String
    let requestID: String

    enum CodingKeys: String, CodingKey {
        case type, title, status, code, detail, field, instance
        case requestID = "request_id"
    }

    init(_ problem: Problem, path: String, requestID: String) {
        type = "/docs#" + problem.code
        title = problem.status.reasonPhrase
        status = problem.status.code
        code = problem.code
        detail = problem.detail
        field = problem.field
        instance = path
        self.requestID = requestID
    }
}

/// `{"error": {…}}` with all four members, null where there is nothing to say.
struct OpenAIError: Encodable {
    private struct Body: Encodable {
        let message: String
        let type: String
        let param: String?
        let code: String?

        enum CodingKeys: String, CodingKey { case message, type, param, code }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(message, forKey: .message)
            try container.encode(type, forKey: .type)
            try container.encode(param, forKey: .param)
            try container.encode(code, forKey: .code)
        }
    }

    private let error: Body

    init(_ problem: Problem) {
        let code =
            switch problem.code {
            case "key_invalid", "key_missing": "invalid_api_key"
            case "rate_limited": "rate_limit_exceeded"
            case "quota_exceeded": "insufficient_quota"
            default: problem.code
            }
        let type =
            switch problem.status.code {
            case 429: problem.code == "quota_exceeded" ? "insufficient_quota" : "requests"
            case 500...: "server_error"
            default: "invalid_request_error"
            }
        error = Body(message: problem.detail, type: type, param: problem.field, code: code)
    }
}

extension Response {
    /// An answer in JSON.
    static func json(
        _ value: some Encodable, status: HTTPResponse.Status = .ok, type: String = "application/json; charset=utf-8",
        headers: HTTPFields = [:]
    ) -> Response {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Numbers that are none become what the other documents write for them.
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "1e9", negativeInfinity: "-1e9", nan: "0")
        var headers = headers
        headers[.contentType] = type
        do {
            return Response(
                status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: try encoder.encode(value))))
        } catch {
            preconditionFailure("an answer cannot be written: \(error)")
        }
    }

    static func text(_ text: String, type: String, status: HTTPResponse.Status = .ok) -> Response {
        Response(status: status, headers: [.contentType: type], body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}
