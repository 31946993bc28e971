import Transcript

/// Jobs: handed out under leases, settled with what came of them. Every method is one transaction.
///
/// What a stage leads to (results, the fan-in, the next jobs, states, events) commits with it.
package struct JobQueue: Sendable {
    let database: Database

    /// Attempts of a job before it is a dead letter.
    package static let attemptsMax = 5
    /// Deaths of the whole service that a job survives without getting on: whose fault they were cannot be told.
    package static let deathsMax = 20
    static let deathCode = "worker_lost"
    /// Tries of a callback: its receiver may be away for hours.
    package static let deliveryAttemptsMax = 10
    /// Jobs whose lease ran out that are offered again at once; the others are next.
    static let reapedMax = 1000

    /// Leases up to `count` jobs whose time has come: highest priority first, then the oldest task's.
    ///
    /// Jobs that do the same work (`workKey`, the same recording with the same options) are never leased at once: the
    /// others wait, and then find the first one's result in the cache.
    ///
    /// - Parameter leaseMs: milliseconds until it has to be renewed.
    package func claim(_ queue: QueueName, count: Int, owner: String, leaseMs: Int64) async throws -> [ClaimedJob] {
        try await database.write { transaction in
            var claimed: [ClaimedJob] = []
            var tasks: [TaskID: TaskRecord] = [:]
            while claimed.count < count, let row = try transaction.claim(queue, owner: owner, leaseMs: leaseMs) {
                let task = try tasks[row.task] ?? transaction.taskForWork(row.task, queue)
                tasks[task.id] = task
                claimed.append(
                    ClaimedJob(
                        lease: row.lease, task: task, queue: queue, attempt: row.attempt, attemptsMax: row.attemptsMax,
                        translation: row.translation))
            }
            return claimed
        }
    }

    /// Renews leases, also one that ran out (the machine slept) and was not offered again since.
    ///
    /// - Returns: those that are lost: run out and given to another, or their task was cancelled or deleted.
    package func renew(_ leases: [Lease], leaseMs: Int64) async throws -> [Lease] {
        guard !leases.isEmpty else { return [] }
        return try await database.write { transaction in
            try leases.filter { lease in
                try transaction.execute(
                    """
                    update jobs set lease_until_ms = $1 where id = $2 and lease_token = $3 and state = 'running'
                    """, transaction.now + leaseMs, lease.job, lease.token) == 0
            }
        }
    }

    /// Tells how much of a recording is transcribed, 0…1, and its length. What an earlier attempt told stands until this
    /// one has got as far.
    ///
    /// - Throws: `StoreError.leaseLost`.
    package func report(_ lease: Lease, transcribed: Double, audioSeconds: Double?) async throws {
        struct Progress: Encodable { let transcribed: Double }
        let event = jsonLine(Progress(transcribed: transcribed))
        try await database.write { transaction in
            let job = try transaction.job(leased: lease)
            let isAhead = try transaction.execute(
                """
                update tasks set transcribed = $1, audio_seconds = coalesce($2, audio_seconds)
                where id = $3 and transcribed <= $1
                """, transcribed, audioSeconds, job.task)
            guard isAhead > 0 else { return }
            try transaction.add(event: "progress", event, to: job.task)
        }
    }

    /// Gives jobs back without counting the attempt: the worker stops. Leases that are lost are passed over.
    package func release(_ leases: [Lease]) async throws {
        guard !leases.isEmpty else { return }
        try await database.write { transaction in
            for lease in leases {
                let job: JobRecord
                do { job = try transaction.job(leased: lease) } catch StoreError.leaseLost { continue }
                try transaction.settle(
                    job, as: .available, attempt: job.attempt - 1, runAtMs: job.runAtMs, failures: job.failures)
            }
        }
    }

    /// Gives a job back until a time, without counting the attempt: nothing was tried.
    ///
    /// - Throws: `StoreError.leaseLost`.
    package func postpone(_ lease: Lease, byMs: Int64) async throws {
        try await database.write { transaction in
            let job = try transaction.job(leased: lease)
            try transaction.settle(
                job, as: .available, attempt: job.attempt - 1, runAtMs: transaction.now + max(0, byMs),
                failures: job.failures)
        }
    }

    /// Settles a job that did not succeed.
    ///
    /// - Parameter retryAfterMs: nil makes it a dead letter and fails its task, whose other jobs are cancelled; so does
    ///   an attempt that was the last.
    /// - Throws: `StoreError.leaseLost`.
    package func fail(_ lease: Lease, code: String, message: String, retryAfterMs: Int64?) async throws {
        try await database.write { transaction in
            let job = try transaction.job(leased: lease)
            let failure = JobFailure(code: code, message: message, attempt: job.attempt, atMs: transaction.now)
            guard let retryAfterMs, job.attempt < job.attemptsMax else {
                try transaction.bury(job, failure)
                return
            }
            try transaction.settle(
                job, as: .available, attempt: job.attempt, runAtMs: transaction.now + max(0, retryAfterMs),
                failures: job.history(with: failure))
        }
    }

    /// Jobs whose lease was over.
    package struct Reaped: Sendable {
        package var count = 0
        /// Tasks that failed, because one of the jobs was buried.
        package var failed: [TaskRecord] = []
    }

    /// Offers jobs again whose lease ran out, and buries those without attempts left (`worker_lost`).
    ///
    /// - Parameter untilMs: by when it ran out, milliseconds since 1970; nil for now.
    package func reap(untilMs: Int64? = nil) async throws -> Reaped {
        try await reap(untilMs: untilMs, counts: true)
    }

    /// Offers all jobs again that are under a lease, for a process that starts and has the store to itself: their workers
    /// are dead. The attempts do not count, up to `deathsMax` of them.
    package func reapAll() async throws -> Reaped {
        var all = Reaped()
        while case let reaped = try await reap(untilMs: .max, counts: false), reaped.count > 0 {
            all.count += reaped.count
            all.failed += reaped.failed
        }
        return all
    }

    /// - Parameters:
    ///   - untilMs: nil for now.
    ///   - counts: whether the attempts do.
    private func reap(untilMs: Int64?, counts: Bool) async throws -> Reaped {
        try await database.write { transaction in
            var reaped = Reaped()
            let ids = try transaction.rows(
                """
                select id from jobs where state = 'running' and lease_until_ms <= $1 order by lease_until_ms limit $2
                """, untilMs ?? transaction.now, JobQueue.reapedMax
            ) { try $0.next(JobID.self) }
            reaped.count = ids.count
            for id in ids {
                // Read one by one: the burial of one cancels the others of its task.
                guard let job = try transaction.job(id), job.state == .running else { continue }
                let failure = JobFailure(
                    code: JobQueue.deathCode, message: "the worker was not heard of any more", attempt: job.attempt,
                    atMs: transaction.now)
                let isLast =
                    counts
                    ? job.attempt >= job.attemptsMax
                    : job.failures.count { $0.code == failure.code } >= JobQueue.deathsMax - 1
                guard !isLast else {
                    if let task = try transaction.bury(job, failure) { reaped.failed.append(task) }
                    continue
                }
                try transaction.settle(
                    job, as: .available, attempt: job.attempt - (counts ? 0 : 1), runAtMs: transaction.now,
                    failures: job.history(with: failure))
            }
            return reaped
        }
    }

    /// Keeps a part of a job's work, so that another attempt need not do it again; gone when the job is completed or its
    /// task is cancelled, still there when a dead letter is offered again. Deaths before it are not held against the job.
    ///
    /// - Returns: false where the lease is lost.
    package func keep(_ lease: Lease, name: String, value: [UInt8]) async throws -> Bool {
        try await database.write { transaction in
            let job: JobRecord
            do { job = try transaction.job(leased: lease) } catch StoreError.leaseLost { return false }
            let others = job.failures.filter { $0.code != JobQueue.deathCode }
            if others.count < job.failures.count {
                try transaction.execute("update jobs set failures = $1 where id = $2", StoredJSON(others), job.id)
            }
            try transaction.execute(
                """
                insert into job_parts (job_id, ordinal, name, value)
                values ($1, (select coalesce(max(ordinal), 0) + 1 from job_parts where job_id = $1), $2, $3)
                on conflict (job_id, name) do update set value = excluded.value
                """, lease.job, name, value)
            return true
        }
    }

    /// What earlier attempts kept, in the order it was kept.
    package func kept(_ job: JobID) async throws -> [(name: String, value: [UInt8])] {
        try await database.read { transaction in
            try transaction.rows("select name, value from job_parts where job_id = $1 order by ordinal", job) {
                (try $0.next(), try $0.next())
            }
        }
    }
}

/// What a claim changed.
private struct ClaimedRow {
    let lease: Lease
    let task: TaskID
    let attempt: Int
    let attemptsMax: Int
    let translation: TranslationJob?
}

extension Transaction {
    /// The task of a job that was claimed, at its stage, with what the work needs: a callback tells no text.
    fileprivate func taskForWork(_ id: TaskID, _ queue: QueueName) throws -> TaskRecord {
        // A job has a task: a foreign key.
        guard let stage = queue.stage else { return try task(id)! }
        let status = try task(id)!.status
        if status != stage { try move(id, from: status, to: stage) }
        return try taskWithText(id)!
    }

    fileprivate func claim(_ queue: QueueName, owner: String, leaseMs: Int64) throws -> ClaimedRow? {
        try row(
            """
            update jobs set state = 'running', attempt = attempt + 1, lease_owner = $1, lease_token = lease_token + 1,
              lease_until_ms = $2
            where id = (
              select a.id from jobs a
              where a.queue = $3 and a.state = 'available' and a.run_at_ms <= $4
                and (a.work_key is null or not exists (
                  select 1 from jobs b where b.state = 'running' and b.work_key = a.work_key))
              order by a.priority desc, a.task_created_ms, a.id
              limit 1)
            returning id, lease_token, task_id, attempt, attempts_max, language, source
            """, owner, now + leaseMs, queue, now
        ) { columns in
            ClaimedRow(
                lease: Lease(job: try columns.next(), token: try columns.next()), task: try columns.next(),
                attempt: try columns.next(), attemptsMax: try columns.next(),
                translation: try TranslationJob(columns: &columns))
        }
    }
}
