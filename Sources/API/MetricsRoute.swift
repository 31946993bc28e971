import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Store

/// What was counted, and how the queues stand when it is asked for.
struct MetricsRoute {
    let desk: Desk
    let metrics: PrometheusMetrics

    func add(to router: some RouterMethods<Visit>) {
        router.get("metrics", use: text)
    }

    @Sendable private func text(_ request: Request, _ visit: Visit) async throws -> Response {
        .text(metrics.text(with: try await gauges()), type: PrometheusText.contentType)
    }

    private typealias Gauge = (name: String, labels: [(String, String)], value: Double)

    private func gauges() async throws -> [Gauge] {
        let queues = try await desk.storage.queue.statistics()
        let (pace, unfinished) = try await desk.gate.pace()
        let reports = try await desk.reach.reports()
        let jobs = queues.reduce(0) { $0 + $1.ready + $1.delayed + $1.running }
        // Of the jobs there are to a task that is under way, as an average.
        let jobsPerTask = Double(max(1, jobs)) / Double(max(1, unfinished))
        var gauges: [Gauge] = [
            ("voicelingua_unfinished_tasks", [], Double(unfinished)),
            ("process_resident_memory_bytes", [], MetricsRoute.residentBytes()),
        ]
        for queue in queues {
            let labels = [("queue", queue.queue.rawValue)]
            let waiting = Double(queue.ready + queue.delayed)
            gauges.append(("voicelingua_queue_size", labels, waiting))
            gauges.append(("voicelingua_queue_dead_letters", labels, Double(queue.failed)))
            gauges.append(
                ("voicelingua_queue_oldest_age_seconds", labels, Double(queue.oldestAgeMs ?? 0) / 1_000))
            if let interval = pace.intervalSeconds {
                gauges.append(
                    ("voicelingua_queue_backlog_seconds", labels, waiting / max(1, jobsPerTask) * interval))
            }
            let running = reports.reduce(0) { $0 + ($1.running[queue.queue] ?? 0) }
            gauges.append(("voicelingua_active_workers", labels, Double(running)))
        }
        for model in reports.flatMap(\.loadedModels) {
            gauges.append(("voicelingua_model_load_seconds", [("model", model.name)], model.loadSeconds))
            gauges.append(("voicelingua_model_memory_bytes", [("model", model.name)], Double(model.sizeBytes)))
        }
        return gauges
    }

    /// The second number of `statm` is pages in memory; 0 where the system has no such file.
    private static func residentBytes() -> Double {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0
        return pages * Double(sysconf(Int32(_SC_PAGESIZE)))
    }
}
