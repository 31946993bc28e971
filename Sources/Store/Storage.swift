import Foundation

/// Where a blob lies: `uploads/NAME` or `packages/NAME`.
package struct BlobKey: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package var description: String { rawValue }
}

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

    /// Opens a folder, makes it where it is missing, and brings the schema up to date.
    ///
    /// - Parameter now: milliseconds since 1970.
    /// - Throws: `StoreError`.
    package init(
        folder: String, now: @escaping @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1000) }
    ) async throws { fatalError() }
}

/// The database: transactions on it, and word of what they changed.
package final class Database: Sendable {
    init() {}

    /// What a transaction changed, for those that wait.
    package enum Change: Sendable, Hashable {
        case task(TaskID)
        /// Something may be claimed.
        case queue(QueueName)
        /// A task was cancelled or deleted: stop working on it.
        case stopped(TaskID)
    }

    /// Changes committed from now on, until the stream is let go. Hints: a missed one costs time, never a job.
    package func changes() -> AsyncStream<Change> { fatalError() }

    /// Milliseconds since 1970, by the database's clock.
    package func now() async throws -> Int64 { fatalError() }

    /// Whether it answers, for readiness.
    package func check() async throws { fatalError() }
}

/// Files: written whole or not at all, synced before they get their name.
package struct Blobs: Sendable {
    package let folder: String

    /// A file on its way: bytes are written to `path`, then it is given its name.
    package struct Upload: Sendable {
        package let key: BlobKey
        /// Of a file that is there and empty, only the owner may read it.
        package let path: String
    }

    /// - Parameter kind: `uploads` or `packages`.
    package func begin(_ kind: String) throws -> Upload { fatalError() }
    /// Syncs the file, names it, syncs the folder.
    package func commit(_ upload: Upload) throws { fatalError() }
    package func abandon(_ upload: Upload) { fatalError() }
    /// The path of a blob for reading.
    package func path(_ key: BlobKey) -> String { folder + "/" + key.rawValue }
    /// Removes blobs; those that are gone already are no error.
    package func remove(_ keys: [BlobKey]) throws { fatalError() }
    /// Removes what no upload will finish any more: files of uploads begun before this process.
    package func sweep() throws { fatalError() }
}

package enum StoreError: Error, Equatable {
    case idempotencyKeyReused
    case noJob(JobID)
    case notFailed(JobID, JobState)
    /// The lease is another's or nobody's; the work is to be dropped.
    case leaseLost(JobID)
    /// The disk is full.
    case full(path: String)
    case notOpened(path: String, why: String)
    /// Made by a newer version.
    case newerSchema(path: String, found: Int, known: Int)
    /// What SQLite says; no retry will help.
    case corrupt(path: String, what: String)
    /// Any other error of the database, with its code.
    case database(code: Int, message: String)
}
