import Catalog
import Crypto
import Foundation
import Inference
import Marian
import Store
import Synchronization
import Transcript
import Whisper

/// The models of a process: each is loaded once, when it is first asked for, shared by all, and let go when nobody
/// has used it for a while.
///
/// Loading happens on a thread of its own, so that nobody who computes waits for a disk. What could not be loaded is
/// tried again by whoever asks next.
package final class ModelPool: Sendable {
    package let cache: ModelCache
    package let catalog: ModelCatalog
    private let executor: ComputeExecutor
    private let idleMs: Int64
    private let now: @Sendable () -> Int64
    private let loads: @Sendable (_ name: String, _ seconds: Double) -> Void
    /// One model at a time: two would only share the disk.
    private let loaders = BlockingThreads("load", countMax: 1)
    private let state = Mutex(State())

    private struct State {
        var entries: [String: Entry] = [:]
        var versions: [String: String] = [:]
        var entryCount = 0
    }

    private struct Entry {
        let number: Int
        let loading: Task<PooledModel, any Error>
        var figures: Workers.Report.LoadedModel?
        var users = 1
        var lastUsedMs: Int64 = 0
    }

    /// - Parameters:
    ///   - executor: whose threads the models compute with.
    ///   - idleMs: milliseconds a model is kept that nobody uses.
    ///   - now: milliseconds of a clock that only rises.
    ///   - loads: told of every model that was loaded.
    package init(
        cache: ModelCache, catalog: ModelCatalog = .current, executor: ComputeExecutor, idleMs: Int64,
        now: @escaping @Sendable () -> Int64 = monotonicMs,
        loads: @escaping @Sendable (_ name: String, _ seconds: Double) -> Void = { _, _ in }
    ) {
        self.cache = cache
        self.catalog = catalog
        self.executor = executor
        self.idleMs = idleMs
        self.now = now
        self.loads = loads
    }

    /// Speech models that are installed.
    package var speechModels: [String] {
        catalog.models.filter { $0.kind == .whisper && cache.isInstalled($0) }.map(\.name)
    }

    /// The ways there are between languages by what is installed now. Looks at files.
    package func routes() -> TranslationRoutes { cache.translationRoutes(catalog: catalog) }

    /// What a text can be translated into, by its language. Looks at files.
    package func directions() -> [Language: [Language]] {
        let routes = routes()
        let reachable = Language.allCases.map { from in
            (from, routes.reachable(Language.allCases.filter { $0 != from }, from: from).targets)
        }
        return Dictionary(uniqueKeysWithValues: reachable).filter { !$0.value.isEmpty }
    }

    /// Names the exact files of an installed model, the voice activity network's too where it hears speech; caches hold
    /// what it made under it.
    ///
    /// - Throws: `CatalogError.unknownModel`, `notInstalled`.
    package func version(of name: String) throws(CatalogError) -> String {
        if let version = state.withLock({ $0.versions[name] }) { return version }
        let model = try catalog.model(name)
        guard let folder = cache.folder(of: model) else { throw .notInstalled(name: name) }
        var files = folder.manifest.files
        if model.kind == .whisper, let voice = voiceActivity { files += cache.folder(of: voice)?.manifest.files ?? [] }
        let all = files.map { $0.name + " " + $0.sha256 + "\n" }.joined()
        let version = hexadecimal(SHA256.hash(data: Data(all.utf8)))
        state.withLock { $0.versions[name] = version }
        return version
    }

    /// Gives a speech model, which stays loaded meanwhile.
    ///
    /// - Throws: what `body` does; `CatalogError.unknownModel`, `notInstalled`, `altered`; `ModelError`;
    ///   `SafetensorsError`.
    func withSpeech<Value>(_ name: String, _ body: (PooledTranscriber) async throws -> Value) async throws -> Value {
        let speech = catalog.models.filter { $0.kind == .whisper }.map(\.name)
        guard speech.contains(name) else { throw CatalogError.unknownModel(name: name, known: speech) }
        return try await with(name) { model in
            guard case .speech(let transcriber) = model else { preconditionFailure("\(name) hears nothing") }
            return try await body(transcriber)
        }
    }

    /// Gives the model of a direction, which stays loaded meanwhile.
    ///
    /// - Throws: what `body` does; `CatalogError.unknownModel`, `notInstalled`, `altered`; `MarianError`.
    func withDirection<Value>(
        _ direction: TranslationDirection, _ body: (PooledDirection) async throws -> Value
    ) async throws -> Value {
        try await with(direction.name) { model in
            guard case .direction(let direction) = model else { preconditionFailure("no direction") }
            return try await body(direction)
        }
    }

    /// Lets go what nobody has used for a while, and gives its memory back to the system.
    ///
    /// - Returns: the names.
    @discardableResult
    package func unloadIdle() -> [String] {
        let nowMs = now()
        let idle = state.withLock { state in
            let idle = state.entries.filter {
                $0.value.users == 0 && $0.value.figures != nil && nowMs - $0.value.lastUsedMs >= idleMs
            }
            for name in idle.keys { state.entries[name] = nil }
            return idle
        }.keys.sorted()
        // The last owner of the models has gone with the statement above.
        if !idle.isEmpty { returnFreedMemory() }
        return idle
    }

    /// Models in memory, with the size of their files and the time it took.
    package var loaded: [Workers.Report.LoadedModel] {
        state.withLock { $0.entries.values.compactMap(\.figures) }.sorted { $0.name < $1.name }
    }

    private var voiceActivity: ModelEntry? {
        catalog.models.first { $0.kind == .voiceActivity }.flatMap { cache.isInstalled($0) ? $0 : nil }
    }

    private func with<Value>(_ name: String, _ body: (PooledModel) async throws -> Value) async throws -> Value {
        let (number, loading) = acquire(name)
        defer { release(name, number) }
        let model: PooledModel
        do { model = try await value(of: loading) } catch is CancellationError where Task.isCancelled {
            // Others may go on waiting for it.
            throw CancellationError()
        } catch {
            state.withLock { if $0.entries[name]?.number == number { $0.entries[name] = nil } }
            throw error
        }
        return try await body(model)
    }

    /// Waits for a model, but not beyond the own cancellation.
    private func value(of loading: Task<PooledModel, any Error>) async throws -> PooledModel {
        let answer = Answer<PooledModel>()
        Task { answer.give(await loading.result) }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { _ = answer.wait($0) }
        } onCancel: {
            answer.give(.failure(CancellationError()))
        }
    }

    private func acquire(_ name: String) -> (Int, Task<PooledModel, any Error>) {
        state.withLock { state in
            if let entry = state.entries[name] {
                state.entries[name]?.users += 1
                return (entry.number, entry.loading)
            }
            let number = state.entryCount
            state.entryCount += 1
            let loading = Task { try await self.load(name, number) }
            state.entries[name] = Entry(number: number, loading: loading)
            return (number, loading)
        }
    }

    private func release(_ name: String, _ number: Int) {
        let nowMs = now()
        state.withLock { state in
            guard state.entries[name]?.number == number else { return }
            state.entries[name]?.users -= 1
            state.entries[name]?.lastUsedMs = nowMs
        }
    }

    private func load(_ name: String, _ number: Int) async throws -> PooledModel {
        let start = ContinuousClock.now
        let entry = try catalog.model(name)
        let voice = voiceActivity
        state.withLock { $0.versions[name] = nil }
        let model = try await loaders.run { [cache, executor] _ in
            let folder = try cache.soundFolder(of: entry)
            // Others compute with the team of all cores meanwhile.
            let alone = ComputeThreads(1)
            if let translation = entry.translation {
                let model = try MarianModel(folder: folder, threads: alone)
                let version = try self.version(of: name)
                return PooledModel.direction(
                    PooledDirection(direction: translation.direction, model: model, version: version))
            }
            let voicePath = try voice.map { try cache.soundFolder(of: $0) + "/" + $0.files[0].name }
            return .speech(
                PooledTranscriber(
                    try Transcriber(
                        modelFolder: folder, voiceActivityPath: voicePath, threads: executor.threads, loadedBy: alone)))
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let sizeBytes = cache.folder(of: entry)?.manifest.files.reduce(0) { $0 + $1.sizeBytes } ?? 0
        state.withLock { state in
            guard state.entries[name]?.number == number else { return }
            state.entries[name]?.figures = Workers.Report.LoadedModel(
                name: name, sizeBytes: sizeBytes, loadSeconds: seconds)
        }
        loads(name, seconds)
        return model
    }
}

/// A model of either kind.
enum PooledModel: Sendable {
    case speech(PooledTranscriber)
    case direction(PooledDirection)
}

/// A direction with its model.
struct PooledDirection: Sendable {
    let direction: TranslationDirection
    let model: MarianModel
    /// `ModelPool.version` of it.
    let version: String
}

/// A speech model with what it computes in.
///
/// Unchecked: made by one thread, and from then on the compute thread's alone.
final class PooledTranscriber: @unchecked Sendable {
    let scheduler: TranscriptionScheduler

    init(_ transcriber: Transcriber) { scheduler = TranscriptionScheduler(transcriber) }
}
