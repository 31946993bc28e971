import Store
import Synchronization

/// Values by key within a limit of bytes: what was not asked for longest leaves first, and all leave after a time.
package final class ByteLimitedCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    package let name: String
    private let values: Mutex<RecentValues<Key, Value>>
    private let ttlMs: Int64
    private let now: @Sendable () -> Int64

    /// - Parameters:
    ///   - ttlMs: milliseconds a value is kept at most.
    ///   - now: milliseconds of a clock that only rises.
    package init(
        _ name: String, bytesMax: Int, ttlMs: Int64 = .max, now: @escaping @Sendable () -> Int64 = monotonicMs
    ) {
        self.name = name
        self.ttlMs = ttlMs
        self.now = now
        values = Mutex(RecentValues(bytesMax: bytesMax))
    }

    package func value(_ key: Key) -> Value? {
        let nowMs = now()
        return values.withLock { $0.value(key, nowMs: nowMs) }
    }

    /// Keeps a value, unless it alone is past the limit.
    ///
    /// - Parameter task: whose value it is; nil for nobody's.
    package func keep(_ value: Value, for key: Key, sizeBytes: Int, task: TaskID? = nil) {
        let (until, over) = now().addingReportingOverflow(ttlMs)
        values.withLock { $0.keep(value, for: key, sizeBytes: sizeBytes, untilMs: over ? .max : until, task: task) }
    }

    /// Drops all values of a task.
    package func forget(_ task: TaskID) { values.withLock { $0.forget(task) } }

    package var figures: Workers.Report.CacheFigures {
        values.withLock { values in
            Workers.Report.CacheFigures(
                name: name, hits: values.hits, misses: values.misses, sizeBytes: values.sizeBytes)
        }
    }
}
