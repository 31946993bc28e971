import Metrics
import Store

/// What the workers measure, by names that stay.
package struct PipelineMetrics: Sendable {
    private let factory: any MetricsFactory

    /// - Parameter factory: what the measures are made by; the process's own by default.
    package init(factory: any MetricsFactory = MetricsSystem.factory) { self.factory = factory }

    /// Counts a task that ended.
    package func ended(_ task: TaskRecord, as status: TaskStatus, nowMs: Int64) {
        let kind = ("task_type", task.request.kind.rawValue)
        Counter(label: "voicelingua_tasks_total", dimensions: [kind, ("status", status.rawValue)], factory: factory)
            .increment()
        guard status == .completed else { return }
        Recorder(
            label: "voicelingua_task_duration_seconds", dimensions: [kind], aggregate: true, factory: factory
        ).record(Double(nowMs - task.createdMs) / 1000)
    }

    /// Counts seconds of recordings that were transcribed, not those found in a cache.
    func transcribed(seconds: Double) {
        FloatingPointCounter(label: "voicelingua_audio_seconds_total", factory: factory).increment(by: seconds)
    }

    enum CacheResult: String { case hit, miss }

    func asked(_ cache: String, _ result: CacheResult, count: Int = 1) {
        guard count > 0 else { return }
        Counter(
            label: "voicelingua_cache_requests_total", dimensions: [("cache", cache), ("result", result.rawValue)],
            factory: factory
        ).increment(by: count)
    }
}
