import Crypto
import Foundation
import Store
import Transcript

/// What a callback tells of a task that has ended, and the signature it tells it under.
package struct Callback: Sendable {
    /// `task.completed`, `task.failed` or `task.cancelled`.
    package let event: String
    /// JSON.
    package let body: [UInt8]

    private struct Payload: Encodable {
        var event: String
        var taskID: String
        var kind: TaskKind
        var status: TaskStatus
        var textNumber: String?
        var languages: [Language]
        var detectedLanguage: String?
        var createdAt: String
        var finishedAt: String?
        var audioSeconds: Double?
        var accuracy: Double?
        var error: TaskFailure?

        enum CodingKeys: String, CodingKey {
            case event, status, languages, accuracy, error
            case taskID = "task_id"
            case kind = "task_type"
            case textNumber = "text_number"
            case detectedLanguage = "detected_language"
            case createdAt = "created_at"
            case finishedAt = "finished_at"
            case audioSeconds = "audio_seconds"
        }
    }

    package init(_ task: TaskRecord) {
        event = "task." + task.status.rawValue
        body = Array(
            jsonLine(
                Payload(
                    event: event, taskID: task.id.rawValue, kind: task.request.kind,
                    status: task.status, textNumber: task.request.textNumber,
                    languages: task.request.languages, detectedLanguage: task.detectedLanguage,
                    createdAt: rfc3339(task.createdMs), finishedAt: task.finishedMs.map(rfc3339),
                    audioSeconds: task.audioSeconds, accuracy: task.accuracy, error: task.failure)
            ).utf8)
    }

    /// `sha256=` and the HMAC-SHA256 over the time, a dot and the body, hexadecimal.
    ///
    /// - Parameter timestamp: seconds since 1970, as the header says it.
    package func signature(timestamp: String, secret: [UInt8]) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Array(timestamp.utf8) + [UInt8(ascii: ".")] + body, using: SymmetricKey(data: secret))
        return "sha256=" + hexadecimal(code)
    }
}
