import Inference

/// A sequence under construction.
package struct Hypothesis: Sendable, Equatable {
    package var tokens: [Int] = []
    package var sumLogProbability: Float = 0
}

/// The search over one window at one temperature: values in, decisions out.
package struct WindowSearch {
    package enum Strategy: Equatable {
        /// One row that takes the likeliest token.
        case greedy
        /// `size` rows, the best continuations of all of them kept; stops when `size` have ended.
        case beam(size: Int)
        /// `count` independent rows drawn at a temperature.
        case sample(count: Int, temperature: Float)

        package var rows: Int {
            switch self {
            case .greedy: 1
            case .beam(let size): size
            case .sample(let count, _): count
            }
        }
    }

    let strategy: Strategy
    let endOfText: Int
    let tokensMax: Int
    package private(set) var live: [Hypothesis] = [Hypothesis()]
    package private(set) var ended: [Hypothesis] = []
    private var random: SplitMix

    package init(strategy: Strategy, endOfText: Int, tokensMax: Int, seed: UInt64) {
        self.strategy = strategy
        self.endOfText = endOfText
        self.tokensMax = tokensMax
        random = SplitMix(state: seed)
    }

    /// Takes a step with the masked logits of the live rows.
    ///
    /// - Parameter logits: `[live.count, vocabularyCount]`.
    /// - Returns: for each row now live, the index of the row it continues.
    package mutating func advance(_ logits: Matrix<Float>, kernels: Kernels) -> [Int] {
        precondition(logits.rows == live.count)
        let totals = live.indices.map { kernels.logSumExp(logits, row: $0, columns: 0..<logits.columns) }
        let isNew = ended.isEmpty && live.count == 1 && live[0].tokens.isEmpty
        var thresholds = (0..<strategy.rows).map { _ in Float(random.unit()) }
        let parents: [Int] =
            switch strategy {
            case .greedy:
                extend([0], logits, totals) { kernels.argMax(logits, row: $0, columns: 0..<logits.columns) }
            case .beam(let size): widen(logits, totals, size, kernels)
            case .sample(let count, let temperature):
                // All rows begin as copies of the prompt's one row.
                extend(isNew ? Array(repeating: 0, count: count) : Array(live.indices), logits, totals) {
                    kernels.sample(logits, row: $0, temperature: temperature, threshold: thresholds.removeFirst())
                }
            }
        if live.first.map({ $0.tokens.count >= tokensMax }) ?? false {
            stop()
            return []
        }
        if case .beam(let size) = strategy, ended.count >= size {
            live = []
            return []
        }
        return parents
    }

    /// Ends what is still live, where there is no position left.
    package mutating func stop() {
        ended += live
        live = []
    }

    /// The likeliest sequence by mean log probability.
    package var best: Hypothesis {
        let candidates = ended + live
        func score(_ hypothesis: Hypothesis) -> Float {
            hypothesis.sumLogProbability / Float(max(1, hypothesis.tokens.count))
        }
        return candidates.max { score($0) < score($1) } ?? Hypothesis()
    }

    /// Extends each row by the token chosen for it; rows that end leave.
    private mutating func extend(
        _ rows: [Int], _ logits: Matrix<Float>, _ totals: [Float], _ choose: (Int) -> Int
    ) -> [Int] {
        var parents: [Int] = []
        var next: [Hypothesis] = []
        for row in rows {
            let token = choose(row)
            var longer = live[row]
            longer.sumLogProbability += logits[row, token] - totals[row]
            if token == endOfText {
                ended.append(longer)
            } else {
                longer.tokens.append(token)
                next.append(longer)
                parents.append(row)
            }
        }
        live = next
        return parents
    }

    private mutating func widen(
        _ logits: Matrix<Float>, _ totals: [Float], _ size: Int, _ kernels: Kernels
    ) -> [Int] {
        var candidates: [(score: Float, row: Int, token: Int)] = []
        for (row, hypothesis) in live.enumerated() {
            for (token, value) in kernels.top(logits, row: row, count: size + 1) where value > -.infinity {
                candidates.append((hypothesis.sumLogProbability + value - totals[row], row, token))
            }
        }
        candidates.sort { $0.score > $1.score }
        var parents: [Int] = []
        var next: [Hypothesis] = []
        for candidate in candidates where next.count < size {
            var longer = live[candidate.row]
            longer.sumLogProbability = candidate.score
            if candidate.token == endOfText {
                if ended.count < size { ended.append(longer) }
            } else {
                longer.tokens.append(candidate.token)
                next.append(longer)
                parents.append(candidate.row)
            }
        }
        live = next
        return parents
    }
}

/// SplitMix64: small, seeded, the same everywhere.
///
/// - Source: Steele, Lea, Flood 2014.
struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Uniform in 0..<1.
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
