import API
import CoreMetrics
import HummingbirdTesting
import TestSupport
import Testing

struct MetricsRouteTests {
    @Test func `Prometheus's own check has nothing to say`() async throws {
        let house = try await House()
        try await house.employ()
        _ = try await house.submit()
        try await TestWorker(storage: house.storage).work()
        let handler = house.metrics.makeTimer(
            label: "voicelingua_task_duration_seconds", dimensions: [("task_type", "text")])
        handler.recordNanoseconds(1_500_000_000)
        house.metrics.makeCounter(
            label: "voicelingua_tasks_total", dimensions: [("task_type", "text"), ("status", "completed")]
        ).increment(by: 2)
        house.metrics.makeFloatingPointCounter(label: "voicelingua_audio_seconds_total", dimensions: []).increment(
            by: 1.5)
        house.metrics.makeMeter(label: "voicelingua_active_workers", dimensions: [("queue", "transcription")]).set(
            Int64(3))
        _ = try await house.ask(.get, "/api/v1/tasks")
        let response = try await house.ask(.get, "/metrics")
        #expect(response.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
        let run = try ProgramRun("/usr/bin/env", ["promtool", "check", "metrics"], input: .init(response.text.utf8))
        #expect(run.status == 0 && run.output.isEmpty && run.errors.isEmpty, "\(run.output)\(run.errors)")
        for line in [
            "voicelingua_tasks_total{status=\"completed\",task_type=\"text\"} 2",
            "voicelingua_task_duration_seconds_bucket{task_type=\"text\",le=\"1\"} 0",
            "voicelingua_task_duration_seconds_bucket{task_type=\"text\",le=\"2.5\"} 1",
            "voicelingua_task_duration_seconds_sum{task_type=\"text\"} 1.5", "voicelingua_audio_seconds_total 1.5",
            "voicelingua_queue_size{queue=\"translation\"} 0",
            // What the process counted itself stands before what the store knows.
            "voicelingua_active_workers{queue=\"transcription\"} 3",
            "voicelingua_http_requests_total{method=\"GET\",route=\"/api/v1/tasks\",status=\"200\"} 1",
        ] { #expect(response.text.contains(line + "\n"), "\(line)\n\(response.text)") }
        #expect(!response.text.contains("voicelingua_active_workers{queue=\"packaging\"}"))
        #expect(try await house.ask(.get, "/api/v1/metrics").status == .ok)
    }

    @Test func `no label can make series without end`() {
        let metrics = PrometheusMetrics()
        for number in 0...PrometheusMetrics.seriesMax { metrics.add("a_total", [("n", "\(number)")], 1) }
        let lines = metrics.text().split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(lines.count == PrometheusMetrics.seriesMax)
    }

    @Test func `labels are written so that they can be read`() {
        let metrics = PrometheusMetrics()
        metrics.add("a_total", [("n", "x\"\\\ny")], 1)
        #expect(metrics.text().hasSuffix("a_total{n=\"x\\\"\\\\\\ny\"} 1\n"))
    }
}
