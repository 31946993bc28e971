import Foundation
import Store
import Synchronization
import TestSupport
import Testing
import Transcript

struct TasksTests {
    @Test func `a task is found again as it was handed in`() async throws {
        let store = try await StoreFixture()
        var request = StoreFixture.audio([.portuguese, .traditionalChinese], reference: "Good “morning”\nand 'all' 早")
        request.sourceLanguage = "en"
        request.textNumber = "001"
        request.priority = -100
        request.transcription.model = "base"
        request.transcription.translatesToEnglish = true
        request.transcription.prompt = "names"
        request.transcription.temperature = 0.4
        request.accuracyThreshold = 0.95
        request.callbackURL = "https://example.org/"
        request.keyID = "key"
        request.traceID = "trace"
        let created = try await store.tasks.create(request).task
        #expect(created.request == request)
        #expect(try await store.claim(.transcription)[0].task.request == request)
        // Whoever asks how it stands learns that there is a text.
        request.text = ""
        #expect(try await store.tasks.task(created.id)?.request == request)
        #expect(try await store.tasks.list(Tasks.Filter(), before: nil, limit: 1)[0].request == request)
    }

    @Test func `a task without a text is found without one`() async throws {
        let store = try await StoreFixture()
        let created = try await store.tasks.create(StoreFixture.audio()).task
        #expect(try await store.tasks.task(created.id) == created)
        #expect(created.request.text == nil)
    }

    @Test func `the words of a text are read for work alone`() async throws {
        let reads = Mutex(0)
        let store = try await StoreFixture { sql in if sql.contains("x.text") { reads.withLock { $0 += 1 } } }
        var request = StoreFixture.text()
        request.callbackURL = "https://example.org/"
        let task = try await store.tasks.create(request).task
        let jobs = try await store.claim(.translation, count: 2)
        #expect(jobs.map(\.task.request.text) == ["Good morning.", "Good morning."])
        #expect(reads.withLock { $0 } == 1)
        for job in jobs { try await store.finish(job) }
        let packaging = try await store.claim(.packaging)[0]
        #expect(packaging.task.request.text == "Good morning.")
        try await store.finish(packaging)
        try await store.finish(try await store.claim(.webhook)[0])
        _ = try await store.tasks.cancel(task.id)
        _ = try await store.tasks.delete(task.id)
        #expect(reads.withLock { $0 } == 2)
    }

    @Test func `a language asked for twice is translated once`() async throws {
        let store = try await StoreFixture()
        let task = try await store.tasks.create(StoreFixture.text([.german, .german])).task
        #expect(task.request.languages == [.german])
        #expect(try await store.queue.jobs(of: task.id).count == 1)
    }

    @Test func `a text of an unknown language has a job for every language`() async throws {
        let store = try await StoreFixture()
        let task = try await store.tasks.create(StoreFixture.text([.german, .english], source: nil)).task
        #expect(try await store.queue.jobs(of: task.id).map(\.translation?.language) == [.german, .english])
    }

    @Test(arguments: [-100, 100]) func `priorities reach to their limits`(priority: Int) async throws {
        let store = try await StoreFixture()
        var request = StoreFixture.text()
        request.priority = priority
        _ = try await store.tasks.create(request)
        request.priority = priority + priority.signum()
        await #expect(throws: StoreError.self) { _ = try await store.tasks.create(request) }
    }

    @Test func `the same request with the same key is one task`() async throws {
        let store = try await StoreFixture()
        var request = StoreFixture.text()
        request.idempotency = TaskRequest.Idempotency(key: "k", fingerprint: "f")
        let first = try await store.tasks.create(request)
        let second = try await store.tasks.create(request)
        guard case .same(let same) = second else { return #expect(Bool(false), "a second task was made") }
        #expect(same.id == first.task.id)
        var other = request
        other.idempotency?.fingerprint = "g"
        await #expect(throws: StoreError.idempotencyKeyReused) { _ = try await store.tasks.create(other) }
        // Another user's key of the same name.
        other.keyID = "somebody"
        guard case .new = try await store.tasks.create(other) else { return #expect(Bool(false), "not another task") }
    }

    @Test func `an idempotency key is forgotten after a day`() async throws {
        let store = try await StoreFixture()
        var request = StoreFixture.text()
        request.idempotency = TaskRequest.Idempotency(key: "k", fingerprint: "f")
        _ = try await store.tasks.create(request)
        store.clock.turn(Tasks.idempotencyMs - 1)
        guard case .same = try await store.tasks.create(request) else { return #expect(Bool(false), "forgotten") }
        store.clock.turn(1)
        request.idempotency?.fingerprint = "g"
        guard case .new = try await store.tasks.create(request) else { return #expect(Bool(false), "remembered") }
    }

    @Test func `lists are paged, newest first, whatever is created or deleted meanwhile`() async throws {
        let store = try await StoreFixture()
        var ids: [TaskID] = []
        for number in 0..<9 {
            ids.append(try await store.tasks.create(StoreFixture.text()).task.id)
            // Some share their millisecond.
            store.clock.turn(Int64(number % 2))
        }
        let first = try await store.tasks.list(Tasks.Filter(), before: nil, limit: 4)
        #expect(first.map(\.id) == Array(ids.reversed()[..<4]))
        _ = try await store.tasks.create(StoreFixture.text())
        _ = try await store.tasks.delete(first[3].id)
        let second = try await store.tasks.list(Tasks.Filter(), before: first[3].id, limit: 10)
        #expect(second.map(\.id) == Array(ids.reversed()[4...]))
        #expect(try await store.tasks.list(Tasks.Filter(), before: TaskID(rawValue: "x"), limit: 10).isEmpty)
    }

    @Test func `lists are filtered by all that a filter names`() async throws {
        let store = try await StoreFixture()
        var audio = StoreFixture.audio()
        audio.textNumber = "1"
        audio.keyID = "a"
        var text = StoreFixture.text(number: "1")
        text.keyID = "b"
        let ids = [
            try await store.tasks.create(audio).task.id, try await store.tasks.create(text).task.id,
            try await store.tasks.create(StoreFixture.text(number: "2")).task.id,
        ]
        _ = try await store.tasks.cancel(ids[2])
        func list(_ change: (inout Tasks.Filter) -> Void) async throws -> [TaskID] {
            var filter = Tasks.Filter()
            change(&filter)
            return try await store.tasks.list(filter, before: nil, limit: 10).map(\.id).reversed()
        }
        #expect(try await list { $0.kind = .text } == [ids[1], ids[2]])
        #expect(try await list { $0.status = .pending } == [ids[0], ids[1]])
        #expect(try await list { $0.textNumber = "1" } == [ids[0], ids[1]])
        #expect(try await list { $0.keyID = "b" } == [ids[1]])
        #expect(
            try await list {
                $0.kind = .text
                $0.status = .cancelled
                $0.textNumber = "2"
            } == [ids[2]])
        #expect(
            try await list {
                $0.kind = .audio
                $0.keyID = "b"
            }.isEmpty)
    }

    @Test func `a task that is cancelled gives its jobs to nobody`() async throws {
        let store = try await StoreFixture()
        let task = try await store.tasks.create(StoreFixture.text()).task
        let job = try await store.claim(.translation)[0]
        #expect(try await store.queue.keep(job.lease, name: "a", value: [1]))
        let cancelled = try #require(try await store.tasks.cancel(task.id))
        #expect(cancelled.status == .cancelled)
        #expect(try await store.queue.renew([job.lease], leaseMs: 1000) == [job.lease])
        #expect(try await store.claim(.translation).isEmpty)
        #expect(try await store.queue.kept(job.lease.job).isEmpty)
        #expect(try await store.tasks.cancel(task.id) == cancelled)
        #expect(try await store.tasks.cancel(TaskID(rawValue: "none")) == nil)
    }

    @Test func `a completed task cannot be cancelled`() async throws {
        let store = try await StoreFixture()
        let task = try await store.completed(StoreFixture.text())
        #expect(try await store.tasks.cancel(task.id) == task)
    }

    @Test func `a task that is deleted leaves nothing`() async throws {
        let store = try await StoreFixture()
        var request = StoreFixture.audio(reference: "Good morning.")
        request.callbackURL = "https://example.org/"
        request.idempotency = TaskRequest.Idempotency(key: "k", fingerprint: "f")
        let task = try await store.completed(request)
        try await store.storage.webhooks.log(
            Webhooks.Delivery(
                id: JobID(rawValue: "j"), task: task.id, attempt: 1, statusCode: 200, error: nil, atMs: 1, durationMs: 1
            ), url: "https://example.org/")
        try await store.storage.cache.keep(
            .transcription, [.init(key: [1], value: [2], task: task.id)], ttlMs: 1000)
        let deleted = try await store.tasks.delete(task.id)
        #expect(deleted.found)
        #expect(deleted.blobs == [request.upload!.blob, StoreFixture.package.blob])
        let left = try await store.storage.database.read { transaction in
            let tables = try transaction.rows(
                "select name from sqlite_master where type = 'table' and name not in ('migrations', 'sqlite_sequence')"
            ) { try $0.next(String.self) }
            return try tables.map { table in
                try transaction.row("select count(*) from \(table)") { try $0.next(Int.self) }!
            }
        }
        #expect(left.allSatisfy { $0 == 0 })
        #expect(left.count > 10)
        #expect(try await store.tasks.delete(task.id).found == false)
    }

    @Test func `a task that is deleted under work is lost to its worker`() async throws {
        let store = try await StoreFixture()
        let task = try await store.tasks.create(StoreFixture.text()).task
        let job = try await store.claim(.translation)[0]
        _ = try await store.tasks.delete(task.id)
        await #expect(throws: StoreError.leaseLost(job.lease.job)) { try await store.finish(job) }
    }

    @Test func `pruning takes what ended before a time, oldest first, up to a limit`() async throws {
        let store = try await StoreFixture()
        var ids: [TaskID] = []
        for _ in 0..<4 {
            ids.append(try await store.completed(StoreFixture.audio()).id)
            store.clock.turn(1000)
        }
        let running = try await store.tasks.create(StoreFixture.audio()).task
        let before = store.clock.now - 1000
        let pruned = try await store.tasks.prune(endedBeforeMs: before, limit: 2)
        #expect(pruned.count == 2)
        #expect(pruned.blobs.count == 4)
        #expect(
            try await store.tasks.list(Tasks.Filter(), before: nil, limit: 9).map(\.id) == [running.id, ids[3], ids[2]])
        #expect(try await store.tasks.prune(endedBeforeMs: before, limit: 2).count == 1)
        #expect(try await store.tasks.prune(endedBeforeMs: before, limit: 2).count == 0)
    }

    @Test func `pruning forgets workers and cached values whose time is over`() async throws {
        let store = try await StoreFixture()
        let key: [UInt8] = [1]
        try await store.storage.cache.keep(.translation, [.init(key: key, value: [2])], ttlMs: 10)
        try await store.storage.workers.report(
            Workers.Report(id: "w", name: "w", host: "h", processID: 1, startedMs: 0))
        store.clock.turn(Tasks.workerMs)
        _ = try await store.tasks.prune(endedBeforeMs: 0, limit: 1)
        #expect(try await store.storage.workers.present(withinMs: Tasks.workerMs * 2).count == 1)
        #expect(try await store.storage.cache.statistics().isEmpty)
        store.clock.turn(1)
        _ = try await store.tasks.prune(endedBeforeMs: 0, limit: 1)
        #expect(try await store.storage.workers.present(withinMs: Tasks.workerMs * 2).isEmpty)
    }

    @Test func `where tasks are kept for ever, all else is forgotten in its time`() async throws {
        let store = try await StoreFixture()
        var request = StoreFixture.text()
        request.idempotency = TaskRequest.Idempotency(key: "k", fingerprint: "f")
        let task = try await store.completed(request)
        try await store.storage.webhooks.log(
            Webhooks.Delivery(
                id: JobID(rawValue: "j"), task: task.id, attempt: 1, statusCode: nil, error: "e",
                atMs: store.clock.now, durationMs: 1), url: "https://example.org/")
        try await store.storage.cache.keep(.translation, [.init(key: [1], value: [2])], ttlMs: 10)
        try await store.storage.workers.report(
            Workers.Report(id: "w", name: "w", host: "h", processID: 1, startedMs: 0))
        func counts() async throws -> [Int] {
            try await store.storage.database.read { transaction in
                try ["tasks", "deliveries", "callback_addresses", "idempotency", "cache", "workers"].map { table in
                    try transaction.row("select count(*) from \(table)") { try $0.next(Int.self) }!
                }
            }
        }
        #expect(try await counts() == [1, 1, 1, 1, 1, 1])
        store.clock.turn(Tasks.addressMs)
        #expect(try await store.tasks.prune(endedBeforeMs: nil, limit: 9).count == 0)
        #expect(try await counts() == [1, 1, 1, 0, 0, 0])
        store.clock.turn(1)
        _ = try await store.tasks.prune(endedBeforeMs: nil, limit: 9)
        #expect(try await counts() == [1, 1, 0, 0, 0, 0])
    }

    @Test func `what was computed for a task is forgotten with it, but where it was only answered`() async throws {
        let store = try await StoreFixture()
        let cache = store.storage.cache
        var ids: [TaskID] = []
        for _ in 0..<3 { ids.append(try await store.completed(StoreFixture.text()).id) }
        let owners: [TaskID?] = ids + [nil]
        let entries = owners.enumerated().map { WorkCache.Entry(key: [UInt8($0)], value: [9], task: $1) }
        let keys = entries.map(\.key)
        try await cache.keep(.translation, entries, ttlMs: 1000)
        _ = try await store.tasks.delete(ids[0])
        #expect(try await Set(cache.values(.translation, keys).keys) == Set(keys[1...]))
        #expect(try await store.tasks.dismiss(ids[1]) == [StoreFixture.package.blob])
        #expect(try await Set(cache.values(.translation, keys).keys) == Set(keys[1...]))
        _ = try await store.tasks.prune(endedBeforeMs: store.clock.now + 1, limit: 9)
        #expect(try await Set(cache.values(.translation, keys).keys) == [keys[1], keys[3]])
        // Too late: the task is gone.
        try await cache.keep(.translation, [entries[0]], ttlMs: 1000)
        #expect(try await cache.values(.translation, [keys[0]]).isEmpty)
        #expect(try await store.tasks.dismiss(ids[1]).isEmpty)
    }

    @Test func `what is deleted is in no file, however it lay there`() async throws {
        let store = try await StoreFixture()
        let word = "xylophone"
        func isKept() throws -> Bool {
            try ["voicelingua.db", "voicelingua.db-wal"].contains { name in
                try Data(contentsOf: URL(fileURLWithPath: store.folder.path(name))).range(of: Data(word.utf8)) != nil
            }
        }
        var ids: [TaskID] = []
        // In rows of a page, and in rows of many.
        for length in [1, 10, 1000] {
            var request = StoreFixture.text()
            request.text = String(repeating: word + " ", count: length)
            ids.append(try await store.completed(request).id)
            // Brings the first into the file; the log keeps the others.
            try await store.storage.database.eraseDeleted()
        }
        #expect(try isKept())
        for id in ids { _ = try await store.tasks.delete(id) }
        #expect(try isKept(), "there is nothing to erase")
        try await store.storage.database.eraseDeleted()
        #expect(try !isKept())
    }

    @Test func `while somebody reads an older state, what is deleted is erased after that`() async throws {
        let store = try await StoreFixture()
        let task = try await store.completed(StoreFixture.text())
        let log = store.folder.path("voicelingua.db-wal")
        func size() throws -> Int { try Data(contentsOf: URL(fileURLWithPath: log)).count }
        let (begun, beginning) = AsyncStream.makeStream(of: Void.self)
        let gate = DispatchSemaphore(value: 0)
        let database = store.storage.database
        let reader = Task {
            try await database.read { transaction in
                let count = try transaction.row("select count(*) from tasks") { try $0.next(Int.self) }
                beginning.yield()
                gate.wait()
                return count
            }
        }
        for await _ in begun { break }
        _ = try await store.tasks.delete(task.id)
        try await database.eraseDeleted()
        #expect(try size() > 0)
        gate.signal()
        #expect(try await reader.value == 1)
        try await database.eraseDeleted()
        #expect(try size() == 0)
    }

    @Test func `unfinished tasks are counted up to a limit`() async throws {
        let store = try await StoreFixture()
        for _ in 0..<3 { _ = try await store.tasks.create(StoreFixture.text()) }
        _ = try await store.completed(StoreFixture.audio())
        for _ in 0..<3 { _ = try await store.tasks.create(StoreFixture.text()) }
        #expect(try await store.tasks.unfinishedCount(limit: 10) == 3)
        #expect(try await store.tasks.unfinishedCount(limit: 2) == 2)
    }

    @Test func `throughput tells of what ended lately and was not cancelled`() async throws {
        let store = try await StoreFixture()
        _ = try await store.completed(StoreFixture.text())
        store.clock.turn(60_000)
        #expect(try await store.tasks.throughput(windowMs: 60_000) == .init(count: 0, meanMs: 0, spanMs: 0))
        for waitMs in [1000, 3000] as [Int64] {
            _ = try await store.tasks.create(StoreFixture.text())
            store.clock.turn(waitMs)
            try await store.work()
        }
        _ = try await store.tasks.cancel(try await store.tasks.create(StoreFixture.text()).task.id)
        #expect(try await store.tasks.throughput(windowMs: 60_000) == .init(count: 2, meanMs: 2000, spanMs: 4000))
        #expect(try await store.tasks.throughput(windowMs: 3_500).spanMs == 3_500)
    }

    @Test func `what a type of task takes is told of the newest that were completed, however long ago`() async throws {
        let store = try await StoreFixture()
        for waitMs in [9_000] + Array(repeating: 1_000, count: Tasks.usualMax - 1) + [3_000] as [Int64] {
            _ = try await store.tasks.create(StoreFixture.text())
            store.clock.turn(waitMs)
            try await store.work()
        }
        store.clock.turn(86_400_000)
        _ = try await store.tasks.create(StoreFixture.audio())
        // Nineteen of a second and one of three; the oldest counts no more.
        #expect(try await store.tasks.usual() == [.text: .init(meanMs: 1_100, leastMs: 1_000)])
    }

    @Test func `tasks are counted by kind and status`() async throws {
        let store = try await StoreFixture()
        _ = try await store.completed(StoreFixture.text())
        for _ in 0..<2 { _ = try await store.tasks.create(StoreFixture.audio()) }
        let counts = try await store.tasks.counts().map { "\($0.kind) \($0.status) \($0.count)" }
        #expect(counts.sorted() == ["audio pending 2", "text completed 1"])
    }

    @Test func `every status has its successors, and what has ended well has none`() {
        for status in TaskStatus.allCases { #expect(!status.successors.contains(status)) }
        #expect(TaskStatus.completed.successors.isEmpty)
        #expect(TaskStatus.cancelled.successors.isEmpty)
        #expect(JobState.completed.successors.isEmpty)
    }
}
