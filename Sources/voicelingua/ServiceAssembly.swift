import API
import Catalog
import Foundation
import Logging
import Pipeline
import ServiceLifecycle
import Store
import Transcript

/// The parts of a service, joined: what is kept, what computes, who works, and the door.
struct ServiceAssembly {
    let storage: Storage
    private let settings: ServiceSettings
    private let log: Logger
    private let engines: Engines
    private let worker: Worker
    private let report: ProcessReport
    private let housekeeping: Housekeeping
    private let metrics: PrometheusMetrics

    /// The data folder is this process's alone: what is under way there was a dead one's.
    ///
    /// - Throws: `StoreError`, `DataFolderError`, `SettingError.openToAll`, `CommandError.unknownModel`.
    init(_ settings: ServiceSettings, models: ModelCache, catalog: ModelCatalog, log: Logger) async throws {
        let speech = catalog.models.filter { $0.kind == .whisper }
        guard let model = speech.first(where: { $0.name == settings.speechModel }) else {
            throw CommandError.unknownModel(name: settings.speechModel, known: speech.map(\.name))
        }
        if !models.isInstalled(model) {
            // Texts can be translated all the same.
            log.warning("speech model not installed", metadata: ["model": "\(model.name)"])
        }
        self.settings = settings
        self.log = log
        let now: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970 * 1000) }
        let id = UUID().uuidString.lowercased()
        let storage = try await Storage(folder: settings.data)
        self.storage = storage
        try await ServiceAssembly.checkHost(settings.api.host, storage)
        try storage.blobs.sweep()
        metrics = PrometheusMetrics()
        let measures = PipelineMetrics(factory: metrics)
        let orphans = try await storage.queue.reapAll()
        for task in orphans.failed { measures.ended(task, as: .failed, nowMs: now()) }
        if orphans.count > 0 { log.warning("leases of the dead", metadata: ["count": "\(orphans.count)"]) }
        engines = Engines(
            models: models, catalog: catalog, idleMs: settings.modelIdleMs,
            keeping: .cache(storage, settings.translationCacheMs, log),
            translationBytesMax: settings.translationCacheMs > 0 ? settings.memoryCacheBytes : 0,
            translationTTLMs: settings.translationCacheMs,
            loads: { name, seconds in
                log.info("model loaded", metadata: ["model": "\(name)", "seconds": "\(seconds)"])
            })
        let transcripts = ByteLimitedCache<[UInt8], TranscriptDocument>(
            "transcription", bytesMax: settings.memoryCacheBytes, ttlMs: settings.transcriptionCacheMs)
        let stages = Stages(
            transcribe: Transcribe(
                storage: storage, engines: engines, standardModel: settings.speechModel, memory: transcripts,
                ttlMs: settings.transcriptionCacheMs, metrics: measures, log: log),
            translate: Translate(storage: storage, engine: engines.translation),
            assemble: Assemble(
                storage: storage, models: engines.pool, standardModel: settings.speechModel, now: now),
            deliver: Deliver(
                storage: storage, addresses: AddressGuard(allowed: settings.webhookAllow),
                secret: try settings.webhookSecret ?? CallbackSecret(folder: settings.data).bytes, now: now))
        let translation = engines.translation
        worker = Worker(
            id: id, storage: storage, slots: settings.slots, metrics: measures, log: log, now: now,
            forget: {
                transcripts.forget($0)
                translation.forget($0)
            }
        ) { try await stages.run($0) }
        let report = ProcessReport(
            id: id, startedMs: now(), slots: settings.slots, standardModel: settings.speechModel, engines: engines,
            transcripts: transcripts, metrics: measures, worker: worker)
        self.report = report
        var pace = Housekeeping.Pace()
        pace.unload = min(pace.unload, .milliseconds(settings.modelIdleMs))
        housekeeping = Housekeeping(
            id: id, storage: storage, models: engines.pool, pace: pace, retentionMs: settings.retentionMs,
            metrics: measures, log: log, now: now
        ) { try await report.report() }
    }

    /// The services, to be stopped from the last to the first: the door stays open until the work is given back.
    ///
    /// - Parameter listening: told of the port when the door is open.
    func group(listening: @escaping @Sendable (Int) -> Void) async throws -> ServiceGroup {
        // The door asks what can be translated.
        try await storage.workers.report(try await report.report())
        let door = ServiceAPI(storage: storage, settings: settings.api, metrics: metrics, log: log)
        let services: [any Service] = [door.service { listening($0) }, worker, housekeeping]
        var configuration = ServiceGroupConfiguration(
            services: services.map {
                .init(service: $0, successTerminationBehavior: .ignore, failureTerminationBehavior: .cancelGroup)
            }, logger: log)
        // Then whoever still waits at the door is sent away.
        configuration.maximumGracefulShutdownDuration = .seconds(6)
        return ServiceGroup(configuration: configuration)
    }

    /// Loads models and runs each once; one that cannot be loaded is told, and tried again by the first job that needs it.
    func preload() async {
        for name in settings.preloadModels ?? installed {
            do { try await engines.preload([name]) } catch {
                log.error("model not preloaded", metadata: ["model": "\(name)", "error": "\(error)"])
            }
        }
    }

    private var installed: [String] {
        engines.pool.catalog.models.filter {
            engines.pool.cache.isInstalled($0) && ($0.translation != nil || $0.name == settings.speechModel)
        }.map(\.name)
    }

    private static func checkHost(_ host: String, _ storage: Storage) async throws {
        if host == "localhost" || NetworkAddress(host)?.isLoopback == true { return }
        guard try await storage.keys.isEmpty() else { return }
        throw SettingError.openToAll(host: host)
    }
}

extension TranslationKeeping {
    /// The database's cache; what it refuses costs time and nothing else.
    fileprivate static func cache(_ storage: Storage, _ ttlMs: Int64, _ log: Logger) -> TranslationKeeping {
        guard ttlMs > 0 else { return .none }
        return TranslationKeeping { keys in
            do { return try await storage.cache.values(.translation, keys) } catch {
                log.warning("cache not read", metadata: ["error": "\(error)"])
                return [:]
            }
        } keep: { entries in
            do { try await storage.cache.keep(.translation, entries, ttlMs: ttlMs) } catch {
                log.warning("cache not written", metadata: ["error": "\(error)"])
            }
        }
    }
}
