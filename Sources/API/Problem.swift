import Foundation
import HTTPTypes
import Hummingbird
import LanguagePackage
import NIOCore
import Store
import Text

/// What a caller is told of an error.
///
/// - Source: RFC 9457; `code` is ours and stable.
package struct Problem: Sendable, Equatable {
    package var status: HTTPResponse.Status
    package var code: String
    package var detail: String
    /// The field or parameter it is about.
    package var field: String?
    package var headers: HTTPFields = [:]

    package init(_ status: HTTPResponse.Status, _ code: String, _ detail: String, field: String? = nil) {
        self.status = status
        self.code = code
        self.detail = detail
        self.field = field
    }

    /// Judges any error; what is none of ours is the server's fault, and its words stay in the log.
    package init(_ error: any Error) {
        switch error {
        case let error as Absent: self.init(error)
        case let error as Malformed: self.init(error)
        case let error as Refused: self.init(error)
        case let error as StoreError: self.init(error)
        case let error as TextError: self.init(error)
        case let error as PackageError: self.init(error)
        case is NIOTooManyBytesError: self.init(.contentTooLarge, "too_large", "The body is too large.")
        case let error as any HTTPResponseError:
            self.init(error.status, "http_\(error.status.code)", error.status.reasonPhrase + ".")
        default: self.init(.internalServerError, "internal", "Something went wrong here; the log tells what.")
        }
    }

    private init(_ error: StoreError) {
        switch error {
        case .idempotencyKeyReused:
            self.init(
                .unprocessableContent, "idempotency_key_reused",
                "This Idempotency-Key was used with another request; take a new one.")
        case .noJob(let id): self.init(.notFound, "job_not_found", "There is no job \(id).")
        case .notFailed(let id, let state):
            self.init(
                .conflict, "job_not_failed", "Job \(id) is \(state.rawValue); only failed ones are offered again.")
        case .leaseLost: self.init(.conflict, "lease_lost", "The job belongs to another worker by now.")
        case .full:
            self.init(.serviceUnavailable, "disk_full", "The disk is full; try again later.")
            headers[.retryAfter] = "60"
        case .notOpened, .newerSchema, .corrupt, .database:
            self.init(.serviceUnavailable, "store_unavailable", "The database does not answer; try again later.")
            headers[.retryAfter] = "5"
        }
    }

    private init(_ error: PackageError) {
        switch error {
        case .noText, .noTextNumber, .noTranscript, .noTimes:
            self.init(.notFound, "result_not_found", "\(error)")
        case .notPackage, .newerVersion, .cutOff, .altered, .malformed, .tooLarge, .tooManyTexts, .twice, .notFinite,
            .notRead, .notWritten:
            self.init(.internalServerError, "package_damaged", "The package of this task cannot be read.")
        }
    }

    private init(_ error: TextError) {
        switch error {
        case .tooLarge(_, let sizeBytesMax):
            self.init(.contentTooLarge, "too_large", "The text has more than \(sizeBytesMax) bytes; cut it into parts.")
        case .binary, .undecodable: self.init(.unprocessableContent, "not_text", "\(error)", field: "text_file")
        case .tableMissing:
            self.init(.serviceUnavailable, "table_missing", "Conversion tables are missing; the log tells which.")
        }
    }
}

extension HTTPField.Name {
    static let requestID = HTTPField.Name("X-Request-Id")!
    static let apiKey = HTTPField.Name("X-API-Key")!
    static let traceParent = HTTPField.Name("traceparent")!
    static let idempotencyKey = HTTPField.Name("Idempotency-Key")!
    static let idempotentReplayed = HTTPField.Name("Idempotent-Replayed")!
    static let lastEventID = HTTPField.Name("Last-Event-ID")!
    static let rateLimit = HTTPField.Name("RateLimit-Limit")!
    static let rateRemaining = HTTPField.Name("RateLimit-Remaining")!
    static let rateReset = HTTPField.Name("RateLimit-Reset")!
    static let referrerPolicy = HTTPField.Name("Referrer-Policy")!
    static let frameOptions = HTTPField.Name("X-Frame-Options")!
}
