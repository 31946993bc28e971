extension Tasks {
    /// Milliseconds after which a worker that reports no more is forgotten: an hour.
    package static let workerMs: Int64 = 3_600_000
    /// Rows of a kind that one call removes beside tasks: bounds how long writers wait.
    static let sideRowsMax = 1000

    /// Removes up to `limit` tasks that ended before a time, oldest first, and what else has had its time (cache,
    /// idempotency keys, deliveries).
    package func prune(endedBeforeMs: Int64, limit: Int) async throws -> (count: Int, blobs: [BlobKey]) {
        try await database.write { transaction in
            try transaction.pruneSideRows(beforeMs: endedBeforeMs)
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
                try transaction.execute("delete from tasks where id = $1", task.id)
                // For a callback that is under way.
                transaction.tell(.stopped(task.id))
            }
            return (ended.count, ended.flatMap { [$0.upload, $0.package].compactMap { $0 } })
        }
    }
}

extension Transaction {
    fileprivate func pruneSideRows(beforeMs: Int64) throws {
        try pruneCache(limit: Tasks.sideRowsMax)
        try execute(
            """
            delete from idempotency where (key_id, key) in
              (select key_id, key from idempotency where created_ms <= $1 order by created_ms limit $2)
            """, now - Tasks.idempotencyMs, Tasks.sideRowsMax)
        try execute("delete from deliveries where at_ms < $1", beforeMs)
        try execute("delete from callback_addresses where failed_ms < $1", beforeMs)
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
