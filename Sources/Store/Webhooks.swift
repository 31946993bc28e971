/// Callbacks: how their deliveries went, and which addresses are left in peace.
package struct Webhooks: Sendable {
    let database: Database

    package struct Delivery: Sendable, Equatable {
        /// The same over all tries: the `webhook` job's id.
        package var id: JobID
        package var task: TaskID
        package var attempt: Int
        /// Of the answer; nil where there was none.
        package var statusCode: Int?
        /// What went wrong; nil where nothing did.
        package var error: String?
        package var atMs: Int64
        package var durationMs: Int64
        package init(
            id: JobID, task: TaskID, attempt: Int, statusCode: Int?, error: String?, atMs: Int64, durationMs: Int64
        ) {
            self.id = id
            self.task = task
            self.attempt = attempt
            self.statusCode = statusCode
            self.error = error
            self.atMs = atMs
            self.durationMs = durationMs
        }
    }

    /// Failed deliveries in a row after which an address is left in peace.
    package static let failuresMax = 10
    /// How long it is left in peace, milliseconds: an hour; then one more failure is enough.
    package static let pauseMs: Int64 = 3_600_000

    /// Logs a try and counts the failures of its address in a row.
    package func log(_ delivery: Delivery, url: String) async throws {
        try await database.write { transaction in
            // The task may have been deleted while the callback was under way.
            guard try transaction.row("select id from tasks where id = $1", delivery.task, read: { _ in true }) != nil
            else { return }
            try transaction.execute(
                """
                insert into deliveries (job_id, task_id, attempt, status_code, error, at_ms, duration_ms)
                values ($1, $2, $3, $4, $5, $6, $7)
                """, delivery.id, delivery.task, delivery.attempt, delivery.statusCode, delivery.error, delivery.atMs,
                delivery.durationMs)
            guard delivery.error != nil else {
                try transaction.execute("delete from callback_addresses where url = $1", url)
                return
            }
            try transaction.execute(
                """
                insert into callback_addresses (url, failures, failed_ms) values ($1, 1, $2)
                on conflict (url) do update set
                  failures = callback_addresses.failures + 1, failed_ms = excluded.failed_ms
                """, url, transaction.now)
            try transaction.execute(
                "update callback_addresses set paused_until_ms = $1 where url = $2 and failures >= $3",
                transaction.now + Webhooks.pauseMs, url, Webhooks.failuresMax)
        }
    }

    /// Until when an address is left in peace, milliseconds since 1970; nil where it is not.
    package func pausedUntil(_ url: String) async throws -> Int64? {
        try await database.read { transaction in
            try transaction.row(
                "select paused_until_ms from callback_addresses where url = $1 and paused_until_ms > $2", url,
                transaction.now
            ) { try $0.next() }
        }
    }

    /// Oldest first.
    package func deliveries(of task: TaskID) async throws -> [Delivery] {
        try await database.read { transaction in
            try transaction.rows(
                """
                select job_id, task_id, attempt, status_code, error, at_ms, duration_ms from deliveries
                where task_id = $1 order by at_ms, attempt
                """, task
            ) {
                Delivery(
                    id: try $0.next(), task: try $0.next(), attempt: try $0.next(), statusCode: try $0.nextIfAny(),
                    error: try $0.nextIfAny(), atMs: try $0.next(), durationMs: try $0.next())
            }
        }
    }
}
