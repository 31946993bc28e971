/// What the numbers are, by name.
enum MetricTexts {
    static func help(_ name: String) -> String { texts[name] ?? "Counted by a library." }

    private static let texts = [
        "voicelingua_tasks_total": "Tasks that ended, by kind and how.",
        "voicelingua_task_duration_seconds": "From a task's creation to its end.",
        "voicelingua_active_workers": "Jobs under way.",
        "voicelingua_queue_size": "Jobs that wait.",
        "voicelingua_queue_dead_letters": "Jobs that failed for good.",
        "voicelingua_queue_oldest_age_seconds": "Age of the oldest job that waits.",
        "voicelingua_queue_backlog_seconds": "Until the jobs that wait are done, at the pace of the last minutes.",
        "voicelingua_model_load_seconds": "How long loading a model took.",
        "voicelingua_model_memory_bytes": "Memory of a model that is loaded.",
        "voicelingua_audio_seconds_total": "Length of the recordings that were transcribed.",
        "voicelingua_cache_requests_total": "Questions to a cache, by answer.",
        "voicelingua_http_requests_total": "Requests that were answered.",
        "voicelingua_http_request_duration_seconds": "From a request's head to its answer's head.",
        "voicelingua_unfinished_tasks": "Tasks that have not ended.",
        "process_resident_memory_bytes": "Memory of this process that is not swapped out.",
    ]

    /// Upper bounds of the buckets of a histogram, in its unit.
    static func buckets(_ name: String) -> [Double] {
        switch name {
        case "voicelingua_http_request_duration_seconds":
            [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60]
        default: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600]
        }
    }
}
