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
        var task_id: String
        var task_type: String
        var status: String
        var text_number: String?
        var languages: [Language]
        var detected_language: String?
        var created_at: String
        var finished_at: String?
        var audio_seconds: Double?
        var accuracy: Double?
        var error: TaskFailure?
    }

    package init(_ task: TaskRecord) {
        event = "task." + task.status.rawValue
        body = Array(
            jsonLine(
                Payload(
                    event: event, task_id: task.id.rawValue, task_type: task.request.kind.rawValue,
                    status: task.status.rawValue, text_number: task.request.textNumber,
                    languages: task.request.languages, detected_language: task.detectedLanguage,
                    created_at: Callback.time(task.createdMs), finished_at: task.finishedMs.map(Callback.time),
                    audio_seconds: task.audioSeconds, accuracy: task.accuracy, error: task.failure)
            ).utf8)
    }

    private static func time(_ ms: Int64) -> String {
        Date(timeIntervalSince1970: Double(ms) / 1000).formatted(.iso8601.time(includingFractionalSeconds: true))
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

/// Bytes as lower-case digits.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
