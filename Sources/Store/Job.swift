import Transcript

package struct JobID: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package var description: String { rawValue }
}

/// What kind of worker a job is for.
package enum QueueName: String, Sendable, CaseIterable, Codable { case transcription, translation, packaging, webhook }

/// Where a job stands, and what may follow.
package enum JobState: String, Sendable, CaseIterable, Codable {
    /// May be claimed once its time has come.
    case available
    /// Leased by a worker.
    case running
    case completed
    /// A dead letter: kept with its errors, offered again by command only.
    case failed
    case cancelled

    package var successors: Set<JobState> {
        switch self {
        case .available: [.running, .cancelled]
        // Available again: given back, to be tried again, or its lease ran out.
        case .running: [.available, .completed, .failed, .cancelled]
        case .failed: [.available]
        case .cancelled: [.available]
        case .completed: []
        }
    }
}

/// The right to work on a job, until a time. The token rises with every claim, and what bears an old one is refused.
package struct Lease: Sendable, Hashable {
    package var job: JobID
    package var token: Int64
    package init(job: JobID, token: Int64) {
        self.job = job
        self.token = token
    }
}

/// A job as a worker gets it.
package struct ClaimedJob: Sendable {
    package var lease: Lease
    package var task: TaskRecord
    package var queue: QueueName
    /// From 1; this claim counted.
    package var attempt: Int
    package var attemptsMax: Int
    /// Of a translation job.
    package var translation: TranslationJob?
}

package struct TranslationJob: Sendable, Hashable, Codable {
    package var language: Language
    package var source: TextSource
    package init(language: Language, source: TextSource) {
        self.language = language
        self.source = source
    }
}

/// Why a job did not succeed.
package struct JobFailure: Sendable, Equatable, Codable {
    /// Stable, for programs: `bad_audio`, `language_unsupported`, `worker_lost`, …
    package var code: String
    /// For people, without words of users.
    package var message: String
    package var attempt: Int
    /// Milliseconds since 1970.
    package var atMs: Int64

    package init(code: String, message: String, attempt: Int, atMs: Int64) {
        self.code = code
        self.message = message
        self.attempt = attempt
        self.atMs = atMs
    }
}

/// A job as operators see it.
package struct JobRecord: Sendable, Equatable {
    package var id: JobID
    package var task: TaskID
    package var queue: QueueName
    package var state: JobState
    package var priority: Int
    package var attempt: Int
    package var attemptsMax: Int
    package var runAtMs: Int64
    package var translation: TranslationJob?
    package var failures: [JobFailure]
}

package struct QueueStatistics: Sendable, Equatable {
    package var queue: QueueName
    /// May be claimed now.
    package var ready: Int
    /// Wait for their time: retries.
    package var delayed: Int
    package var running: Int
    /// Dead letters.
    package var failed: Int
    /// Of the oldest ready job; nil where none is.
    package var oldestAgeMs: Int64?

    package init(queue: QueueName, ready: Int, delayed: Int, running: Int, failed: Int, oldestAgeMs: Int64?) {
        self.queue = queue
        self.ready = ready
        self.delayed = delayed
        self.running = running
        self.failed = failed
        self.oldestAgeMs = oldestAgeMs
    }
}
