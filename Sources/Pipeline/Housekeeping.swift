import Foundation
import Logging
import ServiceLifecycle
import Store

/// What a service does beside its work: offers jobs of the dead again, tells what it is doing, forgets what is old.
package struct Housekeeping: Service {
    /// How often each is done.
    package struct Pace: Sendable {
        /// With a lease of 15 s, the jobs of a dead process are offered again within 20.
        package var reap: Duration = .seconds(5)
        /// Of the workers.
        package var leaseMs = Worker.Pace().leaseMs
        package var report: Duration = .seconds(2)
        package var prune: Duration = .seconds(60)
        /// Does something where a task was deleted since.
        package var erase: Duration = .seconds(1)
        /// Reads the folders of all files.
        package var sweep: Duration = .seconds(3600)
        package var unload: Duration = .seconds(30)

        package init() {}
    }

    /// Tasks removed in one transaction, so that others get their turn.
    private static let pruneBatch = 100

    private let id: String
    private let storage: Storage
    private let pace: Pace
    private let models: ModelPool
    private let retentionMs: Int64?
    private let metrics: PipelineMetrics
    private let log: Logger
    private let now: @Sendable () -> Int64
    private let report: @Sendable () async throws -> Workers.Report

    /// - Parameters:
    ///   - id: of the process, as it is reported.
    ///   - retentionMs: how long tasks are kept after their end; nil for ever.
    ///   - report: what this process is doing.
    package init(
        id: String, storage: Storage, models: ModelPool, pace: Pace = Pace(), retentionMs: Int64?,
        metrics: PipelineMetrics, log: Logger, now: @escaping @Sendable () -> Int64,
        report: @escaping @Sendable () async throws -> Workers.Report
    ) {
        self.id = id
        self.storage = storage
        self.models = models
        self.pace = pace
        self.retentionMs = retentionMs
        self.metrics = metrics
        self.log = log
        self.now = now
        self.report = report
    }

    package func run() async {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask {
                    var pause = ReapingPause(leaseMs: pace.leaseMs)
                    await every(pace.reap, "reap") {
                        // The machine may go to sleep behind the look too: what counts is what had run out at the look.
                        let nowMs = now()
                        if pause.ends(nowMs: nowMs) { try await reap(untilMs: nowMs) }
                    }
                }
                group.addTask {
                    await every(pace.report, "report") { try await storage.workers.report(try await report()) }
                }
                group.addTask { await every(pace.prune, "prune") { try await prune() } }
                group.addTask { await every(pace.erase, "erase") { try await storage.database.eraseDeleted() } }
                group.addTask { await every(pace.sweep, "sweep") { try await sweep() } }
                group.addTask { await every(pace.unload, "unload") { unload() } }
            }
        }
        // It is forgotten anyway when it reports no more.
        try? await storage.workers.leave(id)
    }

    /// Does something at once and then again and again; what fails is logged and done the next time.
    private func every(_ interval: Duration, _ name: String, _ action: () async throws -> Void) async {
        repeat {
            do { try await action() } catch {
                if !Task.isCancelled {
                    log.error("housekeeping failed", metadata: ["what": "\(name)", "error": "\(error)"])
                }
            }
            // Thrown when cancelled, which the condition sees.
            try? await Task.sleep(for: interval)
        } while !Task.isCancelled
    }

    private func reap(untilMs: Int64) async throws {
        let reaped = try await storage.queue.reap(untilMs: untilMs)
        for task in reaped.failed { metrics.ended(task, as: .failed, nowMs: now()) }
        if reaped.count > 0 { log.warning("leases ran out", metadata: ["count": "\(reaped.count)"]) }
    }

    func unload() {
        for name in models.unloadIdle() { log.info("model unloaded", metadata: ["model": "\(name)"]) }
    }

    /// Removes the files that belong to no task.
    func sweep() async throws {
        let aged = try await StageThreads.compute { [storage] in try storage.agedBlobs() }
        let orphans = try await storage.orphans(among: aged)
        try await StageThreads.compute { [storage] in try storage.blobs.remove(orphans) }
        if !orphans.isEmpty { log.info("files without a task removed", metadata: ["count": "\(orphans.count)"]) }
    }

    func prune() async throws {
        while try await storage.cache.prune(limit: Housekeeping.pruneBatch) == Housekeeping.pruneBatch {}
        while true {
            let pruned = try await storage.tasks.prune(
                endedBeforeMs: retentionMs.map { now() - $0 }, limit: Housekeeping.pruneBatch)
            try await StageThreads.compute { [storage] in try storage.blobs.remove(pruned.blobs) }
            if pruned.count > 0 { log.info("tasks pruned", metadata: ["count": "\(pruned.count)"]) }
            guard pruned.count == Housekeeping.pruneBatch else { return }
        }
    }
}
