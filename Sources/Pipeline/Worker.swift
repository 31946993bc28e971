import Foundation
import Logging
import ServiceLifecycle
import Store

/// Takes jobs of all queues under leases, works on as many at once as there are slots, and settles them.
///
/// Word that something may be claimed is a hint; the poll is the truth. On a graceful stop nothing more is claimed, what
/// runs is ended and given back.
package actor Worker: Service {
    /// How long a lease lasts, and how often it is looked for work.
    package struct Pace: Sendable {
        /// Short, so that the jobs of a dead process are soon offered again.
        package var leaseMs: Int64 = 15_000
        package var poll: Duration = .seconds(1)
        /// Two renewals may fail before a lease is lost.
        var renewal: Duration { .milliseconds(leaseMs / 3) }

        package init() {}
    }

    /// Does the work of a job and settles it; throws what the job is to be failed with.
    package typealias Stage = @Sendable (ClaimedJob) async throws -> Void

    private nonisolated let id: String
    private nonisolated let storage: Storage
    private nonisolated let queues: [QueueName]
    private nonisolated let pace: Pace
    private nonisolated let log: Logger
    private nonisolated let stage: Stage
    private nonisolated let forget: @Sendable (TaskID) -> Void
    private nonisolated let now: @Sendable () -> Int64
    private let policy: RetryPolicy
    private let deliveryPolicy: RetryPolicy
    private let metrics: PipelineMetrics
    private var book: LeaseBook
    private var work: [Lease: Task<Void, Never>] = [:]
    private var wakes: [QueueName: AsyncStream<Void>.Continuation] = [:]
    private var random = SystemRandomNumberGenerator()

    /// - Parameters:
    ///   - id: of this process, in its leases.
    ///   - slots: jobs at once by queue.
    ///   - now: milliseconds since 1970.
    ///   - forget: drops what memory has of a task that was deleted; called when nothing of it is under way any more.
    package init(
        id: String, storage: Storage, slots: [QueueName: Int], pace: Pace = Pace(), policy: RetryPolicy = .stages,
        deliveryPolicy: RetryPolicy = .deliveries, metrics: PipelineMetrics, log: Logger,
        now: @escaping @Sendable () -> Int64, forget: @escaping @Sendable (TaskID) -> Void = { _ in },
        stage: @escaping Stage
    ) {
        self.id = id
        self.storage = storage
        queues = QueueName.allCases.filter { slots[$0, default: 0] > 0 }
        self.pace = pace
        self.policy = policy
        self.deliveryPolicy = deliveryPolicy
        self.metrics = metrics
        self.log = log
        self.now = now
        self.forget = forget
        self.stage = stage
        book = LeaseBook(slots: slots)
    }

    /// Jobs under way by queue.
    package var running: [QueueName: Int] { book.running }

    /// Works until a graceful stop or cancellation; everything is given back when it returns.
    package func run() async {
        let changes = storage.database.changes()
        let streams = queues.map { queue in
            let (stream, wake) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
            wakes[queue] = wake
            return (queue, stream)
        }
        await withDiscardingTaskGroup { group in
            for (queue, stream) in streams {
                group.addTask { for await _ in stream { await self.claim(queue) } }
            }
            group.addTask { for await change in changes { await self.take(change) } }
            group.addTask { await self.every(self.pace.poll) { await self.wakeAll() } }
            group.addTask { await self.every(self.pace.renewal) { await self.renew() } }
            // Either way it is time to stop.
            try? await gracefulShutdown()
            // A task that is cancelled may not write, so another one does.
            await Task { await self.drain() }.value
            group.cancelAll()
        }
    }

    /// Does something at once and then again and again until the task is cancelled.
    private nonisolated func every(_ interval: Duration, _ action: () async -> Void) async {
        repeat {
            await action()
            // Thrown when cancelled, which the condition sees.
            try? await Task.sleep(for: interval)
        } while !Task.isCancelled
    }

    private func wakeAll() { for wake in wakes.values { wake.yield() } }

    private func take(_ change: Database.Change) async {
        switch change {
        case .task: break
        case .queue(let queue): wakes[queue]?.yield()
        case .stopped(let task):
            for lease in book.stop(task) { work[lease]?.cancel() }
            // One that is deleted is no more counted.
            if let record = try? await storage.tasks.task(task), record.status == .cancelled {
                metrics.ended(record, as: .cancelled, nowMs: now())
            }
        case .deleted(let task):
            let ending = book.leases(of: task).compactMap { work[$0] }
            Task {
                for work in ending { await work.value }
                forget(task)
            }
        }
    }

    /// Claims until the slots are full or nothing is left.
    private func claim(_ queue: QueueName) async {
        while true {
            let count = book.beginClaim(queue)
            guard count > 0 else { return }
            var jobs: [ClaimedJob] = []
            do {
                jobs = try await storage.queue.claim(queue, count: count, owner: id, leaseMs: pace.leaseMs)
            } catch {
                log.error("claim failed", metadata: ["queue": "\(queue.rawValue)", "error": "\(error)"])
            }
            let (taken, late) = book.endClaim(
                jobs.map { LeaseBook.Held(lease: $0.lease, task: $0.task.id, queue: $0.queue) })
            for job in jobs where taken.contains(job.lease) { start(job) }
            if !late.isEmpty { await giveBack(late) }
            guard jobs.count == count else { return }
        }
    }

    private func start(_ job: ClaimedJob) {
        work[job.lease] = Task {
            var failure: (any Error)?
            do { try await stage(job) } catch { failure = error }
            await finish(job, failure)
        }
    }

    private func finish(_ job: ClaimedJob, _ failure: (any Error)?) async {
        let end = book.leave(job.lease)
        // Its own task ends here, so it may still write although it was cancelled.
        switch (failure, end) {
        case (nil, _): done(job)
        case (_, .stopped): log.info("job stopped", metadata: metadata(job))
        case (_, .lost): log.warning("lease lost", metadata: metadata(job))
        case (_, .drained): await Task { await giveBack([job.lease]) }.value
        case (let failure?, nil): await fail(job, failure)
        }
        work[job.lease] = nil
        wakes[job.queue]?.yield()
    }

    private func done(_ job: ClaimedJob) {
        log.info("job done", metadata: metadata(job))
        if job.queue == .packaging { metrics.ended(job.task, as: .completed, nowMs: now()) }
    }

    private func fail(_ job: ClaimedJob, _ error: any Error) async {
        if case StoreError.leaseLost? = error as? StoreError {
            return log.warning("lease lost", metadata: metadata(job))
        }
        let failure = StageFailure(error)
        let verdict = RetryPolicy.verdict(failure)
        let delay = (job.queue == .webhook ? deliveryPolicy : policy).delayMs(
            verdict.retry, attempt: job.attempt, nowMs: now(), random: &random)
        var facts = metadata(job)
        facts["code"] = "\(verdict.code)"
        if case .other = failure { facts["error"] = "\(error)" }
        if case .notBefore = verdict.retry, let delay { return await postpone(job, byMs: delay, facts) }
        let isLast = delay == nil || job.attempt >= job.attemptsMax
        log.log(level: isLast ? .error : .warning, isLast ? "job failed" : "job to be tried again", metadata: facts)
        do {
            try await storage.queue.fail(
                job.lease, code: verdict.code, message: failure.description(of: job), retryAfterMs: delay)
            if isLast, job.queue != .webhook { metrics.ended(job.task, as: .failed, nowMs: now()) }
        } catch {
            // Its lease runs out, and then it is offered again.
            log.error("failure not written", metadata: facts.merging(["error": "\(error)"]) { $1 })
        }
    }

    private func postpone(_ job: ClaimedJob, byMs: Int64, _ facts: Logger.Metadata) async {
        do {
            try await storage.queue.postpone(job.lease, byMs: byMs)
            log.info("job postponed", metadata: facts)
        } catch {
            // Its lease runs out, and then it is offered again.
            log.error("job not postponed", metadata: facts.merging(["error": "\(error)"]) { $1 })
        }
    }

    private func renew() async {
        let leases = book.leases
        guard !leases.isEmpty else { return }
        do {
            for lease in book.lose(try await storage.queue.renew(leases, leaseMs: pace.leaseMs)) {
                work[lease]?.cancel()
            }
        } catch {
            log.error("leases not renewed", metadata: ["count": "\(leases.count)", "error": "\(error)"])
        }
    }

    /// Ends all work and waits for it.
    private func drain() async {
        for wake in wakes.values { wake.finish() }
        for lease in book.drain() { work[lease]?.cancel() }
        for task in Array(work.values) { await task.value }
    }

    private func giveBack(_ leases: [Lease]) async {
        do {
            try await storage.queue.release(leases)
            log.info("jobs given back", metadata: ["count": "\(leases.count)"])
        } catch {
            // They run out by themselves.
            log.error("jobs not given back", metadata: ["count": "\(leases.count)", "error": "\(error)"])
        }
    }

    private nonisolated func metadata(_ job: ClaimedJob) -> Logger.Metadata {
        var facts: Logger.Metadata = [
            "task": "\(job.task.id)", "job": "\(job.lease.job)", "stage": "\(job.queue.rawValue)",
            "attempt": "\(job.attempt)",
        ]
        if let trace = job.task.request.traceID { facts["trace"] = "\(trace)" }
        if let translation = job.translation { facts["language"] = "\(translation.language.rawValue)" }
        return facts
    }
}

extension StageFailure {
    /// For the people of the task, who know their recording by no path of ours.
    fileprivate func description(of job: ClaimedJob) -> String {
        guard case .audio = self, let blob = job.task.request.upload?.blob else { return description }
        let words = description.split(separator: " ").map { $0.hasSuffix(blob.rawValue) ? "the recording" : String($0) }
        return words.joined(separator: " ")
    }
}
