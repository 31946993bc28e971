import Foundation

/// All that outlives the process, in a folder: `voicelingua.db` and `blobs/`.
package struct Storage: Sendable {
    package let database: Database
    package let blobs: Blobs
    package var tasks: Tasks { Tasks(database: database) }
    package var queue: JobQueue { JobQueue(database: database) }
    package var results: Results { Results(database: database) }
    package var cache: WorkCache { WorkCache(database: database) }
    package var events: TaskEvents { TaskEvents(database: database) }
    package var keys: APIKeys { APIKeys(database: database) }
    package var webhooks: Webhooks { Webhooks(database: database) }
    package var workers: Workers { Workers(database: database) }

    /// A blob without a task is removed when it is older, milliseconds: a task that is being accepted has its upload
    /// before it has its row.
    package static let orphanAgeMs: Int64 = 3_600_000

    /// Opens a folder, makes it where it is missing, and brings the schema up to date.
    ///
    /// - Parameter now: milliseconds since 1970.
    /// - Throws: `StoreError`.
    package init(
        folder: String, now: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1000) }
    ) async throws { try await self.init(folder: folder, now: now, beforeStatement: nil) }

    /// - Parameter beforeStatement: called with every statement before it runs.
    package init(
        folder: String, now: @escaping @Sendable () -> Int64, beforeStatement: Database.BeforeStatement?
    ) async throws {
        blobs = try Blobs(folder: folder + "/blobs", now: now)
        database = try Database(path: Storage.databasePath(in: folder), now: now, beforeStatement: beforeStatement)
        _ = try await database.migrate()
    }

    package static func databasePath(in folder: String) -> String { folder + "/voicelingua.db" }
}
