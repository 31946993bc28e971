import TestSupport
import Transcript

/// Recordings that nobody would make, of segments with and without words.
struct RandomSpeech {
    var random: SeededRandom
    let isWide: Bool

    private mutating func chance(_ probability: Double) -> Bool {
        Double.random(in: 0..<1, using: &random) < probability
    }

    private mutating func word() -> String {
        let marks = isWide ? ["", "", "", "，", "。", "！", "「", "」"] : ["", "", "", "", ",", ".", "?", "...", " »"]
        if chance(0.02) {
            return " " + String(repeating: isWide ? "カ" : "x", count: .random(in: 1...150, using: &random))
        }
        if chance(0.02) {
            return ["", " ", "\n", " \u{0}", "\u{301}", " 👩‍👩‍👧‍👦", "!!!!!!!!!!", "  a\tb ", "\u{A0}?"].randomElement(
                using: &random)!
        }
        let letters = isWide ? "今日本語私行見人名前でをにはカタナ12A" : "abcdefghijklmnopqrstuvwxyzäßéд'"
        let count = Int.random(in: isWide ? 1...2 : 1...9, using: &random)
        let text = String((0..<count).map { _ in letters.randomElement(using: &random)! })
        return (isWide && !chance(0.1) ? "" : " ") + text + marks.randomElement(using: &random)!
    }

    /// - Parameter order: how much of it is in order; the rest has any time.
    mutating func segments(_ count: Int, order: Double = 0.98) -> [Segment] {
        var now = 0.0
        return (0..<count).map { index in
            if chance(0.2) { now += .random(in: 0...5, using: &random) }
            if !chance(order) { now = .random(in: 0...100, using: &random) }
            let pace = chance(0.1) ? 0 : Double.random(in: 0.02...0.6, using: &random)
            let start = now
            var words: [Word] = []
            for _ in 0..<Int.random(in: 0...20, using: &random) {
                var end = now + (chance(0.1) ? 0 : pace)
                if !chance(order) { end = [-1, .nan, .infinity, now - 3, now + 12].randomElement(using: &random)! }
                words.append(Word(text: word(), start: now, end: end, probability: 1))
                now += chance(0.05) ? .random(in: 0...3, using: &random) : pace
            }
            let text = words.map(\.text).joined()
            return segment(start, now, text, index: index, words: chance(0.5) ? words : nil)
        }
    }
}
