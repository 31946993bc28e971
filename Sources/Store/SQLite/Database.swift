import Foundation
import GRDB
import Synchronization

/// The database: transactions on it, and word of what they changed.
package final class Database: Sendable {
    /// What a transaction changed, for those that wait.
    package enum Change: Sendable, Hashable {
        case task(TaskID)
        /// Something may be claimed.
        case queue(QueueName)
        /// A task was cancelled or removed, or failed: stop working on it.
        case stopped(TaskID)
        /// No trace of a task is to be left.
        case deleted(TaskID)
    }

    /// Called with every statement before it runs, `commit` among them; what it throws is thrown in its place.
    package typealias BeforeStatement = @Sendable (_ sql: String) throws -> Void

    /// Milliseconds a connection waits for another process's transaction.
    static let busyMs = 10_000
    /// Changes kept for one who does not take them; then the oldest are dropped.
    package static let changesMax = 4096
    /// Pages of the write-ahead log (of 4096 bytes) after which it is brought into the file: fewer syncs than SQLite's
    /// own 1000, and a log that stays in memory.
    static let logPages = 4000
    /// Milliseconds that readers of an older state are waited for when the log is cut off; writers wait meanwhile.
    private static let cutMs = 100

    package let path: String
    let ids = IDSource()
    let clock: @Sendable () -> Int64
    private let pool: DatabasePool
    private let groups: WriteGroups
    private let subscribers: Subscribers
    private let beforeStatement: BeforeStatement?
    /// Whether the log may have what was deleted: of a process before this one, nobody knows.
    private let logHasDeleted = Atomic<Bool>(true)

    /// Opens a database file and makes it where it is missing; `migrate` brings its schema up to date.
    ///
    /// - Parameter now: milliseconds since 1970.
    /// - Throws: `StoreError`.
    package init(
        path: String, now: @escaping @Sendable () -> Int64 = Database.systemClock,
        beforeStatement: BeforeStatement? = nil
    ) throws(StoreError) {
        let subscribers = Subscribers()
        let ids = ids
        do {
            pool = try DatabasePool(path: path, configuration: Database.configuration)
            // After opening: the pool sets it to normal, and a commit would survive the process but not the power.
            try pool.writeWithoutTransaction { try $0.execute(sql: "pragma synchronous = full") }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_CANTOPEN {
            throw .notOpened(path: path, why: "SQLite cannot open it")
        } catch { throw StoreError(error, path: path) }
        groups = WriteGroups(
            pool,
            transaction: { Transaction($0, now: now(), ids: ids, beforeStatement: beforeStatement) },
            beforeStatement: beforeStatement, publish: subscribers.tell)
        self.path = path
        self.clock = now
        self.subscribers = subscribers
        self.beforeStatement = beforeStatement
    }

    /// Milliseconds since 1970 by the system.
    package static let systemClock: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1000) }

    /// Changes committed from now on, until the stream is let go. Hints: a missed one costs time, never a job.
    package func changes() -> AsyncStream<Change> { subscribers.stream() }

    /// Milliseconds since 1970, by the database's clock.
    package func now() async throws -> Int64 { clock() }

    /// Whether it answers, for readiness.
    package func check() async throws { _ = try await read { try $0.row("select 1") { try $0.next(Int.self) } } }

    /// Commits made by this process; several writes may share one.
    package var commitCount: Int { groups.commitCount }

    /// Runs statements that read, on a consistent state; writers do not wait for it, nor it for them.
    ///
    /// - Throws: `StoreError`, or what `body` throws.
    package func read<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        do {
            return try await pool.read { connection in
                try body(
                    Transaction(connection, now: self.clock(), ids: self.ids, beforeStatement: self.beforeStatement))
            }
        } catch { throw StoreError.judged(error, path: path) }
    }

    /// Runs statements that write, all or none, and returns when they survive a power failure.
    ///
    /// - Throws: `StoreError`, or what `body` throws.
    package func write<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        let outcome = Outcome<T>()
        do {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                groups.add(
                    WriteGroups.Write(
                        perform: { transaction in
                            let value = try body(transaction)
                            outcome.value.withLock { $0 = value }
                        },
                        finish: { error in
                            if let error { continuation.resume(throwing: error) } else { continuation.resume() }
                        }))
            }
        } catch { throw StoreError.judged(error, path: path) }
        // A write that is committed was performed.
        return outcome.value.withLock { $0! }
    }

    /// Runs statements under the lock that keeps every other process from writing.
    func exclusively<T: Sendable>(_ body: @escaping @Sendable (Transaction) throws -> T) async throws -> T {
        do {
            return try await pool.writeWithoutTransaction { connection in
                var value: T?
                try connection.inTransaction(.exclusive) {
                    value = try body(
                        Transaction(connection, now: self.clock(), ids: self.ids, beforeStatement: self.beforeStatement)
                    )
                    try self.beforeStatement?("commit")
                    return .commit
                }
                return value!  // Set, or the body has thrown.
            }
        } catch { throw StoreError.judged(error, path: path) }
    }

    /// Has the next `eraseDeleted` do something.
    func noteDeletion() { logHasDeleted.store(true, ordering: .relaxed) }

    /// Brings the log into the file and cuts it off, where something was deleted: then it is in neither. Where a reader
    /// looks at an older state for long, the next call does it.
    package func eraseDeleted() async throws {
        // What is deleted from now on is the next call's.
        guard logHasDeleted.exchange(false, ordering: .relaxed) else { return }
        do {
            let isBusy = try await pool.writeWithoutTransaction { connection in
                try connection.execute(sql: "pragma busy_timeout = \(Database.cutMs)")
                // Where it fails, this connection waits less long for other processes, and nothing else.
                defer { try? connection.execute(sql: "pragma busy_timeout = \(Database.busyMs)") }
                return try Bool.fetchOne(connection, sql: "pragma wal_checkpoint(truncate)") ?? true
            }
            if isBusy { noteDeletion() }
        } catch {
            noteDeletion()
            throw StoreError.judged(error, path: path)
        }
    }

    /// Copies the state at one moment into a new file.
    func copy(to path: String) async throws {
        let pool = pool
        do {
            // A thread of its own: the copy of a large database takes seconds.
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                Thread.detachNewThread {
                    continuation.resume(
                        with: Result {
                            let copy = try DatabaseQueue(path: path)
                            try pool.backup(to: copy)
                            try copy.close()
                        })
                }
            }
        } catch { throw StoreError.judged(error, path: path) }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(Double(busyMs) / 1000)
        configuration.foreignKeysEnabled = true
        configuration.maximumReaderCount = max(4, ProcessInfo.processInfo.activeProcessorCount)
        configuration.label = "voicelingua"
        configuration.prepareDatabase { connection in
            // Pages are read in place; every connection keeps a few of its own, the one that writes more.
            try connection.execute(sql: "pragma mmap_size = 268435456")
            try connection.execute(sql: "pragma temp_store = memory")
            try connection.execute(
                sql: connection.configuration.readonly ? "pragma cache_size = -8000" : "pragma cache_size = -65536")
            guard !connection.configuration.readonly else { return }
            try connection.execute(sql: "pragma wal_autocheckpoint = \(logPages)")
            try connection.execute(sql: "pragma journal_size_limit = 67108864")
            // What is deleted is overwritten, on pages that are free now too.
            try connection.execute(sql: "pragma secure_delete = on")
        }
        return configuration
    }
}

/// What a write came to, from the thread that wrote to the one that waits.
private final class Outcome<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)
}
