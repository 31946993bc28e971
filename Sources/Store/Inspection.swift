import Foundation

/// Something that is not as it should be in what is kept.
package enum StorageFinding: Sendable, Equatable {
    /// What SQLite itself finds.
    case damage(String)
    /// Rows that belong to nothing.
    case orphans(table: String)
    /// Not ended, and no job of it can be worked on.
    case stuck(TaskID)
    /// Ended, and a job of it would still be worked on.
    case unsettled(TaskID)
    /// `translationsDone` is not the number of its translations.
    case miscounted(TaskID)
    /// Translations found by queries before the task is completed, or not found after.
    case mispublished(TaskID)
    /// A task tells of a blob that is not there.
    case missing(BlobKey)
    /// A blob no task tells of, for longer than a task takes to be accepted.
    case nobodys(BlobKey)
}

extension StorageFinding: CustomStringConvertible {
    package var description: String {
        switch self {
        case .damage(let what): "the database is damaged: \(what); put back a backup"
        case .orphans(let table): "\(table) has rows that belong to nothing; put back a backup"
        case .stuck(let task): "task \(task) has not ended and has no job; cancel it"
        case .unsettled(let task): "task \(task) has ended and has a job that has not; delete it"
        case .miscounted(let task): "task \(task) counts its translations wrongly; cancel it"
        case .mispublished(let task): "task \(task) has translations that are published wrongly; delete it"
        case .missing(let blob): "the file \(blob) is missing; delete its task"
        case .nobodys(let blob): "the file \(blob) belongs to no task; it may be removed"
        }
    }
}

extension Database {
    /// Reads the whole database and what has to hold in it; nothing found is as it should be.
    package func inspect() async throws -> [StorageFinding] {
        try await read { transaction in
            var findings = try transaction.rows("pragma integrity_check") { try $0.next(String.self) }
                .filter { $0 != "ok" }.map { StorageFinding.damage($0) }
            let orphans = try transaction.rows("pragma foreign_key_check") { try $0.next(String.self) }
            findings += Set(orphans).sorted().map { .orphans(table: $0) }
            findings += try transaction.tasks(
                """
                select id from tasks where finished_ms is null and not exists (
                  select 1 from jobs where task_id = tasks.id and state in ('available', 'running')
                    and queue <> 'webhook')
                """
            ).map { .stuck($0) }
            findings += try transaction.tasks(
                """
                select id from tasks where finished_ms is not null and exists (
                  select 1 from jobs where task_id = tasks.id and state in ('available', 'running')
                    and queue <> 'webhook')
                """
            ).map { .unsettled($0) }
            findings += try transaction.tasks(
                """
                select id from tasks
                where translations_done <> (select count(*) from translations where task_id = tasks.id)
                """
            ).map { .miscounted($0) }
            findings += try transaction.tasks(
                """
                select distinct t.id from tasks t join translations r on r.task_id = t.id
                where (t.status = 'completed') <> (r.published_ms is not null)
                """
            ).map { .mispublished($0) }
            return findings
        }
    }

    /// The blobs that tasks tell of.
    func blobs() async throws -> Set<BlobKey> {
        try await read { transaction in
            let blobs = try transaction.rows(
                """
                select upload_blob from tasks where upload_blob is not null
                union all select package_blob from tasks where package_blob is not null
                """
            ) { try $0.next(BlobKey.self) }
            return Set(blobs)
        }
    }
}

extension Storage {
    /// The database and the blobs beside it.
    package func inspect() async throws -> [StorageFinding] {
        // The blobs first: a task that is accepted meanwhile has its blob before its row.
        let orphans = try await orphans(among: agedBlobs())
        let missing = try await database.blobs().filter { !FileManager.default.fileExists(atPath: blobs.path($0)) }
        return try await database.inspect() + missing.sorted { $0.rawValue < $1.rawValue }.map { .missing($0) }
            + orphans.map { .nobodys($0) }
    }

    /// Blobs that have been there for longer than a task takes to be accepted. Reads folders: not for a cooperative
    /// thread.
    package func agedBlobs() throws -> [BlobKey] {
        try blobs.keys(namedBeforeMs: database.clock() - Storage.orphanAgeMs)
    }

    /// Those of some blobs that belong to no task: what uploads left that ended in none, because the process or the
    /// power did.
    ///
    /// - Parameter aged: listed before this is called, so that no task is accepted with one of them meanwhile.
    package func orphans(among aged: [BlobKey]) async throws -> [BlobKey] {
        guard !aged.isEmpty else { return [] }
        let known = try await database.blobs()
        return aged.filter { !known.contains($0) }
    }
}

extension Transaction {
    fileprivate func tasks(_ sql: String) throws -> [TaskID] { try rows(sql) { try $0.next() } }
}
