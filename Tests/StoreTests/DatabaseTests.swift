import Foundation
import Store
import TestSupport
import Testing

struct DatabaseTests {
    @Test func `a commit waits for the disk`() async throws {
        let store = try await StoreFixture()
        let settings = try await store.storage.database.write { transaction in
            try ["synchronous", "foreign_keys"].map { name in
                try transaction.row("pragma \(name)") { try $0.next(Int.self) }
            }
        }
        // 2 is full.
        #expect(settings == [2, 1])
        let journal = try await store.storage.database.read {
            try $0.row("pragma journal_mode") { try $0.next(String.self) }
        }
        #expect(journal == "wal")
    }

    @Test func `readers cannot write`() async throws {
        let store = try await StoreFixture()
        await #expect(throws: StoreError.self) {
            try await store.storage.database.read { try $0.execute("delete from tasks") }
        }
    }

    @Test func `a schema that is there is left as it is`() async throws {
        let store = try await StoreFixture()
        let again = try Database(path: store.storage.database.path)
        let steps = try await again.migrate()
        #expect(steps.from == steps.to)
        #expect(steps.to > 0)
    }

    @Test func `a task of the first schema is a task of this one`() async throws {
        let store = try await StoreFixture()
        let task = try await store.tasks.create(StoreFixture.text()).task
        try await store.storage.database.write { transaction in
            for statement in [
                "delete from migrations where step > 1", "alter table tasks drop column languages_named",
                "drop table cache", "create table cache (upload_hash text)",
            ] { try transaction.execute(statement) }
        }
        let again = try await Storage(folder: store.folder.path)
        var kept = task
        kept.request.text = ""
        #expect(try await again.tasks.task(task.id) == kept)
        #expect(try await again.cache.statistics().isEmpty)
    }

    @Test func `a schema of a newer version is refused and not touched`() async throws {
        let store = try await StoreFixture()
        let path = store.storage.database.path
        _ = try await store.storage.database.write {
            try $0.execute("insert into migrations (step, done_ms) values (99, 0)")
        }
        await #expect(throws: StoreError.newerSchema(path: path, found: 99, known: 2)) {
            _ = try await Storage(folder: store.folder.path)
        }
    }

    @Test func `a file that is no database is told as damaged`() async throws {
        let folder = try TemporaryFolder()
        try folder.write(String(repeating: "no database ", count: 1000), to: "voicelingua.db")
        await #expect {
            _ = try await Storage(folder: folder.path)
        } throws: { error in
            guard case .corrupt? = error as? StoreError else { return false }
            return true
        }
    }

    @Test func `a folder that cannot be made is told`() async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("a file", to: "data")
        await #expect {
            _ = try await Storage(folder: file)
        } throws: { error in
            guard case .notOpened? = error as? StoreError else { return false }
            return true
        }
    }

    @Test func `those that wait are told what was committed`() async throws {
        let store = try await StoreFixture()
        let (first, second) = (store.storage.database.changes(), store.storage.database.changes())
        let task = try await store.tasks.create(StoreFixture.text([.german])).task
        _ = try await store.tasks.cancel(task.id)
        for stream in [first, second] {
            var iterator = stream.makeAsyncIterator()
            #expect(await iterator.next() == .queue(.translation))
            #expect(await iterator.next() == .task(task.id))
            #expect(await iterator.next() == .task(task.id))
            #expect(await iterator.next() == .stopped(task.id))
        }
    }

    @Test func `nobody is told of a transaction that failed`() async throws {
        let store = try await StoreFixture()
        let changes = store.storage.database.changes()
        var lost = StoreFixture.text()
        lost.priority = 101
        await #expect(throws: StoreError.self) { _ = try await store.tasks.create(lost) }
        let task = try await store.tasks.create(StoreFixture.text([.german])).task
        var iterator = changes.makeAsyncIterator()
        #expect(await iterator.next() == .queue(.translation))
        #expect(await iterator.next() == .task(task.id))
    }

    @Test func `changes that nobody takes are kept up to a limit, the newest`() async throws {
        let store = try await StoreFixture()
        let changes = store.storage.database.changes()
        let task = try await store.tasks.create(StoreFixture.audio()).task
        let lease = try await store.claim(.transcription)[0].lease
        for _ in 0..<Database.changesMax { try await store.queue.report(lease, transcribed: 0.5, audioSeconds: nil) }
        _ = try await store.tasks.cancel(task.id)
        var count = 0
        for await change in changes {
            count += 1
            if change == .stopped(task.id) { break }
        }
        #expect(count == Database.changesMax)
    }
}
