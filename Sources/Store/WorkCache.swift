/// Work done once: values by key, for a time.
package struct WorkCache: Sendable {
    let database: Database

    package enum Kind: String, Sendable, SQLRepresentable { case transcription, translation }

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

    /// - Parameter uploadHash: of the recording the values came from: they are forgotten when a task that has it is removed.
    package func keep(
        _ kind: Kind, _ values: [(key: [UInt8], value: [UInt8])], ttlMs: Int64, uploadHash: String? = nil
    ) async throws {
        guard !values.isEmpty else { return }
        try await database.write { transaction in
            for (key, value) in values {
                try transaction.execute(
                    """
                    insert into cache (kind, key, value, upload_hash, expires_ms) values ($1, $2, $3, $4, $5)
                    on conflict (kind, key) do update set value = excluded.value, upload_hash = excluded.upload_hash,
                      expires_ms = excluded.expires_ms
                    """, kind, key, value, uploadHash, transaction.now + ttlMs)
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
