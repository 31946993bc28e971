import ArgumentParser
import Foundation

/// Which service a command talks to, and with which key.
struct ServerOption: ParsableArguments {
    static let serverVariable = "VOICELINGUA_SERVER"
    static let keyVariable = "VOICELINGUA_API_KEY"
    private static let standard = "http://127.0.0.1:8000"

    @Option(help: "Address of the service; \(serverVariable), else \(standard). A key comes from \(keyVariable).")
    var server: String?

    var client: ServiceClient {
        let environment = ProcessInfo.processInfo.environment
        return ServiceClient(
            server: server ?? environment[Self.serverVariable] ?? Self.standard, key: environment[Self.keyVariable])
    }
}

/// An answer of the service as it came, and what of it a command reads.
struct TaskAnswer: Decodable, Sendable {
    struct Progress: Decodable, Sendable {
        struct Translations: Decodable, Sendable {
            let done: Int
            let total: Int
        }

        let transcription: Double?
        let translations: Translations?
    }

    struct Accuracy: Decodable, Sendable { let accuracy: Double }

    struct Failure: Decodable, Sendable {
        let code: String
        let message: String
    }

    let id: String
    let status: String
    let progress: Progress?
    let accuracy: Accuracy?
    let error: Failure?

    enum CodingKeys: String, CodingKey {
        case status, progress, accuracy, error
        case id = "task_id"
    }

    /// - Throws: `ServiceClientError.malformed`.
    init(_ data: Data) throws(ServiceClientError) {
        do { self = try JSONDecoder().decode(TaskAnswer.self, from: data) } catch { throw .malformed }
    }

    var isFinal: Bool { ["completed", "failed", "cancelled"].contains(status) }

    /// `transcribing, 40 %` or `translating, 3 of 18`.
    var summary: String {
        switch (status, progress?.transcription, progress?.translations) {
        case ("transcribing", let share?, _): "transcribing, \(Int(share * 100)) %"
        case ("translating", _, let translations?): "translating, \(translations.done) of \(translations.total)"
        case ("completed", _, _):
            accuracy.map { String(format: "completed, accuracy %.3f", $0.accuracy) } ?? "completed"
        case ("failed", _, _): "failed" + (error.map { ": \($0.message) (\($0.code))" } ?? "")
        default: status
        }
    }
}

/// Writes an answer of the service on standard output as it came, a line of it.
func printAnswer(_ data: Data) {
    print(String(decoding: data, as: UTF8.self).trimmingCharacters(in: .newlines))
}
