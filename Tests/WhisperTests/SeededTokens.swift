import TestSupport
import Whisper

/// Windows of tokens as the decoder may write them: text between timestamps that never go back.
struct SeededTokens {
    private var random: SeededRandom

    init(test: String = #function) { random = SeededRandom(test: test) }

    mutating func window(_ special: SpecialTokens) -> [Int] {
        var tokens: [Int] = []
        var time = 0
        for _ in 0..<Int.random(in: 0...6, using: &random) {
            tokens.append(special.timestamps.lowerBound + time)
            tokens += (0..<Int.random(in: 1...4, using: &random)).map { _ in
                Int.random(in: 0..<special.endOfText, using: &random)
            }
            time = min(1_500, time + Int.random(in: 1...300, using: &random))
            tokens.append(special.timestamps.lowerBound + time)
            if Bool.random(using: &random) { time = min(1_500, time + Int.random(in: 0...50, using: &random)) }
        }
        return Array(tokens.dropLast(Int.random(in: 0...2, using: &random)))
    }
}
