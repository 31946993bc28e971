import Store

/// Which jobs a process holds, how many more it may take, and which of them are to end early; decides, and does nothing.
package struct LeaseBook: Sendable {
    /// Why a job is to end before it is done.
    package enum End: Sendable, Equatable {
        /// Its task was cancelled, deleted or failed: there is nothing to settle.
        case stopped
        /// Its lease is another's: nothing may be settled.
        case lost
        /// The process stops: the job is given back.
        case drained
    }

    /// A job under a lease.
    package struct Held: Sendable, Hashable {
        package let lease: Lease
        package let task: TaskID
        package let queue: QueueName

        package init(lease: Lease, task: TaskID, queue: QueueName) {
            self.lease = lease
            self.task = task
            self.queue = queue
        }
    }

    private struct Entry {
        let job: Held
        var end: End?
    }

    private let slots: [QueueName: Int]
    private var entries: [Lease: Entry] = [:]
    /// Claims that were asked for and not answered yet.
    private var claims = 0
    /// Tasks stopped while a claim was on its way, which may bring their jobs.
    private var stoppedMeanwhile: Set<TaskID> = []
    package private(set) var isDraining = false

    /// - Parameter slots: jobs at once by queue.
    package init(slots: [QueueName: Int]) { self.slots = slots }

    package var leases: [Lease] { entries.filter { $0.value.end == nil }.map(\.key) }
    /// Of a task, but for its callbacks.
    package func leases(of task: TaskID) -> [Lease] {
        entries.values.map(\.job).filter { $0.task == task && $0.queue != .webhook }.map(\.lease)
    }
    package var isEmpty: Bool { entries.isEmpty }
    package var running: [QueueName: Int] { entries.values.reduce(into: [:]) { $0[$1.job.queue, default: 0] += 1 } }

    /// Begins a claim.
    ///
    /// - Returns: how many jobs to ask for; with 0 there is no claim to end.
    package mutating func beginClaim(_ queue: QueueName) -> Int {
        let free = isDraining ? 0 : slots[queue, default: 0] - running[queue, default: 0]
        if free > 0 { claims += 1 }
        return max(free, 0)
    }

    /// Takes what a claim brought.
    ///
    /// - Returns: the leases to work under; those of tasks that were stopped meanwhile are not among them (but for
    ///   callbacks, which tell of it), and what came too late is in `late`, to be given back.
    package mutating func endClaim(_ jobs: [Held]) -> (work: Set<Lease>, late: [Lease]) {
        claims -= 1
        let work = isDraining ? [] : jobs.filter { $0.queue == .webhook || !stoppedMeanwhile.contains($0.task) }
        for job in work { entries[job.lease] = Entry(job: job) }
        if claims == 0 { stoppedMeanwhile = [] }
        return (Set(work.map(\.lease)), isDraining ? jobs.map(\.lease) : [])
    }

    /// - Returns: leases whose work is to be ended.
    package mutating func stop(_ task: TaskID) -> [Lease] {
        if claims > 0 { stoppedMeanwhile.insert(task) }
        return end(leases(of: task), .stopped)
    }

    package mutating func lose(_ leases: [Lease]) -> [Lease] { end(leases, .lost) }

    package mutating func drain() -> [Lease] {
        isDraining = true
        return end(Array(entries.keys), .drained)
    }

    /// Forgets a job whose work has ended.
    ///
    /// - Returns: why it was to end; nil where it ended by itself.
    package mutating func leave(_ lease: Lease) -> End? { entries.removeValue(forKey: lease)?.end }

    /// The first reason stays.
    private mutating func end(_ leases: [Lease], _ end: End) -> [Lease] {
        leases.filter { lease in
            guard let entry = entries[lease], entry.end == nil else { return false }
            entries[lease]?.end = end
            return true
        }
    }
}
