import GRDB
import Synchronization

/// Writes that wait while one commits are committed together: one sync of the disk for all of them.
///
/// Each runs in a savepoint, so that one that fails takes nothing with it; a commit that fails fails them all. A lone
/// write does not wait for company.
final class WriteGroups: Sendable {
    struct Write: Sendable {
        /// Runs the statements; the result stays with the one who waits.
        let perform: @Sendable (Transaction) throws -> Void
        /// Told once: nil, committed; or why not.
        let finish: @Sendable ((any Error)?) -> Void
    }

    /// Writes a commit: bounds how long the first of them waits for the last.
    static let groupMax = 256

    private struct State {
        var waiting: [Write] = []
        var isRunning = false
    }

    private let state = Mutex(State())
    private let commits = Atomic<Int>(0)
    private let pool: DatabasePool
    private let transaction: @Sendable (GRDB.Database) -> Transaction
    private let beforeStatement: Database.BeforeStatement?
    private let publish: @Sendable ([Database.Change]) -> Void

    /// - Parameter publish: called with the changes of a group after its commit, before its writers are told.
    init(
        _ pool: DatabasePool, transaction: @escaping @Sendable (GRDB.Database) -> Transaction,
        beforeStatement: Database.BeforeStatement?, publish: @escaping @Sendable ([Database.Change]) -> Void
    ) {
        self.pool = pool
        self.transaction = transaction
        self.beforeStatement = beforeStatement
        self.publish = publish
    }

    var commitCount: Int { commits.load(ordering: .relaxed) }

    func add(_ write: Write) {
        let starts = state.withLock { state in
            state.waiting.append(write)
            defer { state.isRunning = true }
            return !state.isRunning
        }
        // The queue of the pool's writer: no thread of Swift's waits for the disk.
        if starts { pool.asyncWriteWithoutTransaction { self.drain($0) } }
    }

    private func drain(_ connection: GRDB.Database) {
        while let group = next() { run(group, on: connection) }
    }

    private func next() -> [Write]? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.isRunning = false
                return nil
            }
            let group = Array(state.waiting.prefix(WriteGroups.groupMax))
            state.waiting.removeFirst(group.count)
            return group
        }
    }

    private func run(_ group: [Write], on connection: GRDB.Database) {
        var changes: [Database.Change] = []
        var failed: Set<Int> = []
        do {
            try connection.beginTransaction(.immediate)
            for (index, write) in group.enumerated() {
                do {
                    changes += try perform(write, isAlone: group.count == 1, on: connection)
                } catch let error where group.count > 1 && connection.isInsideTransaction {
                    failed.insert(index)
                    write.finish(error)
                }
                // Any other error ends the transaction, and what passed before it is undone too: the disk is full.
            }
            try beforeStatement?("commit")
            try connection.commit()
        } catch {
            rollBack(connection)
            for (index, write) in group.enumerated() where !failed.contains(index) { write.finish(error) }
            return
        }
        commits.add(1, ordering: .relaxed)
        publish(changes)
        for (index, write) in group.enumerated() where !failed.contains(index) { write.finish(nil) }
    }

    private func perform(
        _ write: Write, isAlone: Bool, on connection: GRDB.Database
    ) throws -> [Database.Change] {
        let transaction = transaction(connection)
        guard !isAlone else {
            try write.perform(transaction)
            return transaction.changes
        }
        try connection.execute(sql: "savepoint one")
        do { try write.perform(transaction) } catch {
            guard connection.isInsideTransaction else { throw error }
            try connection.execute(sql: "rollback to one")
            try connection.execute(sql: "release one")
            throw error
        }
        try connection.execute(sql: "release one")
        return transaction.changes
    }

    private func rollBack(_ connection: GRDB.Database) {
        guard connection.isInsideTransaction else { return }
        // Fails only where SQLite ended the transaction by itself; the error that led here is the one that is told.
        try? connection.rollback()
    }
}
