import Catalog
import Pipeline
import TestSupport
import Testing
import Transcript

/// Which sentences are translated together.
struct EngineQueueTests {
    private let there = TranslationDirection(from: .english, to: .portuguese)
    private let back = TranslationDirection(from: .portuguese, to: .english)

    private func sentences(_ count: Int, _ name: String, length: Int = 40) -> [String] {
        (0..<count).map { String("\(name) \($0) " + String(repeating: "x", count: length)).prefix(length).description }
    }

    private func next(_ queue: inout TranslationQueue) throws -> TranslationQueue.Batch {
        let batch = queue.nextBatch()
        return try #require(batch)
    }

    private func isEmpty(_ queue: inout TranslationQueue) -> Bool { queue.nextBatch() == nil }

    @Test func `a batch is of one direction, the longest first, of all callers`() throws {
        var queue = TranslationQueue()
        queue.add(1, ["a", "aaaaaaaaaaaaaaaaaaaaaaaa"], there)
        queue.add(2, ["b"], back)
        queue.add(3, ["ccccccccccccc", "a"], there)
        let batch = try next(&queue)
        #expect(batch.direction == there)
        #expect(batch.sentences == ["aaaaaaaaaaaaaaaaaaaaaaaa", "ccccccccccccc", "a"])
        let other = try next(&queue)
        #expect(other.sentences == ["b"])
        #expect(isEmpty(&queue))
        let (callers, finished) = queue.settle(batch)
        #expect(callers == [[1], [3], [1, 3]] && finished.sorted() == [1, 3])
    }

    @Test func `three sentences behind ten thousand are in the next batch`() throws {
        var queue = TranslationQueue()
        queue.add(1, sentences(10_000, "long"), there)
        for _ in 0..<5 {
            let batch = try next(&queue)
            _ = queue.settle(batch)
        }
        queue.add(2, ["x", "y", "z"], there)
        let batch = try next(&queue)
        #expect(Set(batch.sentences).isSuperset(of: ["x", "y", "z"]) && batch.sentences.count > 3)
        let finished = queue.settle(batch).finished
        #expect(finished == [2])
    }

    @Test func `a batch stays within its bounds, but for one sentence that is longer`() throws {
        var queue = TranslationQueue()
        let long = String(repeating: "l", count: TranslationQueue.batchScalarsMax + 1)
        queue.add(1, [long] + sentences(500, "short", length: 12), there)
        let first = try next(&queue)
        #expect(first.sentences == [long])
        let second = try next(&queue)
        #expect(second.sentences.count == TranslationQueue.batchSentencesMax)
        queue.add(2, sentences(500, "middle", length: TranslationQueue.batchScalarsMax / 10), there)
        let third = try next(&queue)
        #expect(third.sentences.reduce(0) { $0 + $1.unicodeScalars.count } <= TranslationQueue.batchScalarsMax)
        #expect(third.sentences.count > 1)
    }

    @Test func `a caller who goes takes what nobody else waits for`() throws {
        var queue = TranslationQueue()
        queue.add(1, ["mine", "ours"], there)
        queue.add(2, ["ours", "yours"], there)
        queue.cancel(1)
        let batch = try next(&queue)
        #expect(Set(batch.sentences) == ["ours", "yours"])
        queue.add(3, ["ours"], there)
        queue.cancel(2)
        #expect(isEmpty(&queue))
        let finished = queue.settle(batch).finished
        #expect(finished == [3])
        #expect(!queue.hasWork)
    }

    @Test func `whatever comes and goes, everybody gets each sentence once, and none is translated twice at a time`() {
        var random = SeededRandom()
        for _ in 0..<50 {
            var queue = TranslationQueue()
            var waits: [Int: Set<String>] = [:]
            var batches: [TranslationQueue.Batch] = []
            for id in 0..<60 {
                let own = Set(
                    (0..<Int.random(in: 1...9, using: &random)).map { _ in
                        "s\(Int.random(in: 0..<30, using: &random))"
                    })
                queue.add(id, Array(own), Bool.random(using: &random) ? there : back)
                waits[id] = own
                if Int.random(in: 0..<4, using: &random) == 0, let gone = waits.keys.randomElement(using: &random) {
                    queue.cancel(gone)
                    waits[gone] = nil
                }
                if Bool.random(using: &random), let batch = queue.nextBatch() {
                    let underWay = batches.filter { $0.direction == batch.direction }.flatMap(\.sentences)
                    #expect(Set(underWay).isDisjoint(with: batch.sentences))
                    batches.append(batch)
                }
                if Bool.random(using: &random), !batches.isEmpty { settle(batches.removeFirst(), &queue, &waits) }
            }
            while let batch = queue.nextBatch() { batches.append(batch) }
            for batch in batches { settle(batch, &queue, &waits) }
            #expect(waits.isEmpty && !queue.hasWork)
        }
    }

    private func settle(
        _ batch: TranslationQueue.Batch, _ queue: inout TranslationQueue, _ waits: inout [Int: Set<String>]
    ) {
        let (callers, finished) = queue.settle(batch)
        for (sentence, callers) in zip(batch.sentences, callers) {
            for id in callers { #expect(waits[id]?.remove(sentence) == sentence) }
        }
        for id in finished {
            #expect(waits[id]?.isEmpty == true)
            waits[id] = nil
        }
    }
}
