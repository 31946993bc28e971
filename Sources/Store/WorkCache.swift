/// Work done once: values by key, for a time.
package struct WorkCache: Sendable {
    let database: Database

    package enum Kind: String, Sendable, SQLRepresentable { case transcription, translation }

    package struct Entry: Sendable {
        package let key: [UInt8]
        package let value: [UInt8]
        /// Whose words it has: it is forgotten when that task is deleted. Nil for nobody's.
        package let task: TaskID?
        package init(key: [UInt8], value: [UInt8], task: TaskID? = nil) {
            self.key = key
            self.value = value
            self.task = task
        }
    }

    /// Values that have not run out.
    package func values(_ kind: Kind, _ keys: [[UInt8]]) async throws -> [[UInt8]: [UInt8]] {
        guard !keys.isEmpty else { return [:] }
        return try await database.read { transaction in
            var found: [[UInt8]: [UInt8]] = [:]
            for key in keys {
                found[key] = try transaction.row(
                    "select value from cache where kind = $1 and key = $2 and expires_ms > $3", kind, key,
                    transaction.now
                ) { try $0.next() }
            }
            return found
        }
    }

    /// Keeps values, but for those of tasks that were removed meanwhile.
    package func keep(_ kind: Kind, _ entries: [Entry], ttlMs: Int64) async throws {
        guard !entries.isEmpty else { return }
        try await database.write { transaction in
            for entry in entries {
                try transaction.execute(
                    """
                    insert into cache (kind, key, value, task_id, expires_ms)
                    select $1, $2, $3, $4, $5 where $4 is null or exists (select 1 from tasks where id = $4)
                    on conflict (kind, key) do update set value = excluded.value, task_id = excluded.task_id,
                      expires_ms = excluded.expires_ms
                    """, kind, entry.key, entry.value, entry.task, transaction.now + ttlMs)
            }
        }
    }

    /// Forgets what has run out, up to `limit` values.
    package func prune(limit: Int) async throws -> Int { try await database.write { try $0.pruneCache(limit: limit) } }

    package func statistics() async throws -> [(kind: Kind, count: Int, sizeBytes: Int)] {
        try await database.read { transaction in
            try transaction.rows("select kind, count(*), sum(length(value)) from cache group by kind order by kind") {
                (try $0.next(), try $0.next(), try $0.next())
            }
        }
    }
}
