import Foundation
import TestSupport
import Testing
import Text
import Transcript

struct SanityScoreTests {
    @Test(arguments: Language.allCases, Language.allCases)
    func `translations written by people pass`(from: Language, to: Language) {
        guard from != to else { return }
        let (sources, translations) = (SampleTexts.sentences[from]!, SampleTexts.sentences[to]!)
        for (source, translation) in zip(sources, translations) + [
            (SampleTexts.paragraph(from), SampleTexts.paragraph(to))
        ] {
            let score = SanityScore(source: source, translation: translation, from: from, to: to)
            #expect(score.passes, "\(translation): \(score)")
        }
    }

    /// The last half of a paragraph, a loop, and so on, of each pair of languages.
    @Test(arguments: Language.allCases, Language.allCases)
    func `bad translations fail`(from: Language, to: Language) {
        let source = SampleTexts.paragraph(from)
        let good = SampleTexts.sentences[to]!
        let paragraph = SampleTexts.paragraph(to)
        guard from != to else { return }
        let isChinesePair = Set([from, to]) == [.chinese, .traditionalChinese]
        var bad: [(String, String)] = [
            ("empty", ""), ("marks alone", "...!"), ("half missing", String(paragraph.prefix(paragraph.count / 2 - 1))),
            ("loop", good[0] + String(repeating: String(good[1].prefix(12)), count: 12)),
            ("twice", good.joined() + good.joined()),
            ("letter", String(repeating: "a", count: 200)), ("wrong script", String(repeating: "ஆதமிழ் சொல் ", count: 15)),
        ]
        if !isChinesePair { bad.append(("copy", source)) }
        for (name, translation) in bad {
            let score = SanityScore(source: source, translation: translation, from: from, to: to)
            #expect(!score.passes && score.overall < 0.7, "\(name) \(from)-\(to): \(score)")
        }
    }

    @Test(arguments: [
        ("Read https://example.org/a today, please.", "Leia hoje, por favor.", "https://example.org/a"),
        ("Write to a@example.org soon.", "Escreva em breve para b@example.org.", "a@example.org"),
        ("Then call `run()` again.", "Depois chame correr outra vez.", "`run()`"), ("Well done 👍🏽", "Muito bem", "👍🏽"),
    ])
    func `what had to stay and is lost is named`(source: String, translation: String, lost: String) {
        let score = SanityScore(source: source, translation: translation, from: .english, to: .portuguese)
        #expect(score.faults == [.lost(lost)] && score.verbatim == 0)
    }

    @Test func `three lost numbers fail, two do not`() {
        func score(_ source: String) -> SanityScore {
            SanityScore(source: source, translation: "Muitos, poucos e alguns barcos.", from: .english, to: .portuguese)
        }
        #expect(score("Boats: 11, 12 and 13 of them.").faults == [.numbers(0)])
        #expect(score("Boats: 11 and also 13 of them.").passes)
    }

    /// A source and translations of English into English, of which the first passes and the second has one fault.
    private static let thresholds: [(String, source: String, passing: String, failing: String)] = {
        var random = SeededRandom(seed: 7)
        func letters(_ count: Int, of alphabet: String = "abcdefghijklmnopqrstuvwxyz") -> String {
            String((0..<count).map { _ in alphabet.randomElement(using: &random)! })
        }
        let (some, long) = (letters(100), letters(111))
        let russian = letters(76, of: "абвгдежзиклмнопрстуфхцчшщэюя")
        let (loop, longerLoop) = (some.prefix(70) + some.prefix(41), some.prefix(69) + some.prefix(42))
        return [
            // 0.58 and 0.7 of 100 letters, 12 given to both.
            ("length", some, String(some.prefix(53)), String(some.prefix(52))),
            ("open length", some + ".", String(some.prefix(67)), String(some.prefix(66))),
            // Two and three of four sequences of four words.
            (
                "novelty", "one two three four five six seven", "one two three four five or so",
                "one two three four five six so"
            ),
            // Three words in a row are too few to tell.
            ("words", "one two three four", "one two three", "one two three four"),
            // 30 and 31 of 100 sequences of twelve letters.
            ("variety", long, String(loop), String(longerLoop)),
            // 25 and 24 of 100 letters.
            ("script", some, String(some.prefix(25) + russian.prefix(75)), String(some.prefix(24) + russian)),
            ("numbers", "boats 1 2 3 4 5", "boats 1 or so", "boats or so"),
        ]
    }()

    @Test(arguments: thresholds)
    func `a measure of the threshold passes, one past it fails`(
        name: String, source: String, passing: String, failing: String
    ) {
        let passed = SanityScore(source: source, translation: passing, from: .english, to: .english)
        #expect(passed.passes, "\(name): \(passed)")
        let failed = SanityScore(source: source, translation: failing, from: .english, to: .english)
        #expect(failed.faults.count == 1, "\(name): \(failed)")
    }

    @Test func `names and what holds no language may be copied`() {
        for text in [
            "Barack Obama", "OK", "123", "😀", "", "https://example.org", "Taxi!",
            "New York, San Francisco, Los Angeles, Boston",
        ] {
            #expect(SanityScore(source: text, translation: text, from: .english, to: .german).passes, "\(text)")
        }
    }

    @Test(arguments: ["oracle/mt/enpt.tsv", "oracle/mt/pten.tsv"])
    func `under one in a hundred of what people and engines wrote fails`(path: String) throws {
        guard let file = Shared.path(path) else { return }
        let rows = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").dropFirst().map {
            $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        }
        let (from, to): (Language, Language) = path.contains("enpt") ? (.english, .portuguese) : (.portuguese, .english)
        for column in 1..<5 {
            let scores = rows.map { SanityScore(source: $0[0], translation: $0[column], from: from, to: to) }
            let failing = scores.filter { !$0.passes }
            #expect(failing.count * 100 < rows.count, "\(column): \(failing)")
            if ProcessInfo.processInfo.environment["TEXT_TIMES"] != nil {
                for measure in [\SanityScore.length, \.novelty, \.variety, \.script, \.numbers, \.verbatim] {
                    let sorted = scores.map { $0[keyPath: measure] }.sorted()
                    print(path, column, measure, [0, 1, 3, 6, 12, 30, 300].map { (sorted[$0] * 100).rounded() / 100 })
                }
            }
        }
    }

    @Test func `a score is the same for any text, and soon`() {
        for (name, text) in AnyText.hostile(size: 1 << 16) {
            let time = ContinuousClock().measure {
                _ = SanityScore(source: text, translation: text, from: .japanese, to: .english)
            }
            #expect(time < .seconds(15), "\(name) took \(time)")
        }
    }
}
