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
        /// Tasks and their first jobs that were let in and are not in the database yet.
        var arriving = (tasks: 0, jobs: 0)
        /// Those that came into the database so far; a reading may have missed the ones that came meanwhile.
        var arrived = (tasks: 0, jobs: 0)
        var pace = Pace.unknown
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

    /// Whether a task would be let in now.
    ///
    /// - Throws: `Refused.admission`.
    func check() async throws { try await admit(tasks: 0, jobs: 0) }

    /// Lets a task in and counts it in one step, however many ask at once. `arrived` or `turnedAway` has to follow.
    ///
    /// - Parameter jobs: its first ones.
    /// - Throws: `Refused.admission`.
    func admit(jobs: Int) async throws { try await admit(tasks: 1, jobs: jobs) }

    /// A task that was let in is in the database.
    func arrived(jobs: Int) {
        figures.withLock {
            $0.arriving.tasks -= 1
            $0.arriving.jobs -= jobs
            $0.arrived.tasks += 1
            $0.arrived.jobs += jobs
            $0.unfinished += 1
            $0.waiting += jobs
        }
    }

    /// A task that was let in did not become one.
    func turnedAway(jobs: Int) {
        figures.withLock {
            $0.arriving.tasks -= 1
            $0.arriving.jobs -= jobs
        }
    }

    private func admit(tasks: Int, jobs: Int) async throws {
        let load = machine.load()
        var refusal: Refusal?
        for freshMs in [Gate.freshMs, Gate.refusalFreshMs] {
            _ = try await figures(freshMs: freshMs)
            refusal = figures.withLock { figures in
                let refusal = admission.refusal(
                    unfinished: figures.unfinished + figures.arriving.tasks,
                    waiting: figures.waiting + figures.arriving.jobs, machine: load)
                guard refusal == nil else { return refusal }
                figures.arriving.tasks += tasks
                figures.arriving.jobs += jobs
                return nil
            }
            if refusal == nil { return }
        }
        guard let refusal else { return }
        throw Refused.admission(
            refusal, retryAfterSeconds: Admission.retryAfterSeconds(figures.withLock { $0.pace }))
    }

    /// Seconds that a task will take that was handed in just now; nil where none of its type was ever completed.
    func estimateSeconds(of request: TaskRequest) -> Double? {
        figures.withLock {
            $0.pace.estimateSeconds(
                of: request.kind, sizeBytes: request.upload?.sizeBytes, unfinished: max(0, $0.unfinished - 1))
        }
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
            let pace = Pace(
                lately: try await storage.tasks.throughput(windowMs: Gate.paceWindowMs),
                usual: try await storage.tasks.usual())
            return figures.withLock { figures in
                let (tasks, jobs) = (
                    figures.arrived.tasks - known.arrived.tasks, figures.arrived.jobs - known.arrived.jobs
                )
                figures.unfinished = unfinished + tasks
                figures.waiting = queues.reduce(0) { $0 + $1.ready + $1.delayed } + jobs
                figures.pace = pace
                return figures
            }
        } catch {
            figures.withLock { $0.atMs = known.atMs }
            throw error
        }
    }
}
