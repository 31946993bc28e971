import Store

/// How fast tasks come to their end: what estimates, and the times to come back, are made of.
package struct Pace: Sendable, Equatable {
    /// Tasks that ended lately, of both types.
    package var lately: Tasks.Throughput
    /// What the newest completed tasks of a type took; a type of which none was ever completed is missing.
    package var usual: [TaskKind: Tasks.Usual]

    package init(lately: Tasks.Throughput, usual: [TaskKind: Tasks.Usual]) {
        self.lately = lately
        self.usual = usual
    }

    package static let unknown = Pace(lately: .init(count: 0, meanMs: 0, spanMs: 0), usual: [:])

    /// Seconds from one end of a task to the next while there is work; where none ended lately, what a task of the slower
    /// type took. Nil where none was ever completed.
    package var intervalSeconds: Double? {
        guard lately.count > 0 else { return usual.values.map { Double($0.meanMs) / 1_000 }.max() }
        return Double(lately.meanMs) / 1_000 / atOnce
    }

    /// Seconds that a new task will take with so many before it: what its type takes, by how much larger its recording is
    /// and how many more there are than when that was measured, and never less than the fastest of them took. Nil where
    /// none of its type was ever completed.
    package func estimateSeconds(of kind: TaskKind, sizeBytes: Int? = nil, unfinished: Int) -> Double? {
        guard let usual = usual[kind] else { return nil }
        let size = sizeBytes.flatMap { size in usual.meanBytes.map { Double(size) / max(1, $0) } } ?? 1
        let seconds = Double(usual.meanMs) / 1_000 * size * Double(unfinished + 1) / atOnce
        return max(seconds, Double(usual.leastMs) / 1_000)
    }

    /// Tasks that were there at once, on average, while those that ended lately were: Little's law. One where none did.
    private var atOnce: Double {
        guard lately.spanMs > 0 else { return 1 }
        return max(1, Double(lately.count) * Double(lately.meanMs) / Double(lately.spanMs))
    }
}
