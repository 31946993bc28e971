import Foundation
import Logging
import Metrics
import Pipeline
import Store
import Synchronization
import TestSupport
import Transcript

/// A store in a folder of its own, and workers on it that a test starts and stops.
final class Workplace: Sendable {
    let folder: TemporaryFolder
    let storage: Storage

    private let clock: @Sendable () -> Int64

    /// - Parameter clock: milliseconds since 1970.
    init(clock: @escaping @Sendable () -> Int64 = Workplace.now) async throws {
        folder = try TemporaryFolder()
        storage = try await Storage(folder: folder.path("data"), now: clock)
        self.clock = clock
    }

    static var log: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }

    static let now: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1000) }

    func worker(
        _ id: String = "worker", slots: [QueueName: Int], pace: Worker.Pace = Worker.Pace(),
        policy: RetryPolicy = RetryPolicy(baseMs: 0, capMs: 0), stage: @escaping Worker.Stage
    ) -> Worker {
        Worker(
            id: id, storage: storage, slots: slots, pace: pace, policy: policy, deliveryPolicy: policy,
            metrics: PipelineMetrics(factory: NOOPMetricsHandler.instance), log: Workplace.log, now: clock,
            stage: stage)
    }

    /// A text task, which begins with a translation a language.
    func textTask(
        _ text: String = "Good morning.", into languages: [Language] = [.portuguese], callback: String? = nil,
        priority: Int = 0
    ) async throws -> TaskRecord {
        var request = TaskRequest(kind: .text, languages: languages)
        request.text = text
        request.sourceLanguage = "en"
        request.callbackURL = callback
        request.priority = priority
        return try await storage.tasks.create(request).task
    }

    /// A recording's task; the file is copied as an upload would be.
    func audioTask(
        _ path: String, into languages: [Language] = [], reference: String? = nil, language: String? = nil,
        hash: String? = nil, _ change: (inout TaskRequest) -> Void = { _ in }
    ) async throws -> TaskRecord {
        var request = TaskRequest(kind: .audio, languages: languages)
        let upload = try storage.blobs.begin("uploads")
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        try bytes.write(to: URL(fileURLWithPath: upload.path))
        try storage.blobs.commit(upload)
        request.upload = .init(blob: upload.key, hash: hash ?? path, sizeBytes: bytes.count)
        request.text = reference
        request.sourceLanguage = language
        change(&request)
        return try await storage.tasks.create(request).task
    }

    /// Waits until a task is as it should be.
    func wait(
        for id: TaskID, seconds: Double = 60, _ isSo: @escaping @Sendable (TaskRecord) -> Bool
    ) async throws -> TaskRecord {
        let changes = storage.database.changes()
        if let task = try await storage.tasks.task(id), isSo(task) { return task }
        return try await within(seconds) { [storage] in
            for await change in changes where change == .task(id) {
                if let task = try await storage.tasks.task(id), isSo(task) { return task }
            }
            throw CancellationError()
        }
    }

    func end(of id: TaskID, seconds: Double = 60) async throws -> TaskRecord {
        try await wait(for: id, seconds: seconds) { $0.status.isFinal }
    }
}

/// Something that did not happen in time.
struct TooLate: Error { var seconds: Double }

/// Waits for something, at most so long.
func within<Value: Sendable>(
    _ seconds: Double, _ work: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
        group.addTask { try await work() }
        group.addTask {
            let (deadline, timer) = AsyncStream.makeStream(of: Void.self)
            let source = DispatchSource.makeTimerSource()
            source.schedule(deadline: .now() + seconds)
            source.setEventHandler { timer.finish() }
            source.resume()
            for await _ in deadline {}
            source.cancel()
            throw TooLate(seconds: seconds)
        }
        defer { group.cancelAll() }
        guard let value = try await group.next() else { throw TooLate(seconds: seconds) }
        return value
    }
}

/// Runs a service while a test does something, and waits for its end.
func serving<Value: Sendable>(
    _ worker: Worker, _ body: () async throws -> Value
) async throws -> Value {
    let run = Task { await worker.run() }
    do {
        let value = try await body()
        run.cancel()
        await run.value
        return value
    } catch {
        run.cancel()
        await run.value
        throw error
    }
}

/// Values from several tasks, in the order they came; each can be waited for.
final class Collected<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])
    private let stream: AsyncStream<Element>
    private let continuation: AsyncStream<Element>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream() }

    func add(_ element: Element) {
        elements.withLock { $0.append(element) }
        continuation.yield(element)
    }

    var all: [Element] { elements.withLock { $0 } }

    /// Waits until so many came.
    func first(_ count: Int, seconds: Double = 20) async throws -> [Element] {
        try await within(seconds) { [stream] in
            var taken: [Element] = []
            for await element in stream {
                taken.append(element)
                if taken.count == count { break }
            }
            return taken
        }
    }
}
