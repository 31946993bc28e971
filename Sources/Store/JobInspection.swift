/// Jobs as operators see them.
extension JobQueue {
    /// Offers a dead letter again, with all its attempts; its task goes on where it stood, and so do the jobs that were
    /// cancelled with it.
    ///
    /// - Throws: `StoreError.noJob`, `.notFailed`.
    package func retry(_ job: JobID) async throws -> JobRecord {
        try await database.write { transaction in
            guard let dead = try transaction.job(job) else { throw StoreError.noJob(job) }
            guard dead.state == .failed else { throw StoreError.notFailed(job, dead.state) }
            try transaction.settle(
                dead, as: .available, attempt: 0, runAtMs: transaction.now, failures: dead.failures)
            if let stage = dead.queue.stage {
                try transaction.move(dead.task, from: .failed, to: stage)
                let cancelled = try transaction.rows(
                    "select \(JobRecord.columns) from jobs where task_id = $1 and state = 'cancelled'", dead.task
                ) { try JobRecord(columns: &$0) }
                for job in cancelled {
                    try transaction.settle(
                        job, as: .available, attempt: 0, runAtMs: transaction.now, failures: job.failures)
                }
            }
            return try transaction.job(job)!  // It was there in this transaction.
        }
    }

    /// All queues, in their order.
    package func statistics() async throws -> [QueueStatistics] {
        try await database.read { transaction in
            try QueueName.allCases.map { queue in
                let (ready, delayed, since) = try transaction.row(
                    """
                    select coalesce(sum(case when run_at_ms <= $1 then 1 else 0 end), 0),
                      coalesce(sum(case when run_at_ms > $1 then 1 else 0 end), 0),
                      min(case when run_at_ms <= $1 then run_at_ms end)
                    from jobs where queue = $2 and state = 'available'
                    """, transaction.now, queue
                ) { (try $0.next(Int.self), try $0.next(Int.self), try $0.nextIfAny(Int64.self)) }!
                return QueueStatistics(
                    queue: queue, ready: ready, delayed: delayed,
                    running: try transaction.row(
                        "select count(*) from jobs where queue = $1 and state = 'running'", queue
                    ) { try $0.next() }!,
                    failed: try transaction.row(
                        "select count(*) from jobs where queue = $1 and state = 'failed'", queue
                    ) { try $0.next() }!,
                    oldestAgeMs: since.map { transaction.now - $0 })
            }
        }
    }

    /// Dead letters, newest first.
    package func dead(limit: Int) async throws -> [JobRecord] {
        try await database.read { transaction in
            try transaction.rows(
                """
                select \(JobRecord.columns) from jobs where state = 'failed' order by settled_ms desc, id desc limit $1
                """, max(0, limit)
            ) { try JobRecord(columns: &$0) }
        }
    }

    /// In the order they were made.
    package func jobs(of task: TaskID) async throws -> [JobRecord] {
        try await database.read { transaction in
            try transaction.rows("select \(JobRecord.columns) from jobs where task_id = $1 order by id", task) {
                try JobRecord(columns: &$0)
            }
        }
    }
}
