import Transcript

/// Which workers there are and what they can do.
package struct Workers: Sendable {
    let database: Database

    /// What a process tells of itself every few seconds.
    package struct Report: Sendable, Equatable, Codable {
        package var id: String
        package var name: String
        package var host: String
        package var processID: Int
        /// Jobs at once by queue.
        package var concurrency: [QueueName: Int]
        /// Jobs under way by queue.
        package var running: [QueueName: Int]
        package var startedMs: Int64
        /// Speech models that can be asked for.
        package var speechModels: [String]
        /// The one that is used where none is named.
        package var speechModel: String?
        /// Models in memory with their bytes and seconds of loading.
        package var loadedModels: [LoadedModel]
        /// What can be translated: targets by source language.
        package var directions: [Language: [Language]]
        package var caches: [CacheFigures]

        package struct LoadedModel: Sendable, Equatable, Codable {
            package var name: String
            package var sizeBytes: Int
            package var loadSeconds: Double
            package init(name: String, sizeBytes: Int, loadSeconds: Double) {
                self.name = name
                self.sizeBytes = sizeBytes
                self.loadSeconds = loadSeconds
            }
        }

        package struct CacheFigures: Sendable, Equatable, Codable {
            package var name: String
            package var hits: Int
            package var misses: Int
            package var sizeBytes: Int
            package init(name: String, hits: Int, misses: Int, sizeBytes: Int) {
                self.name = name
                self.hits = hits
                self.misses = misses
                self.sizeBytes = sizeBytes
            }
        }

        package init(id: String, name: String, host: String, processID: Int, startedMs: Int64) {
            self.id = id
            self.name = name
            self.host = host
            self.processID = processID
            self.startedMs = startedMs
            concurrency = [:]
            running = [:]
            speechModels = []
            loadedModels = []
            directions = [:]
            caches = []
        }
    }

    package func report(_ report: Report) async throws {
        try await database.write { transaction in
            _ = try transaction.execute(
                """
                insert into workers (id, report, reported_ms) values ($1, $2, $3)
                on conflict (id) do update set report = excluded.report, reported_ms = excluded.reported_ms
                """, report.id, StoredJSON(report), transaction.now)
        }
    }

    package func leave(_ id: String) async throws {
        _ = try await database.write { try $0.execute("delete from workers where id = $1", id) }
    }

    /// Those that reported in the last `withinMs`.
    package func present(withinMs: Int64) async throws -> [Report] {
        try await database.read { transaction in
            try transaction.rows(
                "select report from workers where reported_ms >= $1 order by id", transaction.now - withinMs
            ) { try $0.next(StoredJSON<Report>.self).value }
        }
    }
}
