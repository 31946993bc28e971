import Synchronization
import TestSupport
import Transcript

import Store

/// A clock that is turned by hand.
final class ManualClock: Sendable {
    private let ms = Atomic<Int64>(1_700_000_000_000)

    var now: Int64 { ms.load(ordering: .relaxed) }
    func turn(_ byMs: Int64) { ms.add(byMs, ordering: .relaxed) }
}

/// A storage in a folder of its own, with a clock that stands still until it is turned.
struct StoreFixture {
    let folder: TemporaryFolder
    let clock: ManualClock
    let storage: Storage

    static let leaseMs: Int64 = 15_000

    init(beforeStatement: Database.BeforeStatement? = nil) async throws {
        let clock = ManualClock()
        folder = try TemporaryFolder()
        self.clock = clock
        storage = try await Storage(folder: folder.path, now: { clock.now }, beforeStatement: beforeStatement)
    }

    var tasks: Tasks { storage.tasks }
    var queue: JobQueue { storage.queue }

    static func text(
        _ languages: [Language] = [.portuguese, .german], number: String? = nil, source: String? = "en"
    ) -> TaskRequest {
        var request = TaskRequest(kind: .text, languages: languages)
        request.text = "Good morning."
        request.textNumber = number
        request.sourceLanguage = source
        return request
    }

    static func audio(
        _ languages: [Language] = [.portuguese, .german], hash: String = "a1", reference: String? = nil
    ) -> TaskRequest {
        var request = TaskRequest(kind: .audio, languages: languages)
        request.upload = TaskRequest.Upload(
            blob: BlobKey(rawValue: "uploads/0-\(hash)"), hash: hash, sizeBytes: 1000)
        request.text = reference
        return request
    }

    func claim(_ queue: QueueName, count: Int = 1, owner: String = "worker") async throws -> [ClaimedJob] {
        try await self.queue.claim(queue, count: count, owner: owner, leaseMs: StoreFixture.leaseMs)
    }

    static func transcript(_ text: String = "Good morning.", language: String = "en") -> TranscriptDocument {
        let segment = Segment(
            index: 0, start: 0, end: 1.5, text: text, tokens: [1], temperature: 0, averageLogProbability: -0.2,
            compressionRatio: 1, noSpeechProbability: 0)
        return TranscriptDocument(
            Recording(
                segments: [segment], language: language, languageProbability: 0.9, durationSeconds: 1.5,
                speechSeconds: 1.5, findings: []))
    }

    static func translated(_ job: TranslationJob) -> TranslatedText {
        TranslatedText(
            language: job.language, source: job.source, text: "[\(job.language)] Good morning.",
            sentences: [
                TranslatedText.Sentence(source: "Good morning.", text: "[\(job.language)]", score: 0.9, faults: ["odd"])
            ])
    }

    static let package = TaskRecord.Package(blob: BlobKey(rawValue: "packages/0-p"), sizeBytes: 77)

    /// Settles one job as a worker would whose work succeeds.
    func finish(_ job: ClaimedJob) async throws {
        switch job.queue {
        case .transcription:
            let sources: [TextSource] = job.task.request.text == nil ? [.audio] : [.audio, .text]
            let jobs = job.task.request.languages.flatMap { language in
                sources.map { TranslationJob(language: language, source: $0) }
            }
            try await queue.finishTranscription(
                job.lease, transcript: StoreFixture.transcript(), accuracy: nil, same: [], jobs: jobs)
        case .translation:
            try await queue.finishTranslation(
                job.lease, StoreFixture.translated(job.translation!), sourceLanguage: "en")
        case .packaging: try await queue.finishPackaging(job.lease, StoreFixture.package)
        case .webhook: try await queue.finishDelivery(job.lease)
        }
    }

    /// Works on everything that can be claimed, until nothing can.
    func work() async throws {
        while true {
            var count = 0
            for queue in QueueName.allCases {
                for job in try await claim(queue, count: 10) {
                    try await finish(job)
                    count += 1
                }
            }
            guard count > 0 else { return }
        }
    }

    /// Creates a task and works on it to its end.
    func completed(_ request: TaskRequest) async throws -> TaskRecord {
        let id = try await tasks.create(request).task.id
        try await work()
        return try await tasks.task(id)!
    }
}
