import Store
import Synchronization

/// Lets tasks in, or not. It reads the figures once a second, counts what it let in since, and reads them anew before it
/// refuses.
final class Gate: Sendable {
    private static let freshMs: Int64 = 1_000
    /// How long figures that lead to a refusal count: long enough that a crowd costs one reading.
    private static let refusalFreshMs: Int64 = 50
    /// Over which the pace is measured.
    static let paceWindowMs: Int64 = 300_000

    private struct Figures {
        var unfinished = 0
        var waiting = 0
        var pace = Pace(completed: 0, meanSeconds: 0, windowSeconds: Double(Gate.paceWindowMs) / 1_000)
        var atMs = Int64.min / 2
    }

    private let storage: Storage
    private let admission: Admission
    private let machine: MachineLoadReader
    private let now: @Sendable () -> Int64
    private let figures = Mutex(Figures())

    init(
        storage: Storage, settings: APISettings, machine: MachineLoadReader, now: @escaping @Sendable () -> Int64
    ) {
        self.storage = storage
        admission = Admission(settings)
        self.machine = machine
        self.now = now
    }

    /// - Throws: `Refused.admission`.
    func check() async throws {
        let load = machine.load()
        for freshMs in [Gate.freshMs, Gate.refusalFreshMs] {
            let figures = try await figures(freshMs: freshMs)
            guard
                let refusal = admission.refusal(
                    unfinished: figures.unfinished, waiting: figures.waiting, machine: load)
            else { return }
            if freshMs == Gate.refusalFreshMs {
                throw Refused.admission(
                    refusal, retryAfterSeconds: Admission.retryAfterSeconds(figures.pace))
            }
        }
    }

    /// A task was let in with its first jobs.
    func count(jobs: Int) {
        figures.withLock {
            $0.unfinished += 1
            $0.waiting += jobs
        }
    }

    /// Seconds a task handed in now will take; nil where none was completed lately.
    func estimateSeconds() -> Double? {
        figures.withLock { $0.pace.estimateSeconds(unfinished: max(0, $0.unfinished - 1)) }
    }

    func pace() async throws -> (pace: Pace, unfinished: Int) {
        let figures = try await figures(freshMs: Gate.freshMs)
        return (figures.pace, figures.unfinished)
    }

    private func figures(freshMs: Int64) async throws -> Figures {
        let nowMs = now()
        let known = figures.withLock { $0 }
        if nowMs - known.atMs < freshMs { return known }
        // Others go on with what is known while this one reads.
        figures.withLock { $0.atMs = nowMs }
        do {
            let unfinished = try await storage.tasks.unfinishedCount(limit: admission.tasksMax)
            let queues = try await storage.queue.statistics()
            let done = try await storage.tasks.throughput(windowMs: Gate.paceWindowMs)
            return figures.withLock { figures in
                figures.unfinished = unfinished
                figures.waiting = queues.reduce(0) { $0 + $1.ready + $1.delayed }
                figures.pace.completed = done.count
                figures.pace.meanSeconds = Double(done.meanMs) / 1_000
                return figures
            }
        } catch {
            figures.withLock { $0.atMs = known.atMs }
            throw error
        }
    }
}
