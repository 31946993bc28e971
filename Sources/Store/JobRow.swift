import Transcript

extension JobID: SQLRepresentable {}
extension QueueName: SQLRepresentable {}
extension JobState: SQLRepresentable {}

extension JobRecord {
    /// What `init(columns:)` reads.
    static let columns =
        "id, task_id, queue, state, priority, attempt, attempts_max, run_at_ms, language, source, failures"

    init(columns: inout Columns) throws {
        id = try columns.next()
        task = try columns.next()
        queue = try columns.next()
        state = try columns.next()
        priority = try columns.next()
        attempt = try columns.next()
        attemptsMax = try columns.next()
        runAtMs = try columns.next()
        translation = try TranslationJob(columns: &columns)
        failures = try columns.next(StoredJSON<[JobFailure]>.self).value
    }
}

extension TranslationJob {
    /// Nil where both columns are empty: no translation job.
    init?(columns: inout Columns) throws {
        let (language, source): (String, String) = (try columns.next(), try columns.next())
        guard !language.isEmpty else { return nil }
        guard let language = Language(rawValue: language), let source = TextSource(rawValue: source) else {
            throw Columns.Unexpected(column: "language", wanted: "Language")
        }
        self.init(language: language, source: source)
    }
}

extension QueueName {
    /// Where the task of a job of the queue stands; nil for what comes after its end.
    var stage: TaskStatus? {
        switch self {
        case .transcription: .transcribing
        case .translation: .translating
        case .packaging: .packaging
        case .webhook: nil
        }
    }

    var attemptsMax: Int { self == .webhook ? JobQueue.deliveryAttemptsMax : JobQueue.attemptsMax }
}

extension Transaction {
    func job(_ id: JobID) throws -> JobRecord? {
        try row("select \(JobRecord.columns) from jobs where id = $1", id) { try JobRecord(columns: &$0) }
    }

    /// The job of a lease.
    ///
    /// - Throws: `StoreError.leaseLost` where the lease is no more: this is the fence.
    func job(leased lease: Lease) throws -> JobRecord {
        let job = try row(
            """
            select \(JobRecord.columns) from jobs where id = $1 and lease_token = $2 and state = 'running'
            """, lease.job, lease.token
        ) { try JobRecord(columns: &$0) }
        guard let job else { throw StoreError.leaseLost(lease.job) }
        return job
    }

    func enqueue(
        _ queue: QueueName, for task: TaskRecord, _ translation: TranslationJob? = nil, workKey: [UInt8]? = nil
    ) throws {
        // A task that failed, was offered again and ended anew has more than one callback.
        let ordinal = queue == .webhook ? try callbackCount(of: task.id) : 0
        try execute(
            """
            insert into jobs
              (id, task_id, queue, language, source, ordinal, state, priority, task_created_ms, run_at_ms, attempt,
               attempts_max, work_key, lease_token, failures)
            values ($1, $2, $3, $4, $5, $6, 'available', $7, $8, $9, 0, $10, $11, 0, '[]')
            """, newID().id, task.id, queue, translation?.language.rawValue ?? "", translation?.source.rawValue ?? "",
            ordinal, task.request.priority, task.createdMs, now, queue.attemptsMax, workKey)
        tell(.queue(queue))
    }

    private func callbackCount(of task: TaskID) throws -> Int {
        try row("select count(*) from jobs where task_id = $1 and queue = 'webhook'", task) { try $0.next() }!
    }

    /// Writes where a job stands now; its lease is over.
    ///
    /// - Parameter runAtMs: when it may be claimed, of one that is available.
    func settle(
        _ job: JobRecord, as state: JobState, attempt: Int, runAtMs: Int64, failures: [JobFailure]
    ) throws {
        precondition(job.state.successors.contains(state), "\(job.state) is not followed by \(state)")
        try execute(
            """
            update jobs set state = $1, attempt = $2, run_at_ms = $3, failures = $4, settled_ms = $5,
              lease_owner = null, lease_until_ms = null
            where id = $6
            """, state, attempt, runAtMs, StoredJSON(failures), state == .available ? nil : now, job.id)
        if state == .available { tell(.queue(job.queue)) }
    }

    /// A job is done; what was kept of it on the way goes.
    func complete(_ job: JobRecord) throws {
        try settle(job, as: .completed, attempt: job.attempt, runAtMs: job.runAtMs, failures: job.failures)
        try execute("delete from job_parts where job_id = $1", job.id)
    }

    /// Makes a dead letter of a job; its task fails with it, unless that has ended already.
    ///
    /// - Returns: the task that failed, as it stood before.
    @discardableResult
    func bury(_ job: JobRecord, _ failure: JobFailure) throws -> TaskRecord? {
        try settle(
            job, as: .failed, attempt: job.attempt, runAtMs: job.runAtMs, failures: job.history(with: failure))
        guard job.queue != .webhook, let task = try task(job.task) else { return nil }
        try end(task, as: .failed, failure: TaskFailure(code: failure.code, message: failure.message))
        return task
    }
}

extension JobRecord {
    /// Failures kept of a job, the newest.
    package static let failuresMax = 20

    func history(with failure: JobFailure) -> [JobFailure] {
        Array((failures + [failure]).suffix(JobRecord.failuresMax))
    }
}
