import Store
import TestSupport
import Testing
import Transcript

struct JobQueueTests {
    @Test func `jobs are claimed by priority, then by age`() async throws {
        let store = try await StoreFixture()
        var ids: [TaskID] = []
        for priority in [0, 0, 50, -100, 100] {
            var request = StoreFixture.text([.german])
            request.priority = priority
            ids.append(try await store.tasks.create(request).task.id)
            store.clock.turn(1)
        }
        let claimed = try await store.claim(.translation, count: 10)
        #expect(claimed.map(\.task.id) == [ids[4], ids[2], ids[0], ids[1], ids[3]])
    }

    @Test func `a job is leased to one worker, with a token that rises`() async throws {
        let store = try await StoreFixture()
        _ = try await store.tasks.create(StoreFixture.text([.german]))
        let first = try await store.claim(.translation)[0]
        #expect(try await store.claim(.translation).isEmpty)
        store.clock.turn(StoreFixture.leaseMs)
        #expect(try await store.queue.reap().count == 1)
        let second = try await store.claim(.translation)[0]
        #expect(second.lease.job == first.lease.job)
        #expect(second.lease.token > first.lease.token)
        #expect(second.attempt == 2)
    }

    @Test func `a lease that is lost settles nothing`() async throws {
        let store = try await StoreFixture()
        _ = try await store.tasks.create(StoreFixture.audio())
        let old = try await store.claim(.transcription)[0]
        store.clock.turn(StoreFixture.leaseMs)
        _ = try await store.queue.reap()
        let new = try await store.claim(.transcription)[0]
        let lost = StoreError.leaseLost(old.lease.job)
        let queue = store.queue
        await #expect(throws: lost) { try await store.finish(old) }
        await #expect(throws: lost) { try await queue.report(old.lease, transcribed: 1, audioSeconds: nil) }
        await #expect(throws: lost) { try await queue.fail(old.lease, code: "a", message: "b", retryAfterMs: 1) }
        #expect(try await queue.keep(old.lease, name: "a", value: [1]) == false)
        #expect(try await queue.renew([old.lease, new.lease], leaseMs: 1000) == [old.lease])
        try await queue.release([old.lease])
        #expect(try await queue.jobs(of: old.task.id).map(\.state) == [.running])
        try await store.finish(new)
    }

    @Test func `a lease that is renewed in time is not reaped`() async throws {
        let store = try await StoreFixture()
        _ = try await store.tasks.create(StoreFixture.text([.german]))
        let job = try await store.claim(.translation)[0]
        store.clock.turn(StoreFixture.leaseMs - 1)
        #expect(try await store.queue.reap().count == 0)
        #expect(try await store.queue.renew([job.lease], leaseMs: StoreFixture.leaseMs).isEmpty)
        store.clock.turn(StoreFixture.leaseMs - 1)
        #expect(try await store.queue.reap().count == 0)
        store.clock.turn(1)
        #expect(try await store.queue.reap().count == 1)
    }

    @Test func `a lease that ran out is renewed as long as its job was not offered again`() async throws {
        let store = try await StoreFixture()
        _ = try await store.tasks.create(StoreFixture.text([.german]))
        let job = try await store.claim(.translation)[0]
        store.clock.turn(3_600_000)
        #expect(try await store.queue.renew([job.lease], leaseMs: StoreFixture.leaseMs).isEmpty)
        #expect(try await store.queue.reap().count == 0)
        store.clock.turn(StoreFixture.leaseMs)
        #expect(try await store.queue.reap().count == 1)
        #expect(try await store.queue.renew([job.lease], leaseMs: StoreFixture.leaseMs) == [job.lease])
    }

    @Test func `a job that is postponed waits for its time and has not used an attempt`() async throws {
        let store = try await StoreFixture()
        let task = try await store.tasks.create(StoreFixture.text([.german])).task
        for _ in 0...JobQueue.attemptsMax {
            let job = try await store.claim(.translation)[0]
            #expect(job.attempt == 1)
            try await store.queue.postpone(job.lease, byMs: 500)
            await #expect(throws: StoreError.leaseLost(job.lease.job)) {
                try await store.queue.postpone(job.lease, byMs: 500)
            }
            store.clock.turn(499)
            #expect(try await store.claim(.translation).isEmpty)
            store.clock.turn(1)
        }
        #expect(try await store.queue.jobs(of: task.id)[0].failures.isEmpty)
    }

    @Test func `recordings that are transcribed alike are not claimed at once`() async throws {
        let store = try await StoreFixture()
        for _ in 0..<3 { _ = try await store.tasks.create(StoreFixture.audio(hash: "same")) }
        _ = try await store.tasks.create(StoreFixture.audio(hash: "other"))
        var prompted = StoreFixture.audio(hash: "same")
        prompted.transcription.prompt = "names"
        _ = try await store.tasks.create(prompted)
        let claimed = try await store.claim(.transcription, count: 10)
        #expect(claimed.map(\.task.request.upload?.hash) == ["same", "other", "same"])
        #expect(try await store.claim(.transcription, count: 10).isEmpty)
        try await store.finish(claimed[0])
        #expect(try await store.claim(.transcription, count: 10).count == 1)
    }

    @Test func `a job that is given back has not used an attempt`() async throws {
        let store = try await StoreFixture()
        _ = try await store.tasks.create(StoreFixture.text([.german]))
        for _ in 0...JobQueue.attemptsMax {
            let job = try await store.claim(.translation)[0]
            #expect(job.attempt == 1)
            try await store.queue.release([job.lease])
        }
    }

    @Test func `a job that failed waits for its time`() async throws {
        let store = try await StoreFixture()
        let task = try await store.tasks.create(StoreFixture.text([.german])).task
        let job = try await store.claim(.translation)[0]
        try await store.queue.fail(job.lease, code: "busy", message: "no memory", retryAfterMs: 500)
        #expect(try await store.claim(.translation).isEmpty)
        store.clock.turn(499)
        #expect(try await store.claim(.translation).isEmpty)
        store.clock.turn(1)
        #expect(try await store.claim(.translation)[0].attempt == 2)
        let failures = try await store.queue.jobs(of: task.id)[0].failures
        #expect(failures == [JobFailure(code: "busy", message: "no memory", attempt: 1, atMs: task.createdMs)])
    }

    @Test func `the last attempt is a dead letter and fails the task`() async throws {
        let store = try await StoreFixture()
        let task = try await store.tasks.create(StoreFixture.text()).task
        for attempt in 1...JobQueue.attemptsMax {
            #expect(try await store.tasks.task(task.id)?.status.isFinal == false)
            let jobs = try await store.claim(.translation, count: 2)
            #expect(jobs[0].attempt == attempt)
            try await store.queue.fail(jobs[0].lease, code: "busy", message: "no memory", retryAfterMs: 0)
            if attempt < JobQueue.attemptsMax { try await store.queue.release([jobs[1].lease]) }
        }
        let failed = try #require(try await store.tasks.task(task.id))
        #expect(failed.status == .failed)
        #expect(failed.failure == TaskFailure(code: "busy", message: "no memory"))
        #expect(try await store.queue.jobs(of: task.id).map(\.state) == [.failed, .cancelled])
        #expect(try await store.queue.dead(limit: 10).map(\.attempt) == [JobQueue.attemptsMax])
    }

    @Test func `what no retry can help fails at once`() async throws {
        let store = try await StoreFixture()
        let task = try await store.tasks.create(StoreFixture.audio()).task
        let job = try await store.claim(.transcription)[0]
        try await store.queue.fail(job.lease, code: "bad_audio", message: "no audio", retryAfterMs: nil)
        #expect(try await store.tasks.task(task.id)?.failure?.code == "bad_audio")
        let events = try await store.storage.events.events(of: task.id, after: 0, limit: 10)
        #expect(events.map(\.name) == ["status", "status", "failure", "status"])
        #expect(events[2].data == #"{"code":"bad_audio","message":"no audio"}"#)
    }

    @Test func `a job whose workers die is buried at its last attempt`() async throws {
        let store = try await StoreFixture()
        let task = try await store.tasks.create(StoreFixture.text([.german])).task
        var failed: [TaskID] = []
        for _ in 1...JobQueue.attemptsMax {
            #expect(try await store.claim(.translation).count == 1)
            store.clock.turn(StoreFixture.leaseMs)
            #expect(failed.isEmpty)
            failed = try await store.queue.reap().failed.map(\.id)
        }
        #expect(failed == [task.id])
        #expect(try await store.tasks.task(task.id)?.failure?.code == "worker_lost")
        #expect(try await store.claim(.translation).isEmpty)
    }

    @Test func `deaths of the whole service cost a job no attempt, until there were too many`() async throws {
        let store = try await StoreFixture()
        let task = try await store.tasks.create(StoreFixture.text([.german])).task
        for _ in 1..<JobQueue.deathsMax {
            #expect(try await store.claim(.translation).map(\.attempt) == [1])
            #expect(try await store.queue.reapAll().count == 1)
        }
        #expect(try await store.tasks.task(task.id)?.status == .translating)
        #expect(try await store.claim(.translation).count == 1)
        #expect(try await store.queue.reapAll().count == 1)
        #expect(try await store.tasks.task(task.id)?.failure?.code == "worker_lost")
    }

    @Test func `deaths before a part that was kept are not held against a job`() async throws {
        let store = try await StoreFixture()
        let task = try await store.tasks.create(StoreFixture.audio()).task
        for name in ["first", "second"] {
            for _ in 1..<JobQueue.deathsMax {
                _ = try await store.claim(.transcription)
                _ = try await store.queue.reapAll()
            }
            let job = try await store.claim(.transcription)[0]
            #expect(try await store.queue.keep(job.lease, name: name, value: [1]))
            try await store.queue.release([job.lease])
        }
        #expect(try await store.tasks.task(task.id)?.status == .transcribing)
        #expect(try await store.queue.jobs(of: task.id)[0].failures.isEmpty)
    }

    @Test func `a dead letter is offered again with what was cancelled with it`() async throws {
        let store = try await StoreFixture()
        let task = try await store.tasks.create(StoreFixture.text([.german, .portuguese, .french])).task
        let jobs = try await store.claim(.translation, count: 2)
        try await store.finish(jobs[0])
        #expect(try await store.queue.keep(jobs[1].lease, name: "part", value: [7]))
        try await store.queue.fail(jobs[1].lease, code: "broken", message: "it broke", retryAfterMs: nil)
        await #expect(throws: StoreError.notFailed(jobs[0].lease.job, .completed)) {
            _ = try await store.queue.retry(jobs[0].lease.job)
        }
        let retried = try await store.queue.retry(jobs[1].lease.job)
        #expect(retried.state == .available)
        #expect(retried.attempt == 0)
        #expect(retried.failures.map(\.code) == ["broken"])
        #expect(try await store.tasks.task(task.id)?.status == .translating)
        #expect(try await store.tasks.task(task.id)?.failure == nil)
        #expect(try await store.queue.kept(retried.id).map(\.value) == [[7]])
        try await store.work()
        #expect(try await store.tasks.task(task.id)?.status == .completed)
        #expect(try await store.queue.kept(retried.id).isEmpty)
        #expect(try await store.storage.database.inspect().isEmpty)
    }

    @Test func `a job that is not there cannot be offered again`() async throws {
        let store = try await StoreFixture()
        let id = JobID(rawValue: "none")
        await #expect(throws: StoreError.noJob(id)) { _ = try await store.queue.retry(id) }
    }

    @Test func `parts are kept in their order, and a name once`() async throws {
        let store = try await StoreFixture()
        _ = try await store.tasks.create(StoreFixture.audio())
        let job = try await store.claim(.transcription)[0]
        for (name, value) in [("b", 1), ("a", 2), ("b", 3)] as [(String, UInt8)] {
            #expect(try await store.queue.keep(job.lease, name: name, value: [value]))
        }
        let kept = try await store.queue.kept(job.lease.job)
        #expect(kept.map(\.name) == ["b", "a"])
        #expect(kept.map(\.value) == [[3], [2]])
        try await store.finish(job)
        #expect(try await store.queue.kept(job.lease.job).isEmpty)
    }

    @Test func `a job keeps its newest failures up to a limit`() async throws {
        let store = try await StoreFixture()
        let task = try await store.tasks.create(StoreFixture.text([.german])).task
        for number in 0...JobRecord.failuresMax {
            let job = try await store.claim(.translation)[0]
            try await store.queue.fail(job.lease, code: "n\(number)", message: "", retryAfterMs: nil)
            _ = try await store.queue.retry(job.lease.job)
        }
        let failures = try await store.queue.jobs(of: task.id)[0].failures
        #expect(failures.count == JobRecord.failuresMax)
        #expect(failures.first?.code == "n1")
    }

    @Test func `statistics tell the queues apart`() async throws {
        let store = try await StoreFixture()
        for _ in 0..<2 { _ = try await store.tasks.create(StoreFixture.text([.german])) }
        store.clock.turn(2000)
        for _ in 0..<3 { _ = try await store.tasks.create(StoreFixture.text([.german])) }
        let jobs = try await store.claim(.translation, count: 3)
        try await store.queue.fail(jobs[0].lease, code: "a", message: "b", retryAfterMs: 1000)
        try await store.queue.fail(jobs[1].lease, code: "a", message: "b", retryAfterMs: nil)
        store.clock.turn(10)
        let statistics = try await store.queue.statistics()
        #expect(statistics.map(\.queue) == QueueName.allCases)
        #expect(
            statistics[1]
                == QueueStatistics(queue: .translation, ready: 2, delayed: 1, running: 1, failed: 1, oldestAgeMs: 10))
        #expect(
            statistics[2]
                == QueueStatistics(queue: .packaging, ready: 0, delayed: 0, running: 0, failed: 0, oldestAgeMs: nil))
    }
}
