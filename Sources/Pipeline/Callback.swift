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

    /// The task as its callers see it, and the event beside.
    private struct Payload: Encodable {
        let event: String
        let task: TaskView

        enum CodingKeys: String, CodingKey { case event }

        func encode(to encoder: any Encoder) throws {
            try task.encode(to: encoder)
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(event, forKey: .event)
        }
    }

    package init(_ task: TaskRecord) {
        event = "task." + task.status.rawValue
        body = Array(jsonLine(Payload(event: event, task: TaskView(task))).utf8)
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
