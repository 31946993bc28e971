import Store
import Synchronization
import TestSupport
import Testing
import Transcript

/// The life of a task, in which the first statement fails, then the second, and so on.
struct FailingStatementTests {
    struct Injected: Error {}

    /// Lets one statement fail, once.
    final class Fault: Sendable {
        private let left: Mutex<Int>
        init(at number: Int) { left = Mutex(number) }
        var isStruck: Bool { left.withLock { $0 <= 0 } }
        func pass() throws {
            try left.withLock { left in
                left -= 1
                if left == 0 { throw Injected() }
            }
        }
    }

    /// Runs a step; where it fails, what is kept has to fit together, and the step succeeds when it is repeated.
    private static func step<T>(_ store: StoreFixture, _ body: () async throws -> T) async throws -> T {
        do { return try await body() } catch is Injected {
            #expect(try await store.storage.database.inspect().isEmpty)
            return try await body()
        }
    }

    private static func live(_ fault: Fault) async throws -> TaskRecord {
        let store: StoreFixture
        do { store = try await StoreFixture { _ in try fault.pass() } } catch is Injected {
            store = try await StoreFixture()
        }
        var request = StoreFixture.audio(reference: "Good morning.")
        request.callbackURL = "https://example.org/"
        request.idempotency = TaskRequest.Idempotency(key: "k", fingerprint: "f")
        let task = try await step(store) { try await store.tasks.create(request).task }
        let first = try await step(store) { try await store.claim(.transcription)[0] }
        _ = try await step(store) { try await store.queue.keep(first.lease, name: "0", value: [1]) }
        store.clock.turn(StoreFixture.leaseMs)
        _ = try await step(store) { try await store.queue.reap() }
        let job = try await step(store) { try await store.claim(.transcription)[0] }
        try await step(store) { try await store.queue.report(job.lease, transcribed: 0.5, audioSeconds: 1.5) }
        try await step(store) { try await store.finish(job) }
        let translations = try await step(store) { try await store.claim(.translation, count: 10) }
        try await step(store) {
            try await store.queue.fail(translations[0].lease, code: "a", message: "b", retryAfterMs: nil)
        }
        _ = try await step(store) { try await store.queue.retry(translations[0].lease.job) }
        let again = try await step(store) { try await store.claim(.translation, count: 10) }
        #expect(again.count == 4)
        try await step(store) { try await store.queue.release([again[3].lease]) }
        for job in again[..<3] { try await step(store) { try await store.finish(job) } }
        let last = try await step(store) { try await store.claim(.translation)[0] }
        try await step(store) { try await store.finish(last) }
        let packaging = try await step(store) { try await store.claim(.packaging)[0] }
        try await step(store) { try await store.finish(packaging) }
        for callback in try await step(store, { try await store.claim(.webhook, count: 5) }) {
            try await step(store) { try await store.finish(callback) }
        }
        #expect(try await step(store) { try await store.storage.database.inspect() }.isEmpty)
        let jobs = try await step(store) { try await store.queue.jobs(of: task.id) }
        #expect(jobs.count == 8)
        #expect(jobs.allSatisfy { $0.state == .completed })
        #expect(try await step(store) { try await store.storage.results.translations(task.id) }.count == 4)
        return try #require(try await step(store) { try await store.tasks.task(task.id) })
    }

    @Test func `whichever statement fails, nothing is half done and the task can be completed`() async throws {
        var number = 1
        while true {
            let fault = Fault(at: number)
            let task = try await FailingStatementTests.live(fault)
            #expect(task.status == .completed, "statement \(number) failed")
            #expect(task.translationsDone == 4, "statement \(number) failed")
            guard fault.isStruck else { break }
            number += 1
        }
        // Far more statements than steps: the fault was inside of transactions too.
        #expect(number > 150)
    }
}
