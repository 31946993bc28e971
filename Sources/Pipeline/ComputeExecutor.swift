import Foundation
import Inference
import Synchronization

/// Something that computes in small pieces, on the one thread that computes.
package protocol ComputeSource: AnyObject, Sendable {
    /// Does a piece of work of at most some hundred milliseconds; called by the compute thread alone.
    ///
    /// - Returns: false where there is nothing to do until `ComputeExecutor.wake` is called again.
    func compute(_ threads: ComputeThreads) -> Bool
}

/// The one thread of a process that computes, with a team of all cores: sources take turns on it, by the time they
/// had.
///
/// Its threads stand back behind all others, so that requests are answered while models run. It sleeps when there is
/// nothing to do.
package final class ComputeExecutor: Sendable {
    /// How far computing stands back; 19 would be the furthest.
    package static let niceness = 10

    package let threads: ComputeThreads
    private let state: ComputeState

    /// - Parameter count: threads that compute together.
    package init(threads count: Int = ProcessInfo.processInfo.activeProcessorCount) {
        threads = ComputeThreads(count, niceness: ComputeExecutor.niceness)
        let state = ComputeState()
        self.state = state
        let team = threads
        let thread = Thread {
            standBack(ComputeExecutor.niceness)
            while let (id, source) = state.next() {
                let start = ContinuousClock.now
                let hasMore = source.compute(team)
                state.settle(id, seconds: (ContinuousClock.now - start) / .seconds(1), hasMore: hasMore)
            }
        }
        thread.name = "compute"
        // Decoding nests deep enough for the default of secondary threads to be tight.
        thread.stackSize = 8 << 20
        thread.start()
    }

    deinit { state.stop() }

    /// Tells that a source has something to do.
    package func wake(_ source: any ComputeSource) { state.wake(source) }
}

/// What waits for the compute thread.
private final class ComputeState: Sendable {
    private struct Queue {
        var sources: [ObjectIdentifier: any ComputeSource] = [:]
        var turns = FairTurns<ObjectIdentifier>()
        /// Those woken while they computed.
        var wokenAgain: Set<ObjectIdentifier> = []
        var isStopped = false
    }

    private let queue = Mutex(Queue())
    private let condition = NSCondition()

    func wake(_ source: any ComputeSource) {
        queue.withLock { queue in
            let id = ObjectIdentifier(source)
            if queue.sources[id] == nil {
                queue.sources[id] = source
                queue.turns.join(id)
            } else {
                queue.wokenAgain.insert(id)
            }
        }
        signal()
    }

    func stop() {
        queue.withLock { $0.isStopped = true }
        signal()
    }

    /// Waits for a source that has something to do; nil at the end.
    func next() -> (ObjectIdentifier, any ComputeSource)? {
        condition.lock()
        defer { condition.unlock() }
        while true {
            let (next, isStopped) = queue.withLock { queue in
                let id = queue.turns.next()
                if let id { queue.wokenAgain.remove(id) }
                return (id.flatMap { id in queue.sources[id].map { (id, $0) } }, queue.isStopped)
            }
            if isStopped { return nil }
            if let next { return next }
            condition.wait()
        }
    }

    /// A source without work leaves; when it comes back it stands where those at work stand.
    func settle(_ id: ObjectIdentifier, seconds: Double, hasMore: Bool) {
        queue.withLock { queue in
            guard !hasMore, !queue.wokenAgain.contains(id) else { return queue.turns.charge(id, seconds) }
            queue.turns.leave(id)
            queue.sources[id] = nil
        }
    }

    private func signal() {
        condition.lock()
        condition.signal()
        condition.unlock()
    }
}
