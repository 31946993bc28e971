import ServiceLifecycle
import Store

/// Waits for something to happen to a task.
///
/// Word of changes is a hint that may get lost, so every second counts as a change too.
struct TaskWatch {
    private static let tick = Duration.seconds(1)

    let database: Database
    let task: TaskID

    /// Calls until it returns a value: at once, and then whenever the task may have changed.
    ///
    /// - Parameter look: nil for "not yet".
    /// - Throws: `Refused.stopping` when the server is asked to stop; `CancellationError`.
    func until<Value: Sendable>(_ look: @Sendable () async throws -> Value?) async throws -> Value {
        let (hints, hint) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let changes = database.changes()
        let task = task
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await change in changes where change == .task(task) || change == .stopped(task) { hint.yield() }
            }
            group.addTask {
                while !Task.isCancelled {
                    try await Task.sleep(for: TaskWatch.tick)
                    hint.yield()
                }
            }
            group.addTask {
                try await gracefulShutdown()
                hint.finish()
            }
            defer { group.cancelAll() }
            if let value = try await look() { return value }
            for await _ in hints {
                if let value = try await look() { return value }
            }
            try Task.checkCancellation()
            throw Refused.stopping
        }
    }
}
