import HTTPTypes
import Hummingbird
import Store
import Transcript

/// What the engines are, what they can do, and what they are doing.
struct EngineRoutes {
    let desk: Desk

    func add(to router: RouterGroup<Visit>) {
        router.get("translation/engine/status", use: status)
        router.get("translation/engine/languages", use: languages)
        router.get("translation/engine/models", use: models)
    }

    private struct Status: Encodable {
        struct Worker: Encodable {
            let id: String
            let name: String
            let startedAt: String
            let concurrency: [String: Int]
            let running: [String: Int]

            enum CodingKeys: String, CodingKey {
                case id, name, concurrency, running
                case startedAt = "started_at"
            }
        }
        struct Cache: Encodable {
            let name: String
            /// Of a cache in memory.
            var hits: Int?
            var misses: Int?
            /// Of one in the database.
            var entries: Int?
            let sizeBytes: Int

            enum CodingKeys: String, CodingKey {
                case name, hits, misses, entries
                case sizeBytes = "size_bytes"
            }
        }
        struct Direction: Encodable {
            let source: Language
            let targets: [Language]
        }
        let status: String
        let workers: [Worker]
        let directions: [Direction]
        let caches: [Cache]
        let queues: [QueueView]
    }

    @Sendable private func status(_ request: Request, _ visit: Visit) async throws -> Response {
        let reports = try await desk.reach.reports()
        let workers = reports.map { report in
            Status.Worker(
                id: report.id, name: report.name, startedAt: rfc3339(report.startedMs),
                concurrency: EngineRoutes.named(report.concurrency), running: EngineRoutes.named(report.running))
        }
        // The same cache of all workers together.
        let caches = Dictionary(grouping: reports.flatMap(\.caches), by: \.name).map { name, figures in
            Status.Cache(
                name: name, hits: figures.reduce(0) { $0 + $1.hits }, misses: figures.reduce(0) { $0 + $1.misses },
                sizeBytes: figures.reduce(0) { $0 + $1.sizeBytes })
        }
        let stored = try await desk.storage.cache.statistics().map { kind, count, sizeBytes in
            Status.Cache(name: "stored_\(kind.rawValue)", entries: count, sizeBytes: sizeBytes)
        }
        let reach = try await desk.reach.reach()
        let queues = try await desk.storage.queue.statistics().map(QueueView.init)
        return .json(
            Status(
                status: reports.isEmpty ? "no_workers" : "ready", workers: workers,
                directions: EngineRoutes.directions(reach), caches: (caches + stored).sorted { $0.name < $1.name },
                queues: queues))
    }

    private struct Languages: Encodable {
        struct Entry: Encodable {
            let code: Language
            let name: String
            let targets: [Language]
        }
        let languages: [Entry]
    }

    @Sendable private func languages(_ request: Request, _ visit: Visit) async throws -> Response {
        let reach = try await desk.reach.reach()
        let entries = Language.allCases.map { language in
            Languages.Entry(
                code: language, name: language.name,
                targets: reach.hasWorkers
                    ? Language.allCases.filter { reach.directions[language]?.contains($0) ?? false } : [])
        }
        return .json(Languages(languages: entries))
    }

    private struct Models: Encodable {
        struct Speech: Encodable {
            let name: String
            let isDefault: Bool

            enum CodingKeys: String, CodingKey {
                case name
                case isDefault = "default"
            }
        }
        struct Loaded: Encodable {
            let name: String
            let worker: String
            let sizeBytes: Int
            let loadSeconds: Double

            enum CodingKeys: String, CodingKey {
                case name, worker
                case sizeBytes = "size_bytes"
                case loadSeconds = "load_seconds"
            }
        }
        let speech: [Speech]
        let directions: [Status.Direction]
        let loaded: [Loaded]
    }

    @Sendable private func models(_ request: Request, _ visit: Visit) async throws -> Response {
        let reach = try await desk.reach.reach()
        let loaded = try await desk.reach.reports().flatMap { report in
            report.loadedModels.map {
                Models.Loaded(
                    name: $0.name, worker: report.id, sizeBytes: $0.sizeBytes, loadSeconds: $0.loadSeconds)
            }
        }
        let speech = reach.speechModels.map { Models.Speech(name: $0, isDefault: $0 == reach.speechModel) }
        return .json(Models(speech: speech, directions: EngineRoutes.directions(reach), loaded: loaded))
    }

    private static func directions(_ reach: Reach) -> [Status.Direction] {
        Language.allCases.compactMap { source in
            guard let targets = reach.directions[source], !targets.isEmpty else { return nil }
            return Status.Direction(source: source, targets: Language.allCases.filter(targets.contains))
        }
    }

    private static func named(_ counts: [QueueName: Int]) -> [String: Int] {
        Dictionary(uniqueKeysWithValues: counts.map { ($0.key.rawValue, $0.value) })
    }
}
