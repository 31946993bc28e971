import Foundation
import MetricsTestKit
import Pipeline
import Store
import Testing
import Transcript

struct HousekeepingTests {
    private func housekeeping(
        _ place: Workplace, _ pace: Housekeeping.Pace, metrics: TestMetrics = TestMetrics(),
        clock: @escaping @Sendable () -> Int64 = Workplace.now
    ) throws -> Housekeeping {
        Housekeeping(
            id: "process", storage: place.storage, models: Engines(models: try EngineTests.cache(), threads: 1).pool,
            pace: pace, retentionMs: nil, metrics: PipelineMetrics(factory: metrics), log: Workplace.log, now: clock
        ) { Workers.Report(id: "process", name: "", host: "", processID: 0, startedMs: 0) }
    }

    private func keeping<Value>(
        _ housekeeping: Housekeeping, _ body: () async throws -> Value
    ) async rethrows -> Value {
        let run = Task { await housekeeping.run() }
        defer { run.cancel() }
        return try await body()
    }

    @Test func `a task that dies with its last worker is counted as failed`() async throws {
        let place = try await Workplace()
        let task = try await place.textTask()
        for attempt in 1...JobQueue.attemptsMax {
            let claimed = try await place.storage.queue.claim(.translation, count: 1, owner: "dying", leaseMs: 0)
            #expect(claimed.map(\.attempt) == [attempt])
            if attempt < JobQueue.attemptsMax { _ = try await place.storage.queue.reap() }
        }
        let metrics = TestMetrics()
        try await keeping(housekeeping(place, Housekeeping.Pace(), metrics: metrics)) {
            #expect(try await place.end(of: task.id).failure?.code == "worker_lost")
            try await within(20) {
                let dimensions = [("task_type", "text"), ("status", "failed")]
                // Missing until it is counted.
                while (try? metrics.expectCounter("voicelingua_tasks_total", dimensions).totalValue) != 1 {
                    await Task.yield()
                }
            }
        }
    }

    @Test func `a machine that slept goes on with the work of its workers`() async throws {
        let clock = TurnedClock()
        clock.turn(ms: Workplace.now())
        let place = try await Workplace(clock: clock.now)
        let task = try await place.textTask()
        var pace = Worker.Pace()
        pace.leaseMs = 600
        var looks = Housekeeping.Pace()
        looks.reap = .milliseconds(1)
        looks.leaseMs = pace.leaseMs
        let attempts = Collected<Int>()
        let (gate, opener) = AsyncStream.makeStream(of: Void.self)
        let worker = place.worker(slots: [.translation: 2], pace: pace) { job in
            attempts.add(job.attempt)
            for await _ in gate {}
            throw StageError.languageUnknown
        }
        try await keeping(housekeeping(place, looks, clock: clock.now)) {
            try await serving(worker) {
                _ = try await attempts.first(1)
                clock.turn(ms: 3_600_000)
                // The clock stands still until the lease reaches beyond it.
                try await within(20) {
                    while try await place.leaseEndMs(of: task.id) <= clock.now() { await Task.yield() }
                }
                opener.finish()
                #expect(try await place.end(of: task.id).failure?.code == "language_unknown")
            }
        }
        #expect(attempts.all == [1])
    }

    @Test func `after a gap all workers have the time of a lease to renew theirs`() {
        var pause = ReapingPause(leaseMs: 1_000)
        let looks: [(Int64, Bool)] = [
            (5_000, true), (5_500, true), (6_001, false), (6_500, false), (7_000, false), (7_001, true), (7_500, true),
            // Once more before the pause is over.
            (9_000, false), (9_501, false), (10_000, false), (10_500, false), (10_501, true),
            // The clock was set back.
            (3_000, false), (3_500, false), (3_999, false), (4_000, true),
        ]
        for (nowMs, ends) in looks { #expect(pause.ends(nowMs: nowMs) == ends, "\(nowMs)") }
    }
}

extension Workplace {
    /// Until when a worker has a job of a task; 0 where none has.
    fileprivate func leaseEndMs(of task: TaskID) async throws -> Int64 {
        try await storage.database.read { transaction in
            try transaction.row("select coalesce(max(lease_until_ms), 0) from jobs where task_id = $1", task) {
                try $0.next()
            }!
        }
    }
}
