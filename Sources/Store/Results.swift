import Transcript

/// What tasks gave.
package struct Results: Sendable {
    let database: Database

    /// A translation as queries give it.
    package struct Found: Sendable, Equatable {
        package var task: TaskID
        package var textNumber: String
        package var text: TranslatedText
        /// Milliseconds since 1970: when its task was completed.
        package var publishedMs: Int64
    }

    package struct Query: Sendable, Hashable {
        package var language: Language
        package var textNumber: String
        package var source: TextSource
        package init(language: Language, textNumber: String, source: TextSource) {
            self.language = language
            self.textNumber = textNumber
            self.source = source
        }
    }

    package func transcript(_ task: TaskID) async throws -> TranscriptDocument? { fatalError() }
    package func accuracy(_ task: TaskID) async throws -> AccuracyReport? { fatalError() }
    /// All translations of a task that are done, in the order of its languages, AUDIO before TEXT.
    package func translations(_ task: TaskID) async throws -> [TranslatedText] { fatalError() }

    /// The newest translation of a text number whose task is completed.
    package func translation(_ query: Query) async throws -> Found? { fatalError() }
    package func translations(_ queries: [Query]) async throws -> [Query: Found] { fatalError() }
}

/// Work done once: values by key, for a time.
package struct WorkCache: Sendable {
    let database: Database

    package enum Kind: String, Sendable { case transcription, translation }

    /// Values that have not run out.
    package func values(_ kind: Kind, _ keys: [[UInt8]]) async throws -> [[UInt8]: [UInt8]] { fatalError() }
    package func keep(_ kind: Kind, _ values: [(key: [UInt8], value: [UInt8])], ttlMs: Int64) async throws {
        fatalError()
    }
    /// Forgets what has run out, up to `limit` values.
    package func prune(limit: Int) async throws -> Int { fatalError() }
    package func statistics() async throws -> [(kind: Kind, count: Int, sizeBytes: Int)] { fatalError() }
}

/// What happened to tasks, in order.
package struct TaskEvents: Sendable {
    let database: Database

    package struct Event: Sendable, Equatable {
        /// Rises over all tasks; `Last-Event-ID`.
        package var id: Int64
        package var task: TaskID
        /// `status`, `progress`, `translation`, `failure`.
        package var name: String
        /// One line of JSON.
        package var data: String
    }

    /// Events of a task after one, oldest first.
    package func events(of task: TaskID, after id: Int64, limit: Int) async throws -> [Event] { fatalError() }
}

/// Keys of the API, kept as hashes.
package struct APIKeys: Sendable {
    let database: Database

    package enum Scope: String, Sendable, CaseIterable, Codable { case submit, read, admin }

    package struct Key: Sendable, Equatable {
        package var id: String
        package var name: String
        package var scopes: Set<Scope>
        /// Requests a minute; nil for no limit.
        package var requestsPerMinute: Int?
        /// Tasks a day (UTC); nil for no limit.
        package var tasksPerDay: Int?
        package var createdMs: Int64
        package var revokedMs: Int64?
        package var lastUsedMs: Int64?
    }

    /// - Returns: the key, and its secret, which is told once (`vl_` and 43 characters of base64url).
    package func create(
        name: String, scopes: Set<Scope>, requestsPerMinute: Int?, tasksPerDay: Int?
    ) async throws -> (key: Key, secret: String) { fatalError() }
    package func list() async throws -> [Key] { fatalError() }
    /// - Returns: whether there was one that was not revoked.
    package func revoke(_ id: String) async throws -> Bool { fatalError() }
    /// The key a secret belongs to, if it is not revoked. Notes the use, at most once a minute.
    package func key(secret: String) async throws -> Key? { fatalError() }
    package func isEmpty() async throws -> Bool { fatalError() }
    /// Counts tasks of a key today.
    ///
    /// - Returns: false where `tasksPerDay` does not allow so many more; then nothing is counted.
    package func charge(_ key: Key, tasks: Int) async throws -> Bool { fatalError() }
}

/// Callbacks: how their deliveries went, and which addresses are left in peace.
package struct Webhooks: Sendable {
    let database: Database

    package struct Delivery: Sendable, Equatable {
        /// The same over all tries: the `webhook` job's id.
        package var id: JobID
        package var task: TaskID
        package var attempt: Int
        /// Of the answer; nil where there was none.
        package var statusCode: Int?
        /// What went wrong; nil where nothing did.
        package var error: String?
        package var atMs: Int64
        package var durationMs: Int64
        package init(
            id: JobID, task: TaskID, attempt: Int, statusCode: Int?, error: String?, atMs: Int64, durationMs: Int64
        ) {
            self.id = id
            self.task = task
            self.attempt = attempt
            self.statusCode = statusCode
            self.error = error
            self.atMs = atMs
            self.durationMs = durationMs
        }
    }

    /// Failed deliveries in a row after which an address is left in peace.
    package static let failuresMax = 10

    /// Logs a try and counts the failures of its address in a row.
    package func log(_ delivery: Delivery, url: String) async throws { fatalError() }
    /// Until when an address is left in peace, milliseconds since 1970; nil where it is not.
    package func pausedUntil(_ url: String) async throws -> Int64? { fatalError() }
    package func deliveries(of task: TaskID) async throws -> [Delivery] { fatalError() }
}

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

    package func report(_ report: Report) async throws { fatalError() }
    package func leave(_ id: String) async throws { fatalError() }
    /// Those that reported in the last `withinMs`.
    package func present(withinMs: Int64) async throws -> [Report] { fatalError() }
}
