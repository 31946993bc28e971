import Store
import TestSupport
import Testing

struct CallbackTests {
    private static func request() -> TaskRequest {
        var request = StoreFixture.text([.german])
        request.callbackURL = "https://example.org/done"
        return request
    }

    @Test(arguments: [TaskStatus.completed, .failed, .cancelled])
    func `a task that ends has its callback`(as status: TaskStatus) async throws {
        let store = try await StoreFixture()
        let task = try await store.tasks.create(CallbackTests.request()).task
        let job = try await store.claim(.translation)[0]
        switch status {
        case .failed: try await store.queue.fail(job.lease, code: "a", message: "b", retryAfterMs: nil)
        case .cancelled: _ = try await store.tasks.cancel(task.id)
        default:
            try await store.finish(job)
            try await store.finish(try await store.claim(.packaging)[0])
        }
        let callback = try await store.claim(.webhook)[0]
        #expect(callback.task.status == status)
        #expect(callback.attemptsMax == JobQueue.deliveryAttemptsMax)
        try await store.finish(callback)
        #expect(try await store.claim(.webhook).isEmpty)
    }

    @Test func `a callback nobody takes is a dead letter and its task stays completed`() async throws {
        let store = try await StoreFixture()
        let task = try await store.tasks.create(CallbackTests.request()).task
        try await store.finish(try await store.claim(.translation)[0])
        try await store.finish(try await store.claim(.packaging)[0])
        for attempt in 1...JobQueue.deliveryAttemptsMax {
            let callback = try await store.claim(.webhook)[0]
            #expect(callback.attempt == attempt)
            try await store.queue.fail(callback.lease, code: "refused", message: "", retryAfterMs: 0)
        }
        #expect(try await store.claim(.webhook).isEmpty)
        #expect(try await store.tasks.task(task.id)?.status == .completed)
        let dead = try await store.queue.dead(limit: 1)[0]
        #expect(try await store.queue.retry(dead.id).state == .available)
        #expect(try await store.tasks.task(task.id)?.status == .completed)
    }

    @Test func `a task that failed and is completed after all calls back twice`() async throws {
        let store = try await StoreFixture()
        _ = try await store.tasks.create(CallbackTests.request())
        let job = try await store.claim(.translation)[0]
        try await store.queue.fail(job.lease, code: "a", message: "b", retryAfterMs: nil)
        let failed = try await store.claim(.webhook)[0]
        _ = try await store.queue.retry(job.lease.job)
        try await store.finish(try await store.claim(.translation)[0])
        try await store.finish(try await store.claim(.packaging)[0])
        let completed = try await store.claim(.webhook)[0]
        #expect(completed.lease.job != failed.lease.job)
        #expect(completed.task.status == .completed)
    }

    @Test func `deliveries are logged, and an address is paused after too many failures`() async throws {
        let store = try await StoreFixture()
        let task = try await store.tasks.create(CallbackTests.request()).task
        let (webhooks, url) = (store.storage.webhooks, task.request.callbackURL!)
        func deliver(_ attempt: Int, error: String?) async throws {
            try await webhooks.log(
                Webhooks.Delivery(
                    id: JobID(rawValue: "job"), task: task.id, attempt: attempt, statusCode: error == nil ? 200 : nil,
                    error: error, atMs: store.clock.now, durationMs: 3), url: url)
        }
        for attempt in 1..<Webhooks.failuresMax { try await deliver(attempt, error: "refused") }
        #expect(try await webhooks.pausedUntil(url) == nil)
        try await deliver(Webhooks.failuresMax, error: "refused")
        #expect(try await webhooks.pausedUntil(url) == store.clock.now + Webhooks.pauseMs)
        #expect(try await webhooks.pausedUntil("https://example.org/other") == nil)
        store.clock.turn(Webhooks.pauseMs)
        #expect(try await webhooks.pausedUntil(url) == nil)
        try await deliver(11, error: "refused")
        #expect(try await webhooks.pausedUntil(url) != nil)
        try await deliver(12, error: nil)
        #expect(try await webhooks.pausedUntil(url) == nil)
        try await deliver(13, error: "refused")
        #expect(try await webhooks.pausedUntil(url) == nil)
        let deliveries = try await webhooks.deliveries(of: task.id)
        #expect(deliveries.map(\.attempt) == Array(1...13))
        #expect(deliveries[11].statusCode == 200)
    }
}
