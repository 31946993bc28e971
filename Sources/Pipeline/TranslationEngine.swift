import Catalog
import Crypto
import Foundation
import Store
import TextTranslation
import Transcript

/// Where translations outlive the process. What goes wrong there costs time and nothing else, so it is theirs to tell.
package struct TranslationKeeping: Sendable {
    /// The values of those keys that are kept.
    package var lookup: @Sendable (_ keys: [[UInt8]]) async -> [[UInt8]: [UInt8]]
    package var keep: @Sendable (_ entries: [WorkCache.Entry]) async -> Void

    package init(
        lookup: @escaping @Sendable (_ keys: [[UInt8]]) async -> [[UInt8]: [UInt8]],
        keep: @escaping @Sendable (_ entries: [WorkCache.Entry]) async -> Void
    ) {
        self.lookup = lookup
        self.keep = keep
    }

    /// Nothing is kept.
    package static let none = TranslationKeeping { _ in
        [:]
    } keep: { _ in
    }
}

/// Translates texts of any number of callers, their sentences in common batches, each sentence once.
package final class TranslationEngine: Sendable {
    /// Bytes of translations in memory by default: some hundred thousand sentences.
    package static let memoryBytesMax = 64 << 20

    private let pool: ModelPool
    private let work: TranslationWork
    private let keeping: TranslationKeeping
    private let memory: TranslationMemory
    /// Texts are taken apart and put together on threads of their own.
    private let threads = BlockingThreads("text", countMax: 2)
    private let made: AsyncStream<[TranslationMemory.Made]>.Continuation

    /// - Parameters:
    ///   - bytesMax: of translations in memory.
    ///   - ttlMs: milliseconds they are kept there.
    package init(
        pool: ModelPool, executor: ComputeExecutor, keeping: TranslationKeeping = .none,
        bytesMax: Int = memoryBytesMax, ttlMs: Int64 = 7_200_000, now: @escaping @Sendable () -> Int64 = monotonicMs
    ) {
        self.pool = pool
        self.keeping = keeping
        let memory = TranslationMemory(bytesMax: bytesMax, ttlMs: ttlMs, now: now)
        self.memory = memory
        let (stream, made) = AsyncStream<[TranslationMemory.Made]>.makeStream()
        self.made = made
        work = TranslationWork(executor) { model, translations in
            let all = translations.map {
                memory.keep($0.translation, of: $0.task, model.direction, version: model.version)
            }
            made.yield(all)
        }
        Task { for await all in stream { await keeping.keep(all.map(\.entry)) } }
    }

    deinit { made.finish() }

    package var cacheFigures: Workers.Report.CacheFigures { memory.figures }

    /// Drops what memory has of a task that is deleted; nothing of it may be under way any more.
    package func forget(_ task: TaskID) { memory.forget(task) }

    /// Translates texts, their lines and paragraphs kept.
    ///
    /// - Parameters:
    ///   - priority: higher first.
    ///   - task: whose words these are; with it goes what is remembered of them. Nil for nobody's.
    /// - Throws: `CatalogError.noRoute`, `notInstalled`, `altered`; `MarianError`; `TextError`; `CancellationError`.
    package func translate(
        texts: [String], from: Language, to target: Language, priority: Int = 0, task: TaskID? = nil
    ) async throws -> [TextTranslation] {
        try await translate(texts, from, target, (priority, task)) { try $0.result()[target] ?? [] }
    }

    /// Translates sentences of others' making, each as a text: what is too long is cut, what is no language stays.
    ///
    /// - Throws: what the other one does.
    package func translate(
        sentences: [String], from: Language, to target: Language, priority: Int = 0, task: TaskID? = nil
    ) async throws -> [SentenceTranslation] {
        try await translate(sentences, from, target, (priority, task)) { try $0.sentenceResult()[target] ?? [] }
    }

    /// Loads the model of a direction and runs it once.
    ///
    /// - Throws: what loading does.
    package func warm(_ direction: TranslationDirection) async throws {
        try await pool.withDirection(direction) { model in
            _ = try await work.translate(["Hello."], by: model, for: (0, nil))
        }
    }

    /// Who asks: their priority, and whose words they are.
    typealias Asker = (priority: Int, task: TaskID?)

    private func translate<Value: Sendable>(
        _ texts: [String], _ from: Language, _ target: Language, _ asker: Asker,
        _ finish: @escaping @Sendable (RouteTranslation) throws -> Value
    ) async throws -> Value {
        var (way, known) = try await threads.run { [self] _ in
            var way = try RouteTranslation(texts, from: from, to: [target], routes: pool.routes())
            let known = try memory.known(way.nextStep(), pool)
            return (way, known)
        }
        while let step = known {
            let translations = try await translations(of: step, asker)
            (way, known) = try await threads.run { [self, way] _ in
                var way = way
                way.take(step.step.sentences.compactMap { translations[$0] })
                let known = try memory.known(way.nextStep(), pool)
                return (way, known)
            }
        }
        return try await threads.run { [way] _ in try finish(way) }
    }

    /// What memory has not, the database may have; the rest is translated.
    private func translations(
        of known: TranslationMemory.Known, _ asker: Asker
    ) async throws -> [String: SentenceTranslation] {
        var found = known.found
        guard !known.missing.isEmpty else { return found }
        let kept = await keeping.lookup(known.missing.map(\.key))
        if !kept.isEmpty {
            let read = try await threads.run { [memory] _ in memory.read(kept, of: known.missing, for: asker.task) }
            found.merge(read) { first, _ in first }
        }
        let rest = known.missing.map(\.sentence).filter { found[$0] == nil }
        guard !rest.isEmpty else { return found }
        let translated = try await pool.withDirection(known.step.direction) { model in
            try await work.translate(rest, by: model, for: asker)
        }
        return found.merging(translated) { first, _ in first }
    }
}
