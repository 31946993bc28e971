import Audio
import Crypto
import Foundation
import Logging
import Store
import Text
import TextTranslation
import Transcript
import Whisper

/// The stage that turns a recording into a transcript, compares it with its reference, and asks for translations.
///
/// What was transcribed before is taken from a cache: in memory, then in the database. Finished windows are kept with
/// the job, so that another attempt goes on behind them.
package struct Transcribe: Sendable {
    /// Part of a recording between two reports of progress.
    private static let progressStep = 0.02

    private let storage: Storage
    private let speech: SpeechEngine
    private let models: ModelPool
    /// Used where a request names no model.
    private let standardModel: String
    private let memory: ByteLimitedCache<[UInt8], TranscriptDocument>
    private let ttlMs: Int64
    private let metrics: PipelineMetrics
    private let log: Logger

    package init(
        storage: Storage, engines: Engines, standardModel: String,
        memory: ByteLimitedCache<[UInt8], TranscriptDocument>, ttlMs: Int64, metrics: PipelineMetrics, log: Logger
    ) {
        self.storage = storage
        speech = engines.speech
        models = engines.pool
        self.standardModel = standardModel
        self.memory = memory
        self.ttlMs = ttlMs
        self.metrics = metrics
        self.log = log
    }

    /// - Throws: `StageError`, what the engine throws, `StoreError`.
    func run(_ job: ClaimedJob) async throws {
        var request = job.task.request
        guard let upload = request.upload else { throw StageError.nothingToDo }
        let model = request.transcription.model ?? standardModel
        let version = try await StageThreads.compute { [models] in try models.version(of: model) }
        let plan = TranscriptionPlan(request, upload: upload, model: model, version: version)
        var recording = try await heard(plan, job)
        let language = plan.script ?? Language(rawValue: recording.language)
        if let language { recording = try recording.written(in: language) }
        let written = request.transcription.translatesToEnglish ? Language.english : language
        if !request.languagesAreNamed { request.languages = try await reached(from: written) }
        guard written != nil || request.languages.isEmpty else {
            throw StageError.languageUnsupported(code: recording.language)
        }
        let transcript = TranscriptDocument(recording)
        let outcome = try await StageThreads.compute { [recording, request] in
            try TranscriptionOutcome(request, recording, transcript, heard: language, written: written)
        }
        try await storage.queue.finishTranscription(
            job.lease, languages: request.languages, transcript: transcript, accuracy: outcome.accuracy,
            same: outcome.same, jobs: outcome.jobs)
    }

    /// All languages that a text gets into; none from a language that is not translated.
    private func reached(from language: Language?) async throws -> [Language] {
        guard let language else { return [] }
        return try await StageThreads.compute { [models] in
            models.routes().reachable(Language.allCases, from: language).targets
        }
    }

    private func heard(_ plan: TranscriptionPlan, _ job: ClaimedJob) async throws -> Recording {
        if let known = try await known(plan) {
            metrics.asked("transcription", .hit)
            return known.recording
        }
        metrics.asked("transcription", .miss)
        let recording = try await transcribe(plan, job)
        metrics.transcribed(seconds: recording.durationSeconds)
        let document = TranscriptDocument(recording)
        if ttlMs > 0 {
            let bytes = Array(document.json.utf8)
            memory.keep(document, for: plan.key, sizeBytes: bytes.count, task: job.task.id)
            try await storage.cache.keep(
                .transcription, [.init(key: plan.key, value: bytes, task: job.task.id)], ttlMs: ttlMs)
        }
        return recording
    }

    private func known(_ plan: TranscriptionPlan) async throws -> TranscriptDocument? {
        guard ttlMs > 0 else { return nil }
        if let document = memory.value(plan.key) { return document }
        guard let bytes = try await storage.cache.values(.transcription, [plan.key])[plan.key] else { return nil }
        return try TranscriptDocument(json: String(decoding: bytes, as: UTF8.self))
    }

    private func transcribe(_ plan: TranscriptionPlan, _ job: ClaimedJob) async throws -> Recording {
        // Records of another model or of other options are of no use; windows that cannot be read are done again.
        let done = try await storage.queue.kept(job.lease.job).filter { $0.name.hasPrefix(plan.keptPrefix) }
            .compactMap { WindowRecord(json: $0.value) }
        var asked = SpeechJob(path: storage.blobs.path(plan.blob), model: plan.model, options: plan.options)
        asked.priority = job.task.request.priority
        asked.done = done
        var reported = 0.0
        for try await event in speech.transcribe(asked) {
            switch event {
            case .progress(let seconds, let length):
                guard let length, length > 0, seconds / length >= reported + Transcribe.progressStep else { continue }
                reported = min(seconds / length, 1)
                try await storage.queue.report(job.lease, transcribed: reported, audioSeconds: length)
            case .window(let record):
                let facts: Logger.Metadata = [
                    "task": "\(job.task.id)", "job": "\(job.lease.job)",
                    "window": "\(record.stretch)/\(record.seek)",
                ]
                log.debug("window done", metadata: facts)
                let isKept = try await storage.queue.keep(
                    job.lease, name: "\(plan.keptPrefix)\(record.stretch)/\(record.seek)", value: record.json)
                guard isKept else { throw StoreError.leaseLost(job.lease.job) }
                log.debug("window kept", metadata: facts)
            case .finished(let recording, _): return recording
            }
        }
        // A stream that ends without a recording was cancelled.
        throw CancellationError()
    }
}
