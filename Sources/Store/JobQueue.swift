import Transcript

/// Jobs: handed out under leases, settled with what came of them. Every method is one transaction.
///
/// What a stage leads to (results, the fan-in, the next jobs, states, events) commits with it.
package struct JobQueue: Sendable {
    let database: Database

    /// Attempts of a job before it is a dead letter.
    package static let attemptsMax = 5

    /// Leases up to `count` jobs whose time has come: highest priority first, then the oldest task's.
    ///
    /// Jobs that do the same work (`workKey`, the same recording with the same options) are never leased at once: the
    /// others wait, and then find the first one's result in the cache.
    ///
    /// - Parameter leaseMs: milliseconds until it has to be renewed.
    package func claim(_ queue: QueueName, count: Int, owner: String, leaseMs: Int64) async throws -> [ClaimedJob] {
        fatalError()
    }

    /// Renews leases.
    ///
    /// - Returns: those that are lost: run out and given to another, or their task was cancelled or deleted.
    package func renew(_ leases: [Lease], leaseMs: Int64) async throws -> [Lease] { fatalError() }

    /// Tells how much of a recording is transcribed, 0…1, and its length.
    package func report(_ lease: Lease, transcribed: Double, audioSeconds: Double?) async throws { fatalError() }

    /// Gives jobs back without counting the attempt: the worker stops.
    package func release(_ leases: [Lease]) async throws { fatalError() }

    /// Settles a job that did not succeed.
    ///
    /// - Parameter retryAfterMs: nil makes it a dead letter and fails its task, whose other jobs are cancelled; so does
    ///   an attempt that was the last.
    package func fail(_ lease: Lease, code: String, message: String, retryAfterMs: Int64?) async throws { fatalError() }

    /// Offers jobs again whose lease ran out, and buries those without attempts left (`worker_lost`).
    ///
    /// - Returns: how many.
    package func reap() async throws -> Int { fatalError() }

    /// Settles a transcription job, starts the translations.
    ///
    /// - Parameters:
    ///   - language: what is spoken, as the jobs of translation take it.
    ///   - same: texts that are in a language asked for already (they need no job).
    ///   - jobs: translations to do.
    package func finishTranscription(
        _ lease: Lease, transcript: TranscriptDocument, accuracy: AccuracyReport?, same: [TranslatedText],
        jobs: [TranslationJob]
    ) async throws { fatalError() }

    /// Settles a translation job; the last of a task starts its packaging.
    ///
    /// - Parameter sourceLanguage: what the text is in, where that was found out.
    package func finishTranslation(_ lease: Lease, _ text: TranslatedText, sourceLanguage: String?) async throws {
        fatalError()
    }

    /// Settles a packaging job: the task is completed, its translations are published, its callback is due.
    package func finishPackaging(_ lease: Lease, _ package: TaskRecord.Package) async throws { fatalError() }

    /// Settles the delivery of a callback.
    package func finishDelivery(_ lease: Lease) async throws { fatalError() }

    /// Keeps a part of a job's work, so that another attempt need not do it again; gone when the job is settled.
    ///
    /// - Returns: false where the lease is lost.
    package func keep(_ lease: Lease, name: String, value: [UInt8]) async throws -> Bool { fatalError() }

    /// What earlier attempts kept, in the order it was kept.
    package func kept(_ job: JobID) async throws -> [(name: String, value: [UInt8])] { fatalError() }

    /// Offers a dead letter again, with all its attempts; its task goes on where it stood, and so do the jobs that were
    /// cancelled with it.
    ///
    /// - Throws: `StoreError.noJob`, `.notFailed`.
    package func retry(_ job: JobID) async throws -> JobRecord { fatalError() }

    package func statistics() async throws -> [QueueStatistics] { fatalError() }

    /// Dead letters, newest first.
    package func dead(limit: Int) async throws -> [JobRecord] { fatalError() }

    package func jobs(of task: TaskID) async throws -> [JobRecord] { fatalError() }
}
