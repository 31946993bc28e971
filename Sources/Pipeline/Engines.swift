import Audio
import Catalog
import Foundation

/// All that computes in a process: one thread, the models, and the two engines on them.
package struct Engines: Sendable {
    package let executor: ComputeExecutor
    package let pool: ModelPool
    package let speech: SpeechEngine
    package let translation: TranslationEngine

    /// Milliseconds a model that nobody uses is kept by default: ten minutes.
    package static let idleMs: Int64 = 600_000

    /// - Parameters:
    ///   - threads: that compute together.
    ///   - idleMs: milliseconds a model is kept that nobody uses.
    ///   - limits: of one recording.
    ///   - searchPath: folders of ffmpeg, ffprobe and prlimit.
    ///   - keeping: where translations outlive the process.
    ///   - loads: told of every model that was loaded.
    package init(
        models cache: ModelCache, catalog: ModelCatalog = .current,
        threads: Int = ProcessInfo.processInfo.activeProcessorCount, idleMs: Int64 = idleMs,
        limits: AudioLimits = AudioLimits(), searchPath: String = AudioReader.programs,
        keeping: TranslationKeeping = .none, translationBytesMax: Int = TranslationEngine.memoryBytesMax,
        translationTTLMs: Int64 = 7_200_000, now: @escaping @Sendable () -> Int64 = monotonicMs,
        loads: @escaping @Sendable (_ name: String, _ seconds: Double) -> Void = { _, _ in }
    ) {
        executor = ComputeExecutor(threads: threads)
        pool = ModelPool(
            cache: cache, catalog: catalog, executor: executor, idleMs: idleMs, now: now, loads: loads)
        speech = SpeechEngine(pool: pool, executor: executor, limits: limits, searchPath: searchPath)
        translation = TranslationEngine(
            pool: pool, executor: executor, keeping: keeping, bytesMax: translationBytesMax, ttlMs: translationTTLMs,
            now: now)
    }

    /// Loads models by their names and runs each once, so that the first who asks finds them warm. The network of voice
    /// activity comes with those that hear speech.
    ///
    /// - Throws: what loading does.
    package func preload(_ names: [String]) async throws {
        for name in names {
            let model = try pool.catalog.model(name)
            if let translation = model.translation {
                try await self.translation.warm(translation.direction)
            } else if model.kind == .whisper {
                try await speech.warm(name)
            }
        }
    }
}
