import Foundation
import Logging
import Transcript

/// Writes an event a line on standard error, as JSON: time, level, event, then its facts.
struct JSONLogHandler: LogHandler {
    private static let lock = NSLock()

    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level

    init(level: Logger.Level) { logLevel = level }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var facts = metadata.merging(event.metadata ?? [:]) { $1 }.mapValues { "\($0)" }
        if let error = event.error { facts["error"] = "\(error)" }
        let time = Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        var line =
            "{\"time\":\"\(time)\",\"level\":\"\(event.level.rawValue)\",\"event\":\(jsonLine("\(event.message)"))"
        for (key, value) in facts.sorted(by: { $0.key < $1.key }) { line += ",\(jsonLine(key)):\(jsonLine(value))" }
        line += "}\n"
        // Lines stay whole. Where standard error cannot be written, nobody can be told.
        JSONLogHandler.lock.withLock { _ = ResultFile.writeAll(line, to: STDERR_FILENO) }
    }
}
