import Foundation
import Store
import TestSupport
import Testing

struct APIKeysTests {
    private static func key(_ store: StoreFixture, tasksPerDay: Int? = nil) async throws -> (APIKeys.Key, String) {
        try await store.storage.keys.create(
            name: "laptop", scopes: [.submit, .read], requestsPerMinute: 60, tasksPerDay: tasksPerDay)
    }

    @Test func `a secret finds its key until it is revoked`() async throws {
        let store = try await StoreFixture()
        let keys = store.storage.keys
        #expect(try await keys.isEmpty())
        let (key, secret) = try await APIKeysTests.key(store)
        #expect(try await !keys.isEmpty())
        #expect(secret.wholeMatch(of: /vl_[A-Za-z0-9_-]{43}/) != nil)
        #expect(try await keys.key(secret: secret)?.id == key.id)
        #expect(try await keys.key(secret: secret + "x") == nil)
        #expect(try await keys.list().map(\.scopes) == [[.submit, .read]])
        #expect(try await keys.revoke(key.id))
        #expect(try await !keys.revoke(key.id))
        #expect(try await keys.key(secret: secret) == nil)
        #expect(try await keys.list()[0].revokedMs == store.clock.now)
        #expect(try await !keys.isEmpty())
    }

    @Test func `no secret lies in the database`() async throws {
        let store = try await StoreFixture()
        let (_, secret) = try await APIKeysTests.key(store)
        let words = secret.dropFirst(3)
        for name in ["voicelingua.db", "voicelingua.db-wal"] {
            let data = try Data(contentsOf: URL(fileURLWithPath: store.folder.path(name)))
            #expect(data.range(of: Data(words.utf8)) == nil)
        }
    }

    @Test func `the use of a key is noted once a minute`() async throws {
        let store = try await StoreFixture()
        let (_, secret) = try await APIKeysTests.key(store)
        let before = store.storage.database.commitCount
        for _ in 0..<3 { #expect(try await store.storage.keys.key(secret: secret)?.lastUsedMs == store.clock.now) }
        #expect(store.storage.database.commitCount == before + 1)
        store.clock.turn(APIKeys.useNotedMs)
        _ = try await store.storage.keys.key(secret: secret)
        #expect(try await store.storage.keys.list()[0].lastUsedMs == store.clock.now)
    }

    @Test func `a key may hand in so many tasks a day and no more`() async throws {
        let store = try await StoreFixture()
        let (key, _) = try await APIKeysTests.key(store, tasksPerDay: 2)
        var request = StoreFixture.text()
        request.keyID = key.id
        for _ in 0..<2 { _ = try await store.tasks.create(request) }
        await #expect(throws: Tasks.QuotaSpent(tasksPerDay: 2)) { _ = try await store.tasks.create(request) }
        #expect(try await store.tasks.unfinishedCount(limit: 10) == 2)
        store.clock.turn(86_400_000)
        for _ in 0..<2 { _ = try await store.tasks.create(request) }
        await #expect(throws: Tasks.QuotaSpent.self) { _ = try await store.tasks.create(request) }
        let (free, _) = try await APIKeysTests.key(store)
        request.keyID = free.id
        for _ in 0..<5 { _ = try await store.tasks.create(request) }
    }

    @Test func `a request that was accepted before, or is refused, costs a key nothing`() async throws {
        let store = try await StoreFixture()
        let (key, _) = try await APIKeysTests.key(store, tasksPerDay: 2)
        var request = StoreFixture.text()
        request.keyID = key.id
        request.idempotency = TaskRequest.Idempotency(key: "k", fingerprint: "f")
        let first = try await store.tasks.create(request).task.id
        for _ in 0..<5 { #expect(try await store.tasks.create(request).task.id == first) }
        var other = request
        other.idempotency?.fingerprint = "g"
        await #expect(throws: StoreError.idempotencyKeyReused) { _ = try await store.tasks.create(other) }
        other.idempotency = nil
        other.priority = 101
        await #expect(throws: StoreError.self) { _ = try await store.tasks.create(other) }
        other.priority = 0
        _ = try await store.tasks.create(other)
        await #expect(throws: Tasks.QuotaSpent.self) { _ = try await store.tasks.create(other) }
        #expect(try await store.tasks.create(request).task.id == first)
    }

    @Test func `a key whose use cannot be noted opens the door all the same`() async throws {
        struct Full: Error {}
        let store = try await StoreFixture { sql in
            if sql.hasPrefix("update api_keys set last_used_ms") { throw Full() }
        }
        let (key, secret) = try await APIKeysTests.key(store)
        #expect(try await store.storage.keys.key(secret: secret) == key)
        #expect(try await store.storage.keys.list()[0].lastUsedMs == nil)
    }
}
