import Foundation
import Store
import TestSupport
import Testing

struct InspectionTests {
    @Test func `what does not fit together is found`() async throws {
        let store = try await StoreFixture()
        let unsettled = try await store.completed(StoreFixture.audio([.german], hash: "b")).id
        let miscounted = try await store.completed(StoreFixture.audio([.german], hash: "c")).id
        let mispublished = try await store.completed(StoreFixture.audio([.german], hash: "d")).id
        try await store.storage.database.write { transaction in
            try transaction.execute(
                "update jobs set state = 'available', settled_ms = null where task_id = $1 and queue = 'packaging'",
                unsettled)
            try transaction.execute(
                "update tasks set translations_total = 5, translations_done = 5 where id = $1", miscounted)
            try transaction.execute("update translations set published_ms = null where task_id = $1", mispublished)
        }
        let findings = try await store.storage.database.inspect()
        #expect(findings == [.unsettled(unsettled), .miscounted(miscounted), .mispublished(mispublished)])
    }

    @Test func `a task without a job is found`() async throws {
        let store = try await StoreFixture()
        let id = try await store.tasks.create(StoreFixture.text([.german])).task.id
        #expect(try await store.storage.database.inspect().isEmpty)
        try await store.storage.database.write { transaction in
            _ = try transaction.execute("update jobs set state = 'cancelled', settled_ms = 1 where task_id = $1", id)
        }
        #expect(try await store.storage.database.inspect() == [.stuck(id)])
    }

    @Test func `a backup of a database under work is whole and opens`() async throws {
        let store = try await StoreFixture()
        let done = try await store.completed(StoreFixture.text(number: "7"))
        let path = store.folder.path("copy/voicelingua.db")
        try FileManager.default.createDirectory(
            atPath: store.folder.path("copy"), withIntermediateDirectories: true)
        let writing = Task {
            var count = 0
            while !Task.isCancelled {
                _ = try await store.tasks.create(StoreFixture.text())
                count += 1
            }
            return count
        }
        try await store.storage.database.backup(to: path)
        // Over the first one, as a nightly job does.
        try await store.storage.database.backup(to: path)
        writing.cancel()
        _ = try await writing.value
        #expect(!FileManager.default.fileExists(atPath: path + ".part"))
        let rights = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(rights == 0o600)
        let copy = try await Storage(folder: store.folder.path("copy"))
        #expect(try await copy.database.inspect().isEmpty)
        #expect(try await copy.tasks.task(done.id) == done)
    }

    @Test func `a backup that cannot be written is told and leaves nothing`() async throws {
        let store = try await StoreFixture()
        let path = store.folder.path("none/copy.db")
        await #expect(throws: StoreError.self) { try await store.storage.database.backup(to: path) }
        #expect(!FileManager.default.fileExists(atPath: path + ".part"))
    }
}
