import HTTPTypes
import Hummingbird
import Store
import Transcript

/// A queue as operators see it.
struct QueueView: Encodable {
    let queue: QueueName
    let ready: Int
    let delayed: Int
    let running: Int
    let failed: Int
    /// Null where nothing waits.
    let oldestAgeSeconds: Double?

    enum CodingKeys: String, CodingKey {
        case queue, ready, delayed, running, failed
        case oldestAgeSeconds = "oldest_age_seconds"
    }

    init(_ statistics: QueueStatistics) {
        queue = statistics.queue
        ready = statistics.ready
        delayed = statistics.delayed
        running = statistics.running
        failed = statistics.failed
        oldestAgeSeconds = statistics.oldestAgeMs.map { Double($0) / 1_000 }
    }
}

/// A job as operators see it.
struct JobView: Encodable {
    struct Failure: Encodable {
        let code: String
        let message: String
        let attempt: Int
        let at: String
    }
    let id: String
    let task: String
    let queue: QueueName
    let state: JobState
    let attempt: Int
    let attemptsMax: Int
    let language: Language?
    let source: TextSource?
    let failures: [Failure]

    enum CodingKeys: String, CodingKey {
        case queue, state, attempt, language, source, failures
        case id = "job_id"
        case task = "task_id"
        case attemptsMax = "attempts_max"
    }

    init(_ job: JobRecord) {
        id = job.id.rawValue
        task = job.task.rawValue
        queue = job.queue
        state = job.state
        attempt = job.attempt
        attemptsMax = job.attemptsMax
        language = job.translation?.language
        source = job.translation?.source
        failures = job.failures.map {
            Failure(code: $0.code, message: $0.message, attempt: $0.attempt, at: rfc3339($0.atMs))
        }
    }
}

/// Queues: their lengths and dead letters, and another chance for these.
struct QueueRoutes {
    let desk: Desk

    func add(to router: RouterGroup<Visit>) {
        router.get("queues", use: queues)
        router.post("jobs/{id}/retry", use: retry)
    }

    private struct Queues: Encodable {
        let queues: [QueueView]
        let deadLetters: [JobView]

        enum CodingKeys: String, CodingKey {
            case queues
            case deadLetters = "dead_letters"
        }
    }

    /// Dead letters are shown to those who may see every task.
    @Sendable private func queues(_ request: Request, _ visit: Visit) async throws -> Response {
        let statistics = try await desk.storage.queue.statistics()
        let dead =
            visit.caller.seesAll ? try await desk.storage.queue.dead(limit: RequestLimits.deadLettersMax) : []
        return .json(Queues(queues: statistics.map(QueueView.init), deadLetters: dead.map(JobView.init)))
    }

    @Sendable private func retry(_ request: Request, _ visit: Visit) async throws -> Response {
        let id = JobID(rawValue: visit.parameters.get("id") ?? "")
        guard Desk.isID(id.rawValue) else { throw StoreError.noJob(JobID(rawValue: String(id.rawValue.prefix(64)))) }
        let job = try await desk.storage.queue.retry(id)
        visit.logger.info("job offered again", metadata: ["job": "\(job.id)", "task": "\(job.task)"])
        return .json(JobView(job))
    }
}
