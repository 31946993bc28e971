import Foundation
import Pipeline
import Store
import Testing
import Transcript

struct WorkerTests {
    private static func translated(_ job: ClaimedJob, _ place: Workplace) async throws {
        switch job.queue {
        case .translation:
            let asked = try #require(job.translation)
            let text = TranslatedText(language: asked.language, source: asked.source, text: "x", sentences: [])
            try await place.storage.queue.finishTranslation(job.lease, text, sourceLanguage: nil)
        case .packaging:
            let upload = try place.storage.blobs.begin("packages")
            try place.storage.blobs.commit(upload)
            try await place.storage.queue.finishPackaging(job.lease, .init(blob: upload.key, sizeBytes: 0))
        case .transcription, .webhook: Issue.record("no such job was made")
        }
    }

    @Test func `jobs that wait at the start, and those that come later, are done`() async throws {
        let place = try await Workplace()
        let before = try await place.textTask(into: [.portuguese, .french])
        let worker = place.worker(slots: [.translation: 2, .packaging: 1]) {
            try await WorkerTests.translated($0, place)
        }
        try await serving(worker) {
            #expect(try await place.end(of: before.id).status == .completed)
            let after = try await place.textTask()
            #expect(try await place.end(of: after.id).status == .completed)
        }
    }

    @Test func `no more jobs run at once than there are slots`() async throws {
        let place = try await Workplace()
        let task = try await place.textTask(into: [.portuguese, .french, .german, .italian, .spanish])
        let entered = Collected<Int>()
        let (gate, opener) = AsyncStream.makeStream(of: Void.self)
        let worker = place.worker(slots: [.translation: 2, .packaging: 1]) { job in
            entered.add(1)
            if entered.all.count <= 2 { for await _ in gate {} }
            try await WorkerTests.translated(job, place)
        }
        try await serving(worker) {
            _ = try await entered.first(2)
            #expect(await worker.running == [.translation: 2])
            opener.finish()
            #expect(try await place.end(of: task.id).status == .completed)
        }
    }

    @Test func `a job that fails for good fails its task with the code`() async throws {
        let place = try await Workplace()
        let task = try await place.textTask()
        let worker = place.worker(slots: [.translation: 1]) { _ in throw StageError.languageUnsupported(code: "pl") }
        try await serving(worker) {
            let end = try await place.end(of: task.id)
            #expect(end.status == .failed)
            #expect(end.failure?.code == "language_unsupported")
        }
        #expect(try await place.storage.queue.dead(limit: 10).map(\.attempt) == [1])
    }

    @Test func `a job is tried again as often as it may be, and then is a dead letter`() async throws {
        let place = try await Workplace()
        let task = try await place.textTask()
        let attempts = Collected<Int>()
        let worker = place.worker(slots: [.translation: 1]) { job in
            attempts.add(job.attempt)
            throw StoreError.full(path: "x")
        }
        let end = try await serving(worker) { try await place.end(of: task.id) }
        #expect(end.failure?.code == "disk_full")
        #expect(attempts.all == Array(1...JobQueue.attemptsMax))
        #expect(try await place.storage.queue.dead(limit: 10).first?.failures.count == JobQueue.attemptsMax)
    }

    @Test func `work on a cancelled task ends within two seconds, and nothing of it is written`() async throws {
        let place = try await Workplace()
        let task = try await place.textTask()
        let (entered, ended) = (Collected<Void>(), Collected<Duration>())
        let worker = place.worker(slots: [.translation: 1]) { job in
            entered.add(())
            let start = ContinuousClock.now
            defer { ended.add(.now - start) }
            try await forever()
        }
        try await serving(worker) {
            _ = try await entered.first(1)
            _ = try await place.storage.tasks.cancel(task.id)
            let took = try await ended.first(1, seconds: 2)
            #expect(took.count == 1)
        }
        #expect(try await place.storage.tasks.task(task.id)?.status == .cancelled)
    }

    @Test func `on a stop, what runs is given back without counting the attempt`() async throws {
        let place = try await Workplace()
        let task = try await place.textTask()
        let entered = Collected<Void>()
        let worker = place.worker(slots: [.translation: 1]) { _ in
            entered.add(())
            try await forever()
        }
        try await serving(worker) { _ = try await entered.first(1) }
        let job = try #require(try await place.storage.queue.jobs(of: task.id).first)
        #expect(job.state == .available)
        #expect(job.attempt == 0)
    }

    @Test func `a live worker's lease is renewed, so that nobody else gets its job`() async throws {
        let place = try await Workplace()
        _ = try await place.textTask()
        var pace = Worker.Pace()
        pace.leaseMs = 2_000
        let runs = Collected<Int>()
        let (gate, opener) = AsyncStream.makeStream(of: Void.self)
        let worker = place.worker(slots: [.translation: 2, .packaging: 1], pace: pace) { job in
            runs.add(job.attempt)
            for await _ in gate {}
            try await WorkerTests.translated(job, place)
        }
        try await serving(worker) {
            _ = try await runs.first(1)
            let start = ContinuousClock.now
            while .now - start < .seconds(4) { #expect(try await place.storage.queue.reap().count == 0) }
            #expect(runs.all == [1])
            opener.finish()
        }
    }

    @Test func `a lease that was lost ends the work, and the other one's result counts`() async throws {
        let place = try await Workplace()
        let task = try await place.textTask()
        var pace = Worker.Pace()
        pace.leaseMs = 300
        let (entered, ended) = (Collected<Lease>(), Collected<Void>())
        let worker = place.worker(slots: [.translation: 1], pace: pace) { job in
            entered.add(job.lease)
            defer { ended.add(()) }
            try await forever()
        }
        try await serving(worker) {
            let lease = try await entered.first(1)[0]
            try await place.storage.queue.release([lease])
            let other = try await place.storage.queue.claim(.translation, count: 1, owner: "other", leaseMs: 60_000)
            #expect(other.count == 1)
            _ = try await ended.first(1)
            try await WorkerTests.translated(other[0], place)
        }
        #expect(try await place.storage.tasks.task(task.id)?.translationsDone == 1)
    }
}

/// Waits until the task is cancelled.
private func forever() async throws {
    let (never, _) = AsyncStream.makeStream(of: Void.self)
    for await _ in never {}
    throw CancellationError()
}
