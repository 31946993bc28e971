import CKernels
import Foundation
import Synchronization

/// A fixed team of threads that share the items of one loop at a time.
///
/// The caller works too. A worker that comes late finds no items left and is not waited for, so a core that is busy
/// elsewhere never stalls a loop. Workers spin for a moment between loops, then sleep.
package final class ComputeThreads: Sendable {
    package let count: Int
    private let team: Team

    /// - Parameters:
    ///   - count: threads that compute, the caller included; at least 1.
    ///   - niceness: how far the others stand back behind threads of the system's usual priority, 0…19.
    package init(_ count: Int, niceness: Int = 0) {
        precondition(count >= 1)
        self.count = count
        let team = Team()
        self.team = team
        for index in 1..<count {
            let thread = Thread {
                standBack(niceness)
                team.work(as: index)
            }
            thread.name = "compute-\(index)"
            thread.stackSize = 1 << 20
            thread.start()
        }
    }

    deinit { team.stop() }

    /// Calls `body(item, thread)` once for every item, `thread` being 0..<count; returns when all are done.
    ///
    /// One loop at a time: the team belongs to whoever computes. Loops do not nest.
    package func run(_ items: Int, _ body: @Sendable (_ item: Int, _ thread: Int) -> Void) {
        guard count > 1, items > 1 else {
            for item in 0..<items { body(item, 0) }
            return
        }
        withoutActuallyEscaping(body) { team.run(items, $0) }
    }
}

/// Lowers the priority of the calling thread.
package func standBack(_ niceness: Int) {
    guard niceness > 0 else { return }
    // On Linux 0 is the calling thread, not its process. Lowering is always allowed.
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, Int32(niceness))
}

/// Gives memory that was freed back to the system.
package func returnFreedMemory() { kernels_trim_memory() }

private final class Team: Sendable {
    typealias Body = @Sendable (Int, Int) -> Void
    private let body = Mutex<Body?>(nil)
    /// Rises with every loop; a worker that sees it rise tries to join.
    private let generation = Atomic<Int>(0)
    private let open = Atomic<Bool>(false)
    private let inside = Atomic<Int>(0)
    private let next = Atomic<Int>(0)
    private let items = Atomic<Int>(0)
    private let sleepers = Atomic<Int>(0)
    private let stopped = Atomic<Bool>(false)
    private let condition = NSCondition()

    /// Turns a worker takes before it sleeps: about 100 µs, longer than the serial parts between two loops.
    private static let spins = 4_000

    func run(_ count: Int, _ loop: @escaping Body) {
        body.withLock { $0 = loop }
        items.store(count, ordering: .relaxed)
        next.store(0, ordering: .relaxed)
        open.store(true, ordering: .sequentiallyConsistent)
        generation.add(1, ordering: .sequentiallyConsistent)
        if sleepers.load(ordering: .sequentiallyConsistent) > 0 {
            condition.lock()
            condition.broadcast()
            condition.unlock()
        }
        share(loop, thread: 0)
        // A worker counts itself in before it looks at `open`: either it sees the loop closed, or it is waited for.
        open.store(false, ordering: .sequentiallyConsistent)
        while inside.load(ordering: .sequentiallyConsistent) > 0 { kernels_pause() }
        body.withLock { $0 = nil }
    }

    private func share(_ loop: Body, thread: Int) {
        let count = items.load(ordering: .relaxed)
        while true {
            let item = next.add(1, ordering: .relaxed).oldValue
            guard item < count else { return }
            loop(item, thread)
        }
    }

    func work(as thread: Int) {
        var seen = 0
        while !stopped.load(ordering: .relaxed) {
            guard wait(past: seen) else { continue }
            seen = generation.load(ordering: .sequentiallyConsistent)
            inside.add(1, ordering: .sequentiallyConsistent)
            if open.load(ordering: .sequentiallyConsistent), let loop = body.withLock({ $0 }) {
                share(loop, thread: thread)
            }
            inside.subtract(1, ordering: .sequentiallyConsistent)
        }
    }

    private func wait(past seen: Int) -> Bool {
        for _ in 0..<Team.spins {
            if generation.load(ordering: .acquiring) != seen { return true }
            kernels_pause()
        }
        condition.lock()
        defer { condition.unlock() }
        sleepers.add(1, ordering: .sequentiallyConsistent)
        while generation.load(ordering: .sequentiallyConsistent) == seen, !stopped.load(ordering: .relaxed) {
            condition.wait()
        }
        sleepers.subtract(1, ordering: .sequentiallyConsistent)
        return generation.load(ordering: .sequentiallyConsistent) != seen
    }

    func stop() {
        stopped.store(true, ordering: .sequentiallyConsistent)
        condition.lock()
        condition.broadcast()
        condition.unlock()
    }
}
