import Foundation
import Transcript

/// Names a task: a UUID of version 7, so that ids sort by the time they were made.
package struct TaskID: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package var description: String { rawValue }
}

package enum TaskKind: String, Sendable, CaseIterable, Codable { case audio, text }

/// Where a task stands.
package enum TaskStatus: String, Sendable, CaseIterable, Codable {
    /// Accepted; nothing has begun.
    case pending
    case transcribing
    case translating
    case packaging
    case completed
    case failed
    case cancelled

    package var isFinal: Bool { self == .completed || self == .failed || self == .cancelled }

    /// What may follow.
    package var successors: Set<TaskStatus> {
        switch self {
        // Packaging at once: nothing is to be translated.
        case .pending: [.transcribing, .translating, .packaging, .cancelled]
        case .transcribing: [.translating, .packaging, .failed, .cancelled]
        case .translating: [.packaging, .failed, .cancelled]
        case .packaging: [.completed, .failed, .cancelled]
        // A dead letter is offered again.
        case .failed: [.transcribing, .translating, .packaging]
        case .completed, .cancelled: []
        }
    }
}

/// What a task failed of.
package struct TaskFailure: Sendable, Equatable, Codable {
    /// Stable, for programs: `bad_audio`, `language_unsupported`, …
    package var code: String
    /// For people: what was wrong and what to do.
    package var message: String

    package init(code: String, message: String) {
        self.code = code
        self.message = message
    }
}

/// How a recording is to be transcribed.
package struct TranscriptionRequest: Sendable, Equatable, Codable {
    /// A name of the catalog; nil for the service's default.
    package var model: String?
    /// Text in English, whatever is spoken.
    package var translatesToEnglish = false
    package var prompt: String?
    /// Of the first attempt, 0…1.
    package var temperature: Double = 0

    package init() {}
}

/// A task as it is handed in.
package struct TaskRequest: Sendable, Equatable {
    package var kind: TaskKind
    /// What to translate into.
    package var languages: [Language]
    /// False where they are all that can be reached: of a recording, from the language that is heard in it.
    package var languagesAreNamed = true
    /// A code of a language; nil to find out.
    package var sourceLanguage: String?
    package var textNumber: String?
    /// −100…100, higher first.
    package var priority = 0
    /// The text of a text task, or the reference of a recording. It may be long: only a job that was claimed has its
    /// words; whoever asks how a task stands reads that there is one, as an empty string.
    package var text: String?
    /// The recording: its blob, which lies there already.
    package var upload: Upload?
    package var transcription = TranscriptionRequest()
    package var accuracyThreshold: Double?
    package var callbackURL: String?
    /// The API key it was handed in with.
    package var keyID: String?
    package var idempotency: Idempotency?
    /// Joins log lines of all stages: the trace id of the request.
    package var traceID: String?

    package struct Upload: Sendable, Equatable, Codable {
        package var blob: BlobKey
        /// SHA-256, hexadecimal.
        package var hash: String
        package var sizeBytes: Int

        package init(blob: BlobKey, hash: String, sizeBytes: Int) {
            self.blob = blob
            self.hash = hash
            self.sizeBytes = sizeBytes
        }
    }

    package struct Idempotency: Sendable, Equatable {
        package var key: String
        /// Hash of the request; the same key with another one is an error.
        package var fingerprint: String

        package init(key: String, fingerprint: String) {
            self.key = key
            self.fingerprint = fingerprint
        }
    }

    package init(kind: TaskKind, languages: [Language]) {
        self.kind = kind
        self.languages = languages
    }
}

/// A task as it stands. Times are milliseconds since 1970.
package struct TaskRecord: Sendable, Equatable {
    package var id: TaskID
    package var request: TaskRequest
    package var status: TaskStatus
    /// What was heard or found out, where it was not given.
    package var detectedLanguage: String?
    package var createdMs: Int64
    package var startedMs: Int64?
    package var finishedMs: Int64?
    /// When each stage began: `transcribing`, `translating`, `packaging`.
    package var stageStartedMs: [TaskStatus: Int64]
    /// Seconds of the recording, once known.
    package var audioSeconds: Double?
    /// 0…1 of the recording.
    package var transcribed: Double
    package var translationsDone: Int
    package var translationsTotal: Int
    package var accuracy: Double?
    package var wordErrorRate: Double?
    package var characterErrorRate: Double?
    package var failure: TaskFailure?
    package var package: Package?

    package struct Package: Sendable, Equatable, Codable {
        package var blob: BlobKey
        package var sizeBytes: Int
        package init(blob: BlobKey, sizeBytes: Int) {
            self.blob = blob
            self.sizeBytes = sizeBytes
        }
    }
}
