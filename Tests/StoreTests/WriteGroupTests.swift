import Foundation
import Store
import Synchronization
import TestSupport
import Testing

struct WriteGroupTests {
    @Test func `tasks that come at once share their commits`() async throws {
        let store = try await StoreFixture()
        let before = store.storage.database.commitCount
        try await withThrowingTaskGroup { group in
            for _ in 0..<100 { group.addTask { _ = try await store.tasks.create(StoreFixture.text()) } }
            try await group.waitForAll()
        }
        #expect(store.storage.database.commitCount - before <= 50)
        #expect(try await store.tasks.unfinishedCount(limit: 1000) == 100)
    }

    /// Creates tasks at once.
    ///
    /// - Returns: the errors of those that were not created.
    private static func create(
        _ count: Int, in store: StoreFixture, _ request: @escaping @Sendable (Int) -> TaskRequest
    ) async -> [any Error] {
        await withTaskGroup(of: (any Error)?.self) { group in
            for index in 0..<count {
                group.addTask {
                    do { _ = try await store.tasks.create(request(index)) } catch { return error }
                    return nil
                }
            }
            return await group.reduce(into: []) { errors, error in if let error { errors.append(error) } }
        }
    }

    @Test func `a write that fails among others fails alone`() async throws {
        let store = try await StoreFixture()
        let errors = await WriteGroupTests.create(100, in: store) { index in
            var request = StoreFixture.text()
            // Past what the schema allows: the insert fails.
            if index % 10 == 3 { request.priority = 101 }
            return request
        }
        #expect(errors.count == 10)
        #expect(try await store.tasks.unfinishedCount(limit: 1000) == 90)
        #expect(try await store.storage.inspect().isEmpty)
    }

    @Test func `a lone write commits by itself`() async throws {
        let store = try await StoreFixture()
        let before = store.storage.database.commitCount
        for _ in 0..<3 { _ = try await store.tasks.create(StoreFixture.text()) }
        #expect(store.storage.database.commitCount - before == 3)
    }

    @Test func `a commit that fails fails all that shared it`() async throws {
        struct Refused: Error {}
        let refuses = Atomic<Bool>(false)
        let store = try await StoreFixture { sql in
            if sql == "commit" && refuses.load(ordering: .relaxed) { throw Refused() }
        }
        refuses.store(true, ordering: .relaxed)
        let errors = await WriteGroupTests.create(20, in: store) { _ in StoreFixture.text() }
        refuses.store(false, ordering: .relaxed)
        #expect(errors.count == 20)
        #expect(errors.allSatisfy { $0 is Refused })
        #expect(try await store.tasks.unfinishedCount(limit: 100) == 0)
        _ = try await store.tasks.create(StoreFixture.text())
    }

    @Test func `a full disk is told and nothing is half written`() async throws {
        let store = try await StoreFixture()
        func limit(_ pages: Int) async throws {
            try await store.storage.database.write { transaction in
                _ = try transaction.row("pragma max_page_count = \(pages)") { try $0.next(Int.self) }
            }
        }
        // A limit below what there is becomes what there is.
        try await limit(1)
        var created = 0
        await #expect(throws: StoreError.full(path: store.storage.database.path)) {
            while created < 10_000 {
                _ = try await store.tasks.create(StoreFixture.text())
                created += 1
            }
        }
        #expect(try await store.storage.database.inspect().isEmpty)
        #expect(try await store.tasks.unfinishedCount(limit: 10_000) == created)
        try await limit(100_000)
        _ = try await store.tasks.create(StoreFixture.text())
        #expect(try await store.tasks.unfinishedCount(limit: 10_000) == created + 1)
    }

    @Test func `a full disk among writes that come at once fails those it has no room for`() async throws {
        let store = try await StoreFixture()
        try await store.storage.database.write { transaction in
            _ = try transaction.row("pragma max_page_count = 1") { try $0.next(Int.self) }
        }
        let errors = await WriteGroupTests.create(300, in: store) { _ in StoreFixture.text() }
        #expect(!errors.isEmpty)
        #expect(errors.allSatisfy { $0 as? StoreError == .full(path: store.storage.database.path) })
        #expect(try await store.tasks.unfinishedCount(limit: 1000) == 300 - errors.count)
        #expect(try await store.storage.database.inspect().isEmpty)
    }
}
