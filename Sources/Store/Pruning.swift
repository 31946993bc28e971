extension Tasks {
    /// Milliseconds after which a worker that reports no more is forgotten: an hour.
    package static let workerMs: Int64 = 3_600_000
    /// Milliseconds after its last failure that an address of callbacks is remembered where tasks are kept for ever: a week.
    package static let addressMs: Int64 = 7 * 86_400_000
    /// Rows of a kind that one call removes beside tasks: bounds how long writers wait.
    static let sideRowsMax = 1000

    /// Removes up to `limit` tasks that ended before a time, oldest first, and what else has had its time (cache,
    /// idempotency keys, deliveries).
    ///
    /// - Parameter endedBeforeMs: nil keeps all tasks.
    package func prune(endedBeforeMs: Int64?, limit: Int) async throws -> (count: Int, blobs: [BlobKey]) {
        let pruned: (count: Int, blobs: [BlobKey]) = try await database.write { transaction in
            try transaction.pruneSideRows(beforeMs: endedBeforeMs)
            guard let endedBeforeMs else { return (0, []) }
            let ended = try transaction.rows(
                """
                select id, upload_blob, package_blob from tasks where finished_ms < $1 order by finished_ms, id limit $2
                """, endedBeforeMs, max(0, limit)
            ) {
                (
                    id: try $0.next(TaskID.self), upload: try $0.nextIfAny(BlobKey.self),
                    package: try $0.nextIfAny(BlobKey.self)
                )
            }
            for task in ended {
                try transaction.remove(task.id)
                transaction.tell(.deleted(task.id))
            }
            return (ended.count, ended.flatMap { [$0.upload, $0.package].compactMap { $0 } })
        }
        if pruned.count > 0 { database.noteDeletion() }
        return pruned
    }
}

extension Transaction {
    /// Removes a task with all its rows.
    func remove(_ task: TaskID) throws {
        try execute("delete from tasks where id = $1", task)
        tell(.task(task))
        // Also for a callback that is under way.
        tell(.stopped(task))
    }

    fileprivate func pruneSideRows(beforeMs: Int64?) throws {
        try pruneCache(limit: Tasks.sideRowsMax)
        try execute(
            """
            delete from idempotency where (key_id, key) in
              (select key_id, key from idempotency where created_ms <= $1 order by created_ms limit $2)
            """, now - Tasks.idempotencyMs, Tasks.sideRowsMax)
        // Kept with their tasks where those are kept for ever.
        if let beforeMs { try execute("delete from deliveries where at_ms < $1", beforeMs) }
        try execute("delete from callback_addresses where failed_ms < $1", beforeMs ?? now - Tasks.addressMs)
        try execute("delete from workers where reported_ms < $1", now - Tasks.workerMs)
    }

    @discardableResult
    func pruneCache(limit: Int) throws -> Int {
        try execute(
            """
            delete from cache where (kind, key) in
              (select kind, key from cache where expires_ms <= $1 order by expires_ms limit $2)
            """, now, max(0, limit))
    }
}
