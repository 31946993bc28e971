import Store
import Synchronization
import TestSupport
import Testing

/// What SQLite does for the statements that run all the time: the statements are those that run, not copies.
struct QueryPlanTests {
    /// What keeps the statements of a storage.
    private final class Statements: Sendable {
        private let texts = Mutex<Set<String>>([])
        func add(_ sql: String) { texts.withLock { _ = $0.insert(sql) } }
        var all: Set<String> { texts.withLock { $0 } }
    }

    /// The plan of the one statement that contains all of some words.
    private static func plan(_ words: String..., of run: (StoreFixture) async throws -> Void) async throws -> String {
        let statements = Statements()
        let store = try await StoreFixture { statements.add($0) }
        let before = statements.all
        try await run(store)
        let found = statements.all.subtracting(before).filter { sql in words.allSatisfy { sql.contains($0) } }
        let sql = try #require(found.count == 1 ? found.first : nil, "\(found)")
        let count = (1...40).last { sql.contains("$\($0)") } ?? 0
        let steps = try await store.storage.database.read { transaction in
            try transaction.rows("explain query plan \(sql)", list: Array(repeating: nil, count: count)) { columns in
                for _ in 0..<3 { _ = try columns.nextIfAny(Int.self) }
                return try columns.next(String.self)
            }
        }
        return steps.joined(separator: "\n")
    }

    private static func list(_ change: @Sendable (inout Tasks.Filter) -> Void) async throws -> String {
        var filter = Tasks.Filter()
        change(&filter)
        return try await plan("order by t.created_ms desc") { [filter] store in
            _ = try await store.tasks.list(filter, before: TaskID(rawValue: "0-0-0-0-0"), limit: 10)
            _ = try await store.tasks.list(filter, before: store.tasks.create(StoreFixture.text()).task.id, limit: 10)
        }
    }

    /// The index is used; no table is read without one, and nothing is sorted.
    private static func expectIndex(_ index: String, _ plan: String, _ place: SourceLocation = #_sourceLocation) {
        let steps = plan.split(separator: "\n")
        #expect(
            steps.contains { $0.split(separator: " ").contains(Substring(index)) }, "\(plan)", sourceLocation: place)
        #expect(!plan.contains("TEMP B-TREE"), "\(plan)", sourceLocation: place)
        // These are a few rows that an index gave.
        let few: Set<Substring> = ["SCAN unfinished", "SCAN newest"]
        let bare = steps.filter { $0.hasPrefix("SCAN") && !$0.contains("INDEX") && !few.contains($0) }
        #expect(bare.isEmpty, "\(plan)", sourceLocation: place)
    }

    @Test func `a claim takes the first of its index`() async throws {
        let plan = try await QueryPlanTests.plan("returning", "'available'") { _ = try await $0.claim(.translation) }
        QueryPlanTests.expectIndex("jobs_available", plan)
        #expect(plan.contains("INDEX jobs_work "))
    }

    @Test func `a translation is found by number, language and source`() async throws {
        let plan = try await QueryPlanTests.plan("published_ms desc") { store in
            _ = try await store.storage.results.translation(.init(language: .german, textNumber: "7", source: .text))
        }
        QueryPlanTests.expectIndex("translations_number", plan)
        let owned = try await QueryPlanTests.plan("published_ms desc") { store in
            _ = try await store.storage.results.translation(
                .init(language: .german, textNumber: "7", source: .text), visibleTo: "key")
        }
        QueryPlanTests.expectIndex("translations_key", owned)
        #expect(owned.contains("(key_id=? AND text_number=? AND language=? AND source=?"), "\(owned)")
    }

    @Test func `translations of a task are found by task and language`() async throws {
        let plan = try await QueryPlanTests.plan("from translations r where r.task_id") { store in
            _ = try await store.storage.results.translations(store.tasks.create(StoreFixture.text()).task.id)
        }
        #expect(plan.contains("SEARCH r USING INDEX sqlite_autoindex_translations_1 (task_id=?)"))
    }

    @Test func `lists read their page from an index, whatever they are filtered by`() async throws {
        QueryPlanTests.expectIndex("tasks_created", try await QueryPlanTests.list { _ in })
        QueryPlanTests.expectIndex("tasks_status", try await QueryPlanTests.list { $0.status = .failed })
        QueryPlanTests.expectIndex("tasks_kind", try await QueryPlanTests.list { $0.kind = .audio })
        QueryPlanTests.expectIndex("tasks_number", try await QueryPlanTests.list { $0.textNumber = "7" })
        QueryPlanTests.expectIndex("tasks_key", try await QueryPlanTests.list { $0.keyID = "7" })
        QueryPlanTests.expectIndex(
            "tasks_kind_status",
            try await QueryPlanTests.list {
                $0.kind = .audio
                $0.status = .pending
            })
    }

    @Test func `pruning, reaping and the counts of admission read no table`() async throws {
        QueryPlanTests.expectIndex(
            "tasks_finished",
            try await QueryPlanTests.plan("order by finished_ms") {
                _ = try await $0.tasks.prune(endedBeforeMs: 1, limit: 1)
            })
        let throughput = try await QueryPlanTests.plan("avg(finished_ms") {
            _ = try await $0.tasks.throughput(windowMs: 1)
        }
        QueryPlanTests.expectIndex("tasks_finished", throughput)
        #expect(throughput.contains("COVERING INDEX tasks_finished"), "\(throughput)")
        QueryPlanTests.expectIndex(
            "tasks_kind_status", try await QueryPlanTests.plan("avg(took_ms") { _ = try await $0.tasks.usual() })
        QueryPlanTests.expectIndex(
            "jobs_running",
            try await QueryPlanTests.plan("order by lease_until_ms") { _ = try await $0.queue.reap() })
        QueryPlanTests.expectIndex(
            "jobs_dead",
            try await QueryPlanTests.plan("order by settled_ms desc") { _ = try await $0.queue.dead(limit: 1) })
        QueryPlanTests.expectIndex(
            "tasks_unfinished",
            try await QueryPlanTests.plan("finished_ms is null") { _ = try await $0.tasks.unfinishedCount(limit: 200) })
    }

    @Test func `what is deleted with a task is found by its index`() async throws {
        let store = try await StoreFixture()
        let tables = [
            "jobs", "translations", "task_events", "idempotency", "deliveries", "transcripts", "task_texts", "cache",
        ]
        for table in tables {
            let plan = try await store.storage.database.read { transaction in
                try transaction.rows("explain query plan delete from \(table) where task_id = $1", "id") { columns in
                    for _ in 0..<3 { _ = try columns.nextIfAny(Int.self) }
                    return try columns.next(String.self)
                }.joined()
            }
            #expect(plan.contains("SEARCH \(table) USING"), "\(plan)")
        }
    }

    @Test func `the schema has an index by source and language`() async throws {
        let store = try await StoreFixture()
        let plan = try await store.storage.database.read { transaction in
            try transaction.row(
                "explain query plan select count(*) from translations where source = $1 and language = $2", "TEXT", "de"
            ) { columns in
                for _ in 0..<3 { _ = try columns.nextIfAny(Int.self) }
                return try columns.next(String.self)
            }
        }
        #expect(plan?.contains("INDEX translations_source (source=? AND language=?)") == true)
    }
}
