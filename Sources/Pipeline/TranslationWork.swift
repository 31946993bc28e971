import Catalog
import Inference
import Synchronization
import TextTranslation

/// The sentences that wait for a model, on the compute thread.
final class TranslationWork: ComputeSource {
    fileprivate struct Call: Sendable {
        let model: PooledDirection
        let answer: Answer<[String: SentenceTranslation]>
        var found: [String: SentenceTranslation] = [:]
    }

    fileprivate struct State {
        var queue = TranslationQueue()
        var calls: [Int: Call] = [:]
        var callCount = 0
    }

    private let executor: ComputeExecutor
    private let translated: @Sendable (PooledDirection, [SentenceTranslation]) -> Void
    private let state = Mutex(State())

    /// - Parameter translated: told of every batch.
    init(
        _ executor: ComputeExecutor, translated: @escaping @Sendable (PooledDirection, [SentenceTranslation]) -> Void
    ) {
        self.executor = executor
        self.translated = translated
    }

    /// - Parameter sentences: no two are equal.
    /// - Returns: their translations.
    /// - Throws: `MarianError.noMemory`, `TextError.tableMissing`; `CancellationError`.
    func translate(
        _ sentences: [String], by model: PooledDirection, priority: Int
    ) async throws -> [String: SentenceTranslation] {
        guard !sentences.isEmpty else { return [:] }
        let answer = Answer<[String: SentenceTranslation]>()
        let id = state.withLock { state in
            state.callCount += 1
            return state.callCount
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard answer.wait(continuation) else { return }
                state.withLock { state in
                    // It may have been cancelled just now.
                    guard answer.isAwaited else { return }
                    state.calls[id] = Call(model: model, answer: answer)
                    state.queue.add(id, sentences, model.direction, priority: priority)
                }
                executor.wake(self)
            }
        } onCancel: {
            answer.give(.failure(CancellationError()))
            state.withLock { $0.drop(id) }
        }
    }

    func compute(_ threads: ComputeThreads) -> Bool {
        let next: (TranslationQueue.Batch, PooledDirection)? = state.withLock { state in
            guard let batch = state.queue.nextBatch() else { return nil }
            // Whoever waits for a sentence of the direction has its model.
            guard let call = state.calls.values.first(where: { $0.model.direction == batch.direction }) else {
                preconditionFailure("a batch that nobody asked for")
            }
            return (batch, call.model)
        }
        guard let (batch, model) = next else { return false }
        let translator = DirectionTranslator(model: model.model, direction: batch.direction, threads: threads)
        let result = Result { try translator.translate(batch.sentences) }
        if case .success(let translations) = result { translated(model, translations) }
        return state.withLock { state in
            let answers = state.settle(batch, result)
            for (answer, result) in answers { answer.give(result) }
            return state.queue.hasWork
        }
    }
}

extension TranslationWork.State {
    fileprivate mutating func drop(_ id: Int) {
        queue.cancel(id)
        calls[id] = nil
    }

    /// - Returns: what those are answered who wait for nothing more.
    fileprivate mutating func settle(
        _ batch: TranslationQueue.Batch, _ result: Result<[SentenceTranslation], any Error>
    ) -> [(Answer<[String: SentenceTranslation]>, Result<[String: SentenceTranslation], any Error>)] {
        let (callers, finished) = queue.settle(batch)
        switch result {
        case .success(let translations):
            for (callers, translation) in zip(callers, zip(batch.sentences, translations)) {
                for id in callers { calls[id]?.found[translation.0] = translation.1 }
            }
            return finished.compactMap { id in
                calls.removeValue(forKey: id).map { ($0.answer, .success($0.found)) }
            }
        case .failure(let error):
            return Set(callers.joined()).compactMap { id in
                let answer = calls[id]?.answer
                drop(id)
                return answer.map { ($0, .failure(error)) }
            }
        }
    }
}
