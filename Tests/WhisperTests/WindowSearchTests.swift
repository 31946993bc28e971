import Foundation
import Inference
import TestSupport
import Testing
import Whisper

struct WindowSearchTests {
    private static let vocabulary = 16
    private static let end = 15

    /// A language model of few words: the logits behind a sequence are random numbers of its own.
    private struct Chance {
        var seed: UInt64
        var limit: Float = 4
        /// Added to the end's logit.
        var endBias: Float = 0

        func logits(_ tokens: [Int]) -> [Float] {
            var random = SeededRandom(seed: tokens.reduce(seed) { ($0 &+ UInt64($1) &+ 1) &* 0x9e37_79b9_7f4a_7c15 })
            var logits = random.floats(vocabulary, limit: limit)
            logits[end] += endBias
            return logits
        }

        func logProbabilities(_ tokens: [Int]) -> [Double] {
            let logits = logits(tokens).map(Double.init)
            let total = log(logits.reduce(0) { $0 + exp($1) })
            return logits.map { $0 - total }
        }
    }

    private func run(
        _ strategy: WindowSearch.Strategy, _ model: Chance, tokensMax: Int = 8, seed: UInt64 = 1
    ) -> WindowSearch {
        var search = WindowSearch(
            strategy: strategy, endOfText: WindowSearchTests.end, tokensMax: tokensMax, seed: seed)
        while !search.live.isEmpty {
            let logits = Matrix<Float>(rows: search.live.count, columns: WindowSearchTests.vocabulary)
            for (row, hypothesis) in search.live.enumerated() { logits.setRow(row, model.logits(hypothesis.tokens)) }
            let before = search.live
            let parents = search.advance(logits, kernels: .best)
            #expect(parents.count == search.live.count)
            for (row, parent) in parents.enumerated() {
                #expect(search.live[row].tokens.dropLast() == before[parent].tokens[...], "row \(row) of \(strategy)")
            }
        }
        return search
    }

    @Test func `greedy search takes the likeliest token until the end`() {
        for seed in 0..<50 as Range<UInt64> {
            let model = Chance(seed: seed)
            let found = run(.greedy, model).best
            var tokens: [Int] = []
            var sum = 0.0
            while tokens.count < 8 {
                let scores = model.logProbabilities(tokens)
                let best = scores.indices.max { scores[$0] < scores[$1] }!
                sum += scores[best]
                if best == WindowSearchTests.end { break }
                tokens.append(best)
            }
            #expect(found.tokens == tokens)
            #expect(abs(Double(found.sumLogProbability) - sum) < 1e-4)
        }
    }

    @Test(arguments: [2, 3, 5])
    func `beam search keeps what a search over sorted lists keeps`(_ size: Int) {
        for seed in 0..<60 as Range<UInt64> {
            let model = Chance(seed: seed, endBias: Float(seed % 4))
            let found = run(.beam(size: size), model, tokensMax: 6).best
            let expected = PlainBeam(size: size, tokensMax: 6).best(model.logProbabilities)
            #expect(found.tokens == expected.tokens, "seed \(seed)")
            #expect(abs(Double(found.sumLogProbability) - expected.sum) < 1e-4)
        }
    }

    @Test func `a beam of one is greedy`() {
        for seed in 0..<30 as Range<UInt64> {
            let model = Chance(seed: seed)
            let greedy = run(.greedy, model)
            #expect(run(.beam(size: 1), model).ended.first?.tokens == greedy.best.tokens)
        }
    }

    @Test func `rows drawn at a low temperature are the greedy ones`() {
        let model = Chance(seed: 7)
        let drawn = run(.sample(count: 5, temperature: 0.001), model)
        #expect(drawn.ended.count == 5)
        #expect(Set(drawn.ended.map(\.tokens)) == [run(.greedy, model).best.tokens])
    }

    @Test func `first tokens are drawn as often as their probability says`() {
        let model = Chance(seed: 3, limit: 2)
        let temperature: Float = 0.8
        let weights = model.logits([]).map { exp(Double($0 / temperature)) }
        let total = weights.reduce(0, +)
        var counts = [Int](repeating: 0, count: WindowSearchTests.vocabulary)
        let runs = 4_000
        for seed in 0..<UInt64(runs) {
            let drawn = run(.sample(count: 1, temperature: temperature), model, tokensMax: 1, seed: seed * 7_919)
            counts[drawn.best.tokens.first ?? WindowSearchTests.end] += 1
        }
        let expected = weights.map { $0 / total * Double(runs) }
        let chiSquare = zip(counts, expected).reduce(0) { $0 + pow(Double($1.0) - $1.1, 2) / $1.1 }
        // 15 degrees of freedom: past 44.3 once in ten thousand; the seeds are fixed.
        #expect(chiSquare < 44.3)
    }

    @Test func `the same seed draws the same rows, another one others`() {
        let model = Chance(seed: 5)
        func draw(_ seed: UInt64) -> [[Int]] {
            run(.sample(count: 5, temperature: 1), model, seed: seed).ended.map(\.tokens)
        }
        #expect(draw(1) == draw(1))
        #expect(draw(1) != draw(2))
    }

    @Test func `a search stops at its last token, not before and not after`() {
        let model = Chance(seed: 9, endBias: -100)
        for strategy in [.greedy, .beam(size: 3), .sample(count: 4, temperature: 1)] as [WindowSearch.Strategy] {
            let search = run(strategy, model, tokensMax: 5)
            #expect(search.ended.allSatisfy { $0.tokens.count == 5 } && search.ended.count == strategy.rows)
        }
    }

    @Test func `the best sequence is the likeliest by token, not by sum`() {
        // At each step the end has the lesser half; a longer sequence is likelier by token.
        var search = WindowSearch(strategy: .beam(size: 2), endOfText: 15, tokensMax: 9, seed: 0)
        func step(_ values: [Int: Float]) {
            let logits = Matrix<Float>(rows: search.live.count, columns: 16)
            for row in 0..<logits.rows { logits.setRow(row, (0..<16).map { values[$0] ?? -30 }) }
            _ = search.advance(logits, kernels: .best)
        }
        step([1: 0])
        step([15: -1, 2: -0.5])
        step([15: 0])
        #expect(Set(search.ended.map(\.tokens)) == [[1], [1, 2]])
        #expect(search.best.tokens == [1, 2])
    }

    /// The same beam search over plain lists, all continuations sorted.
    private struct PlainBeam {
        let size: Int
        let tokensMax: Int

        func best(_ next: ([Int]) -> [Double]) -> (tokens: [Int], sum: Double) {
            var live: [(tokens: [Int], sum: Double)] = [([], 0)]
            var ended: [(tokens: [Int], sum: Double)] = []
            while true {
                let all = live.flatMap { path in
                    next(path.tokens).enumerated().map { (path.tokens + [$0], path.sum + $1) }
                }.sorted { $0.1 > $1.1 }
                live = []
                for (tokens, sum) in all where live.count < size {
                    if tokens.last == end {
                        if ended.count < size { ended.append((tokens.dropLast(), sum)) }
                    } else {
                        live.append((tokens, sum))
                    }
                }
                let isFull = live[0].tokens.count == tokensMax
                guard ended.count < size, !isFull else {
                    let candidates = isFull ? ended + live : ended
                    return candidates.max {
                        $0.sum / Double(max(1, $0.tokens.count)) < $1.sum / Double(max(1, $1.tokens.count))
                    }!
                }
            }
        }
    }
}
