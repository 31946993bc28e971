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
        let (key, _) = try await APIKeysTests.key(store, tasksPerDay: 5)
        let keys = store.storage.keys
        #expect(try await keys.charge(key, tasks: 3))
        #expect(try await !keys.charge(key, tasks: 3))
        #expect(try await keys.charge(key, tasks: 2))
        #expect(try await !keys.charge(key, tasks: 1))
        store.clock.turn(86_400_000)
        #expect(try await keys.charge(key, tasks: 5))
        let (free, _) = try await APIKeysTests.key(store)
        #expect(try await keys.charge(free, tasks: 1_000_000))
    }
}
