import Store
import TestSupport
import Testing
import Transcript

/// Random work of several workers beside the rules.
struct QueueModelTests {
    private struct Run {
        let store: StoreFixture
        var random: SeededRandom
        var model = QueueModel()
        /// All that was ever claimed, in whatever state it is now.
        var claims: [ClaimedJob] = []

        var now: Int64 { store.clock.now }

        mutating func step() async throws {
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<12: try await create()
            case 12..<40: try await claim(QueueName.allCases[Int.random(in: 0..<3, using: &random)])
            case 40..<66: try await finish()
            case 66..<74: try await fail()
            case 74..<79: try await renew()
            case 79..<83: try await release()
            case 83..<88: try await reap()
            case 88..<90: try await cancel()
            case 90..<91: try await delete()
            case 91..<94: try await retry()
            default: store.clock.turn(Int64.random(in: 1...StoreFixture.leaseMs / 2, using: &random))
            }
        }

        private mutating func create() async throws {
            let languages = Array(
                Language.allCases.shuffled(using: &random).prefix(Int.random(in: 0...3, using: &random)))
            var request =
                Bool.random(using: &random)
                ? StoreFixture.text(languages)
                : StoreFixture.audio(languages, hash: "h\(Int.random(in: 0..<4, using: &random))")
            request.priority = [0, 0, 10].randomElement(using: &random)!
            let task = try await store.tasks.create(request).task
            model.statuses[task.id] = .pending
            model.done[task.id] = task.translationsDone
            try await learn(task)
        }

        /// Takes up the jobs of a task that are new.
        private mutating func learn(_ task: TaskRecord) async throws {
            for job in try await store.queue.jobs(of: task.id) where model.jobs[job.id] == nil {
                model.jobs[job.id] = QueueModel.Job(
                    task: task.id, queue: job.queue, priority: task.request.priority, createdMs: task.createdMs,
                    work: job.queue == .transcription ? task.request.upload?.hash : nil, runAtMs: now)
            }
        }

        private mutating func claim(_ queue: QueueName) async throws {
            let count = Int.random(in: 1...4, using: &random)
            let expected = model.claimable(queue, count: count, now: now)
            let claimed = try await store.claim(queue, count: count)
            #expect(claimed.map(\.lease.job) == expected)
            for claim in claimed { model.claimed(claim, untilMs: now + StoreFixture.leaseMs) }
            claims += claimed
        }

        /// Whether an action under a lease has to succeed; runs it and sees that it does, or is refused.
        private func act(_ claim: ClaimedJob, _ body: () async throws -> Void) async throws -> Bool {
            guard model.isLive(claim.lease) else {
                await #expect(throws: StoreError.leaseLost(claim.lease.job)) { try await body() }
                return false
            }
            try await body()
            return true
        }

        private mutating func finish() async throws {
            guard let claim = claims.randomElement(using: &random) else { return }
            guard try await act(claim, { try await store.finish(claim) }) else { return }
            model.jobs[claim.lease.job]!.state = .completed
            let id = claim.task.id
            if claim.queue == .translation { model.done[id]! += 1 }
            if claim.queue == .packaging { model.statuses[id] = .completed }
            let before = model.jobs.count
            try await learn(claim.task)
            guard model.jobs.count > before else { return }
            let isPackaging = model.jobs.values.contains { $0.task == id && $0.queue == .packaging }
            model.statuses[id] = isPackaging ? .packaging : .translating
        }

        private mutating func fail() async throws {
            guard let claim = claims.randomElement(using: &random) else { return }
            let retryAfterMs =
                Int.random(in: 0..<4, using: &random) == 0 ? nil : Int64.random(in: 0...5000, using: &random)
            let isDone = try await act(claim) {
                try await store.queue.fail(claim.lease, code: "a", message: "b", retryAfterMs: retryAfterMs)
            }
            if isDone { model.failed(claim.lease.job, retryAtMs: retryAfterMs.map { now + $0 }) }
        }

        private mutating func renew() async throws {
            let leases = claims.shuffled(using: &random).prefix(5).map(\.lease)
            let lost = try await store.queue.renew(leases, leaseMs: StoreFixture.leaseMs)
            #expect(lost == leases.filter { !model.isLive($0) })
            for lease in leases where model.isLive(lease) {
                model.jobs[lease.job]!.untilMs = now + StoreFixture.leaseMs
            }
        }

        private mutating func release() async throws {
            guard let lease = claims.randomElement(using: &random)?.lease else { return }
            try await store.queue.release([lease])
            guard model.isLive(lease) else { return }
            model.jobs[lease.job]!.state = .available
            model.jobs[lease.job]!.attempt -= 1
        }

        private mutating func reap() async throws {
            let expired = model.jobs.filter { $0.value.state == .running && $0.value.untilMs <= now }
            #expect(try await store.queue.reap().count == expired.count)
            for (id, job) in expired {
                // Of several last attempts of a task the first is buried and the others cancelled.
                let found = try await store.queue.jobs(of: job.task).first { $0.id == id }
                if found?.state == .failed { model.failed(id, retryAtMs: nil) }
            }
            for (id, _) in expired where model.jobs[id]!.state == .running { model.failed(id, retryAtMs: now) }
        }

        private mutating func cancel() async throws {
            guard let id = model.statuses.keys.sorted(by: { $0.rawValue < $1.rawValue }).randomElement(using: &random)
            else { return }
            _ = try await store.tasks.cancel(id)
            if !model.statuses[id]!.isFinal { model.end(id, as: .cancelled) }
        }

        private mutating func delete() async throws {
            guard let id = model.statuses.keys.sorted(by: { $0.rawValue < $1.rawValue }).randomElement(using: &random)
            else { return }
            #expect(try await store.tasks.delete(id).found)
            model.deleted(id)
        }

        private mutating func retry() async throws {
            let dead = try await store.queue.dead(limit: 1000)
            #expect(Set(dead.map(\.id)) == Set(model.jobs.filter { $0.value.state == .failed }.keys))
            guard let job = dead.randomElement(using: &random) else { return }
            _ = try await store.queue.retry(job.id)
            model.retried(job.id, now: now)
        }

        func compare() async throws {
            for (id, status) in model.statuses {
                let task = try #require(try await store.tasks.task(id))
                #expect(task.status == status)
                #expect(task.translationsDone == model.done[id])
                for job in try await store.queue.jobs(of: id) {
                    let expected = try #require(model.jobs[job.id])
                    #expect(job.state == expected.state)
                    #expect(job.attempt == expected.attempt)
                }
            }
            #expect(try await store.storage.database.inspect().isEmpty)
        }
    }

    @Test func `whatever workers do, no job is lost and none is leased twice`() async throws {
        let store = try await StoreFixture()
        var run = Run(store: store, random: SeededRandom())
        for step in 1...3000 {
            try await run.step()
            if step % 250 == 0 { try await run.compare() }
        }
        // Everybody who had a lease is gone; what is left is done to its end.
        store.clock.turn(StoreFixture.leaseMs)
        while try await store.queue.reap().count > 0 {}
        store.clock.turn(10_000)
        try await store.work()
        #expect(try await store.tasks.unfinishedCount(limit: 10) == 0)
        #expect(try await store.storage.database.inspect().isEmpty)
        let completed = try await store.tasks.counts().filter { $0.status == .completed }.map(\.count).reduce(0, +)
        #expect(completed > 50)
    }
}
