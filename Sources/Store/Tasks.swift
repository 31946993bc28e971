import Crypto
import Foundation
import Transcript

/// Tasks: accepted, looked up, cancelled, deleted. Every method is one transaction.
package struct Tasks: Sendable {
    let database: Database

    /// Milliseconds an idempotency key is remembered: a day.
    package static let idempotencyMs: Int64 = 86_400_000

    package enum Created: Sendable {
        case new(TaskRecord)
        /// The request with this idempotency key was accepted before.
        case same(TaskRecord)

        package var task: TaskRecord {
            switch self {
            case .new(let task), .same(let task): task
            }
        }
    }

    /// The tasks a day of a key are spent.
    package struct QuotaSpent: Error, Equatable, CustomStringConvertible {
        package var tasksPerDay: Int
        package init(tasksPerDay: Int) { self.tasksPerDay = tasksPerDay }
        package var description: String {
            "the \(tasksPerDay) tasks a day of this key are spent; wait for the next day (UTC) or take another key"
        }
    }

    /// Tasks that ended in a time.
    package struct Throughput: Sendable, Equatable {
        package var count: Int
        /// The mean of their times from creation to end.
        package var meanMs: Int64
        /// From the first creation to the last end, and at most the time that is looked at.
        package var spanMs: Int64

        package init(count: Int, meanMs: Int64, spanMs: Int64) {
            self.count = count
            self.meanMs = meanMs
            self.spanMs = spanMs
        }
    }

    /// What tasks took from creation to end.
    package struct Usual: Sendable, Equatable {
        package var meanMs: Int64
        package var leastMs: Int64
        /// Of their recordings; nil of texts.
        package var meanBytes: Double?

        package init(meanMs: Int64, leastMs: Int64, meanBytes: Double? = nil) {
            self.meanMs = meanMs
            self.leastMs = leastMs
            self.meanBytes = meanBytes
        }
    }

    /// Completed tasks of a type that tell what one takes: few, so that it is what they take now.
    package static let usualMax = 20

    package struct Filter: Sendable, Equatable {
        package var status: TaskStatus?
        package var kind: TaskKind?
        package var textNumber: String?
        package var keyID: String?
        package init() {}
    }

    /// Accepts a task with its first jobs; it survives a power failure when this returns.
    ///
    /// A text that is in a language asked for already, by `sourceLanguage`, is stored as its own translation, without
    /// sentences; where the language is not given, there is a job for every language, and the translation finds out.
    ///
    /// It counts as one of the tasks a day of its key; a request that was accepted before does not.
    ///
    /// - Throws: `StoreError.idempotencyKeyReused`, `Tasks.QuotaSpent`.
    package func create(_ request: TaskRequest) async throws -> Created {
        let draft = TaskDraft(request)
        return try await database.write { transaction in
            if let known = try transaction.task(acceptedWith: draft.request) { return .same(known) }
            if let key = draft.request.keyID { try transaction.charge(key) }
            return .new(try transaction.create(draft))
        }
    }

    /// Without the words of its text, as of all that only ask how a task stands.
    package func task(_ id: TaskID) async throws -> TaskRecord? { try await database.read { try $0.task(id) } }

    /// Tasks, newest first.
    ///
    /// - Parameter before: the last one of the page before.
    package func list(_ filter: Filter, before: TaskID?, limit: Int) async throws -> [TaskRecord] {
        var conditions: [String] = []
        var values: [(any SQLRepresentable)?] = []
        func add(_ condition: (Int) -> String, _ value: (any SQLRepresentable)?) {
            guard let value else { return }
            values.append(value)
            conditions.append(condition(values.count))
        }
        add({ "t.status = $\($0)" }, filter.status)
        add({ "t.kind = $\($0)" }, filter.kind)
        add({ "t.text_number = $\($0)" }, filter.textNumber)
        add({ "t.key_id = $\($0)" }, filter.keyID)
        if let before {
            // An id tells when its task was created; what is no id of a task has none before it.
            guard let ms = UUIDSequence.ms(of: before.rawValue) else { return [] }
            values += [ms, before] as [any SQLRepresentable]
            conditions.append("(t.created_ms, t.id) < ($\(values.count - 1), $\(values.count))")
        }
        values.append(max(0, limit))
        let sql = """
            select \(TaskRecord.columns) from \(TaskRecord.tables)
            \(conditions.isEmpty ? "" : "where " + conditions.joined(separator: " and "))
            order by t.created_ms desc, t.id desc limit $\(values.count)
            """
        let bound = values
        return try await database.read { try $0.rows(sql, list: bound) { try TaskRecord(columns: &$0) } }
    }

    /// Ends a task that has not ended, with all its jobs; one that has ended stays as it is.
    ///
    /// - Returns: the task afterwards; nil where there is none.
    package func cancel(_ id: TaskID) async throws -> TaskRecord? {
        try await database.write { transaction in
            guard let task = try transaction.task(id), !task.status.isFinal else { return try transaction.task(id) }
            try transaction.end(task, as: .cancelled)
            try transaction.execute(
                "delete from job_parts where job_id in (select id from jobs where task_id = $1)", id)
            return try transaction.task(id)
        }
    }

    /// Removes all traces of a task, cancelling it first, and what was computed for it and is cached. `eraseDeleted` of
    /// the database ends the rest.
    ///
    /// - Returns: the blobs that are nobody's now; false for no such task is an empty result with `found` false.
    package func delete(_ id: TaskID) async throws -> (found: Bool, blobs: [BlobKey]) {
        let blobs = try await database.write { try $0.delete(id) }
        database.noteDeletion()
        return (blobs != nil, blobs ?? [])
    }

    /// Removes a task, cancelling it first; what was computed for it stays cached for its time.
    ///
    /// - Returns: the blobs that are nobody's now.
    package func dismiss(_ id: TaskID) async throws -> [BlobKey] {
        try await database.write { transaction in
            try transaction.execute("update cache set task_id = null where task_id = $1", id)
            guard let task = try transaction.task(id) else { return [] }
            try transaction.remove(id)
            return task.blobs
        }
    }

    /// Tasks that have not ended, counted up to `limit`.
    package func unfinishedCount(limit: Int) async throws -> Int {
        try await database.read { transaction in
            try transaction.row(
                "select count(*) from (select id from tasks where finished_ms is null limit $1) as unfinished", limit
            ) { try $0.next() }!
        }
    }

    /// Tasks that were completed or failed in the last `windowMs`: for estimates.
    package func throughput(windowMs: Int64) async throws -> Throughput {
        try await database.read { transaction in
            try transaction.row(
                """
                select count(*), coalesce(avg(finished_ms - created_ms), 0),
                  coalesce(max(finished_ms) - min(created_ms), 0)
                from tasks where finished_ms > $1 and status <> 'cancelled'
                """, transaction.now - windowMs
            ) {
                Throughput(
                    count: try $0.next(), meanMs: Int64(try $0.next(Double.self)), spanMs: min(try $0.next(), windowMs))
            }!
        }
    }

    /// What the newest completed tasks of each type took, however long ago that was.
    package func usual() async throws -> [TaskKind: Usual] {
        try await database.read { transaction in
            var usual: [TaskKind: Usual] = [:]
            for kind in TaskKind.allCases {
                usual[kind] = try transaction.row(
                    """
                    select avg(took_ms), min(took_ms), avg(upload_size_bytes) from (
                      select finished_ms - created_ms as took_ms, upload_size_bytes from tasks
                      where kind = $1 and status = 'completed'
                      order by created_ms desc, id desc limit $2) as newest
                    having count(*) > 0
                    """, kind, Tasks.usualMax
                ) {
                    Usual(
                        meanMs: Int64(try $0.next(Double.self)), leastMs: try $0.next(), meanBytes: try $0.nextIfAny())
                }
            }
            return usual
        }
    }

    /// How many tasks of each kind and status there are.
    package func counts() async throws -> [(kind: TaskKind, status: TaskStatus, count: Int)] {
        try await database.read { transaction in
            try transaction.rows("select kind, status, count(*) from tasks group by kind, status") {
                (try $0.next(), try $0.next(), try $0.next())
            }
        }
    }
}

extension TaskRecord {
    fileprivate var blobs: [BlobKey] { [request.upload?.blob, package?.blob].compactMap { $0 } }
}

extension Transaction {
    /// - Returns: nil for no such task.
    fileprivate func delete(_ id: TaskID) throws -> [BlobKey]? {
        guard let task = try task(id) else { return nil }
        try remove(id)
        tell(.deleted(id))
        return task.blobs
    }

    /// The task an idempotency key stands for.
    ///
    /// - Throws: `StoreError.idempotencyKeyReused`.
    fileprivate func task(acceptedWith request: TaskRequest) throws -> TaskRecord? {
        guard let idempotency = request.idempotency else { return nil }
        let known = try row(
            "select fingerprint, task_id from idempotency where key_id = $1 and key = $2 and created_ms > $3",
            request.keyID ?? "", idempotency.key, now - Tasks.idempotencyMs
        ) { (fingerprint: try $0.next(String.self), task: try $0.next(TaskID.self)) }
        guard let known else { return nil }
        guard known.fingerprint == idempotency.fingerprint else { throw StoreError.idempotencyKeyReused }
        return try task(known.task)
    }

    /// Counts a task of a key today.
    ///
    /// - Throws: `Tasks.QuotaSpent` where its `tasksPerDay` does not allow one more.
    fileprivate func charge(_ key: String) throws {
        let limit = try row("select tasks_per_day from api_keys where id = $1", key) { try $0.nextIfAny(Int.self) }
        guard let limit, let tasksPerDay = limit else { return }
        let changed = try execute(
            """
            update api_keys set charged = case when charged_day = $1 then charged else 0 end + 1, charged_day = $1
            where id = $2 and case when charged_day = $1 then charged else 0 end < $3
            """, now / APIKeys.dayMs, key, tasksPerDay)
        guard changed > 0 else { throw Tasks.QuotaSpent(tasksPerDay: tasksPerDay) }
    }

    fileprivate func create(_ draft: TaskDraft) throws -> TaskRecord {
        let (id, ms) = newID()
        let task = draft.record(id: TaskID(rawValue: id), createdMs: ms)
        try insert(task)
        for text in draft.same { try insert(text, of: task) }
        if draft.request.kind == .audio {
            try enqueue(.transcription, for: task, workKey: draft.workKey)
        } else if draft.jobs.isEmpty {
            try enqueue(.packaging, for: task)
        } else {
            for job in draft.jobs { try enqueue(.translation, for: task, job) }
        }
        try tellStatus(.pending, of: task.id)
        if let idempotency = draft.request.idempotency {
            try execute(
                """
                insert into idempotency (key_id, key, fingerprint, task_id, created_ms) values ($1, $2, $3, $4, $5)
                on conflict (key_id, key) do update set
                  fingerprint = excluded.fingerprint, task_id = excluded.task_id, created_ms = excluded.created_ms
                """, draft.request.keyID ?? "", idempotency.key, idempotency.fingerprint, task.id, now)
        }
        return task
    }
}
