import Transcript

/// Tasks: accepted, looked up, cancelled, deleted. Every method is one transaction.
package struct Tasks: Sendable {
    let database: Database

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

    package struct Filter: Sendable, Equatable {
        package var status: TaskStatus?
        package var kind: TaskKind?
        package var textNumber: String?
        package var keyID: String?
        package init() {}
    }

    /// Accepts a task with its first jobs; it survives a power failure when this returns.
    ///
    /// - Throws: `StoreError.idempotencyKeyReused`.
    package func create(_ request: TaskRequest) async throws -> Created { fatalError() }

    package func task(_ id: TaskID) async throws -> TaskRecord? { fatalError() }

    /// Tasks, newest first.
    ///
    /// - Parameter before: the last one of the page before.
    package func list(_ filter: Filter, before: TaskID?, limit: Int) async throws -> [TaskRecord] { fatalError() }

    /// Ends a task that has not ended, with all its jobs; one that has ended stays as it is.
    ///
    /// - Returns: the task afterwards; nil where there is none.
    package func cancel(_ id: TaskID) async throws -> TaskRecord? { fatalError() }

    /// Removes all traces of a task, cancelling it first.
    ///
    /// - Returns: the blobs that are nobody's now; false for no such task is an empty result with `found` false.
    package func delete(_ id: TaskID) async throws -> (found: Bool, blobs: [BlobKey]) { fatalError() }

    /// Removes up to `limit` tasks that ended before a time, oldest first, and what else has had its time (cache,
    /// idempotency keys, deliveries).
    package func prune(endedBeforeMs: Int64, limit: Int) async throws -> (count: Int, blobs: [BlobKey]) { fatalError() }

    /// Tasks that have not ended, counted up to `limit`.
    package func unfinishedCount(limit: Int) async throws -> Int { fatalError() }

    /// Tasks that ended in the last `windowMs`, and the mean of their times from creation to end: for estimates.
    package func throughput(windowMs: Int64) async throws -> (count: Int, meanMs: Int64) { fatalError() }

    /// How many tasks of each kind and status there are.
    package func counts() async throws -> [(kind: TaskKind, status: TaskStatus, count: Int)] { fatalError() }
}
