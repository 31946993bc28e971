import Foundation
import Synchronization

/// Threads for calls that block or compute for longer than a cooperative thread may: so many at once, the others wait
/// in line.
package final class BlockingThreads: Sendable {
    /// Told to the work of a caller that has gone.
    package final class Stop: Sendable {
        private let flag = Atomic<Bool>(false)

        package var isAsked: Bool { flag.load(ordering: .relaxed) }

        fileprivate func ask() { flag.store(true, ordering: .relaxed) }
    }

    private struct Line {
        var running = 0
        var waiting: [@Sendable () -> Void] = []
    }

    private let countMax: Int
    private let name: String
    private let line = Mutex(Line())

    /// - Parameter name: of the threads.
    package init(_ name: String, countMax: Int) {
        self.name = name
        self.countMax = countMax
    }

    /// Runs `body` on a thread of its own. A caller that is cancelled does not wait for it: it is told to stop, and what
    /// it gives is dropped.
    ///
    /// - Throws: what `body` does; `CancellationError`.
    package func run<Value: Sendable>(
        _ body: @escaping @Sendable (_ stop: Stop) throws -> Value
    ) async throws -> Value {
        let stop = Stop()
        let answer = Answer<Value>()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard answer.wait(continuation) else { return }
                begin {
                    guard !stop.isAsked else { return }
                    answer.give(Result { try body(stop) })
                }
            }
        } onCancel: {
            stop.ask()
            answer.give(.failure(CancellationError()))
        }
    }

    private func begin(_ work: @escaping @Sendable () -> Void) {
        let mayRun = line.withLock { line in
            guard line.running < countMax else {
                line.waiting.append(work)
                return false
            }
            line.running += 1
            return true
        }
        guard mayRun else { return }
        let thread = Thread { [self] in
            var next: (@Sendable () -> Void)? = work
            while let work = next {
                work()
                next = line.withLock { line in
                    guard line.waiting.isEmpty else { return line.waiting.removeFirst() }
                    line.running -= 1
                    return nil
                }
            }
        }
        thread.name = name
        thread.stackSize = 8 << 20
        thread.start()
    }
}
