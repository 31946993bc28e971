import Catalog
import Inference

/// Which sentences are translated together next: what `TranslationWork` decides, without threads or models.
///
/// A batch is of one direction and of any callers, who take turns by the characters they had, each with its longest
/// sentence first; so a text of many sentences does not keep a short one waiting. Equal sentences of several callers
/// are translated once.
package struct TranslationQueue: Sendable {
    /// Unicode scalars of a batch: about 60 ms of two cores by a student model.
    package static let batchScalarsMax = 3_000
    /// Sentences of a batch, which fill the rows of a team of a few cores.
    package static let batchSentencesMax = 72
    /// What the shortest sentence costs, in scalars.
    private static let sentenceScalarsMin = 10

    package struct Batch: Sendable, Equatable {
        package let direction: TranslationDirection
        package let sentences: [String]
    }

    private struct Unit: Hashable {
        let direction: TranslationDirection
        let sentence: String
    }

    private struct Call {
        let direction: TranslationDirection
        /// The longest last; may hold what came of another's turn.
        var pending: [(sentence: String, scalars: Int)]
        /// Sentences that are not translated yet.
        var left: Int
    }

    private var calls: [Int: Call] = [:]
    private var turns = FairTurns<Int>()
    /// Who waits for each sentence that is pending or being translated.
    private var waiting: [Unit: [Int]] = [:]
    private var running: Set<Unit> = []

    package init() {}

    package var hasWork: Bool { calls.values.contains { !$0.pending.isEmpty } }

    /// - Parameter sentences: at least one, no two equal.
    package mutating func add(
        _ id: Int, _ sentences: [String], _ direction: TranslationDirection, priority: Int = 0
    ) {
        precondition(!sentences.isEmpty && calls[id] == nil)
        let pending = sentences.map { ($0, max(TranslationQueue.sentenceScalarsMin, $0.unicodeScalars.count)) }
        calls[id] = Call(direction: direction, pending: pending.sorted { $0.1 < $1.1 }, left: sentences.count)
        turns.join(id, priority: priority)
        for sentence in sentences { waiting[Unit(direction: direction, sentence: sentence), default: []].append(id) }
    }

    /// Drops a caller; sentences nobody else waits for are not translated any more.
    package mutating func cancel(_ id: Int) {
        guard calls.removeValue(forKey: id) != nil else { return }
        turns.leave(id)
        waiting = waiting.compactMapValues { callers in
            let others = callers.filter { $0 != id }
            return others.isEmpty ? nil : others
        }
    }

    /// - Returns: nil where nothing is pending.
    package mutating func nextBatch() -> Batch? {
        var direction: TranslationDirection?
        var sentences: [String] = []
        var scalars = 0
        while sentences.count < TranslationQueue.batchSentencesMax, let id = nextCaller(direction),
            let call = calls[id], let next = call.pending.last
        {
            let unit = Unit(direction: call.direction, sentence: next.sentence)
            let isOpen = waiting[unit] != nil && !running.contains(unit)
            guard !isOpen || sentences.isEmpty || scalars + next.scalars <= TranslationQueue.batchScalarsMax else {
                break
            }
            calls[id]?.pending.removeLast()
            guard isOpen else { continue }
            direction = call.direction
            sentences.append(next.sentence)
            scalars += next.scalars
            running.insert(unit)
            turns.charge(id, Double(next.scalars))
        }
        return direction.map { Batch(direction: $0, sentences: sentences) }
    }

    /// Takes the end of a batch.
    ///
    /// - Returns: for each of its sentences who waits for it, and the callers who wait for nothing any more.
    package mutating func settle(_ batch: Batch) -> (callers: [[Int]], finished: [Int]) {
        var finished: [Int] = []
        let callers = batch.sentences.map { sentence in
            let unit = Unit(direction: batch.direction, sentence: sentence)
            running.remove(unit)
            let callers = waiting.removeValue(forKey: unit) ?? []
            for id in callers {
                calls[id]?.left -= 1
                guard calls[id]?.left == 0 else { continue }
                finished.append(id)
                calls[id] = nil
                turns.leave(id)
            }
            return callers
        }
        return (callers, finished)
    }

    private func nextCaller(_ direction: TranslationDirection?) -> Int? {
        turns.next { id in
            guard let call = calls[id], !call.pending.isEmpty else { return false }
            return direction == nil || call.direction == direction
        }
    }
}
