import Foundation
import Store
import Synchronization
import Transcript

/// What this process tells of itself every few seconds.
package final class ProcessReport: Sendable {
    private let id: String
    /// Asked once: it may take the network.
    private let host = ProcessInfo.processInfo.hostName
    private let startedMs: Int64
    private let slots: [QueueName: Int]
    private let standardModel: String
    private let engines: Engines
    private let transcripts: ByteLimitedCache<[UInt8], TranscriptDocument>
    private let metrics: PipelineMetrics
    private let worker: Worker
    /// Questions to the cache of translations that were counted.
    private let counted = Mutex((hits: 0, misses: 0))

    /// - Parameters:
    ///   - id: of the process, as its leases bear it.
    ///   - slots: jobs at once by queue.
    package init(
        id: String, startedMs: Int64, slots: [QueueName: Int], standardModel: String, engines: Engines,
        transcripts: ByteLimitedCache<[UInt8], TranscriptDocument>, metrics: PipelineMetrics, worker: Worker
    ) {
        self.id = id
        self.startedMs = startedMs
        self.slots = slots
        self.standardModel = standardModel
        self.engines = engines
        self.transcripts = transcripts
        self.metrics = metrics
        self.worker = worker
    }

    package func report() async throws -> Workers.Report {
        let processID = Int(ProcessInfo.processInfo.processIdentifier)
        var report = Workers.Report(
            id: id, name: "\(host):\(processID)", host: host, processID: processID, startedMs: startedMs)
        report.concurrency = slots
        report.running = await worker.running
        // What is installed may change at any time.
        let pool = engines.pool
        let (models, directions) = try await StageThreads.compute { (pool.speechModels, pool.directions()) }
        report.speechModels = models
        report.speechModel = models.contains(standardModel) ? standardModel : nil
        report.directions = directions
        report.loadedModels = pool.loaded
        let translations = engines.translation.cacheFigures
        report.caches = [transcripts.figures, translations]
        count(translations)
        return report
    }

    private func count(_ figures: Workers.Report.CacheFigures) {
        let (hits, misses) = counted.withLock { counted in
            defer { counted = (figures.hits, figures.misses) }
            return (figures.hits - counted.hits, figures.misses - counted.misses)
        }
        metrics.asked("translation", .hit, count: hits)
        metrics.asked("translation", .miss, count: misses)
    }
}
