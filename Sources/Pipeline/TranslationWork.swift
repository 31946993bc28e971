import Catalog
import Inference
import Store
import Synchronization
import TextTranslation

/// The sentences that wait for a model, on the compute thread.
final class TranslationWork: ComputeSource {
    /// A translation, and who is the first of those that wait for it.
    struct Owned: Sendable {
        let translation: SentenceTranslation
        let task: TaskID?
    }

    fileprivate struct Call: Sendable {
        let model: PooledDirection
        let task: TaskID?
        let answer: Answer<[String: SentenceTranslation]>
        var found: [String: SentenceTranslation] = [:]
    }

    fileprivate struct State {
        var queue = TranslationQueue()
        var calls: [Int: Call] = [:]
        var callCount = 0
    }

    private let executor: ComputeExecutor
    private let translated: @Sendable (PooledDirection, [Owned]) -> Void
    private let state = Mutex(State())

    /// - Parameter translated: told of what of every batch somebody waits for: what nobody does may be of a task that
    ///   is deleted.
    init(_ executor: ComputeExecutor, translated: @escaping @Sendable (PooledDirection, [Owned]) -> Void) {
        self.executor = executor
        self.translated = translated
    }

    /// - Parameter sentences: no two are equal.
    /// - Returns: their translations.
    /// - Throws: `MarianError.noMemory`, `TextError.tableMissing`; `CancellationError`.
    func translate(
        _ sentences: [String], by model: PooledDirection, for asker: TranslationEngine.Asker
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
                    state.calls[id] = Call(model: model, task: asker.task, answer: answer)
                    state.queue.add(id, sentences, model.direction, priority: asker.priority)
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
        return state.withLock { state in
            let (owned, answers) = state.settle(batch, result)
            // Before anybody is told, and before a task can be taken back.
            if !owned.isEmpty { translated(model, owned) }
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

    fileprivate typealias Answered = (
        Answer<[String: SentenceTranslation]>, Result<[String: SentenceTranslation], any Error>
    )

    /// - Returns: what was waited for, and what those are answered who wait for nothing more.
    fileprivate mutating func settle(
        _ batch: TranslationQueue.Batch, _ result: Result<[SentenceTranslation], any Error>
    ) -> (owned: [TranslationWork.Owned], answers: [Answered]) {
        let (callers, finished) = queue.settle(batch)
        switch result {
        case .success(let translations):
            let owned = zip(callers, translations).compactMap { callers, translation in
                callers.first.map { TranslationWork.Owned(translation: translation, task: calls[$0]?.task) }
            }
            for (callers, translation) in zip(callers, zip(batch.sentences, translations)) {
                for id in callers { calls[id]?.found[translation.0] = translation.1 }
            }
            let answers: [Answered] = finished.compactMap { id in
                calls.removeValue(forKey: id).map { ($0.answer, .success($0.found)) }
            }
            return (owned, answers)
        case .failure(let error):
            let answers: [Answered] = Set(callers.joined()).compactMap { id in
                let answer = calls[id]?.answer
                drop(id)
                return answer.map { ($0, .failure(error)) }
            }
            return ([], answers)
        }
    }
}
