import Testing
import Transcript
import Whisper

struct HallucinationGuardsTests {
    private func decoded(logProbability: Double = -0.2, noSpeech: Double = 0.05) -> DecodedWindow {
        DecodedWindow(
            tokens: [], averageLogProbability: logProbability, compressionRatio: 1, noSpeechProbability: noSpeech,
            temperature: 0, failures: [])
    }

    private func verdict(
        _ text: String, seconds: Double = 4, language: String = "en", logProbability: Double = -0.2,
        noSpeech: Double = 0.05
    ) -> String {
        let found = HallucinationGuards.judge(
            text, seconds: seconds, language: language,
            decoded: decoded(logProbability: logProbability, noSpeech: noSpeech))
        return found.map { "\($0.kind.rawValue) \($0.action.rawValue)" } ?? "fine"
    }

    @Test func `plain speech is fine`() {
        #expect(verdict(" The harbour lights went out one by one.") == "fine")
        #expect(verdict("", seconds: 0) == "fine")
        #expect(verdict("今天的天气非常好", language: "zh") == "fine")
    }

    @Test(arguments: [
        " Thanks for watching!", " Thank you.", "ご視聴ありがとうございました", " Untertitel der Amara.org-Community",
        " Sous-titres réalisés para la communauté d'Amara.org", " Продолжение следует...",
    ])
    func `a farewell of subtitles is dropped where the decoder doubted, and noted where not`(_ text: String) {
        #expect(verdict(text, logProbability: -0.9) == "invented_phrase dropped")
        #expect(verdict(text, noSpeech: 0.5) == "invented_phrase dropped")
        #expect(verdict(text) == "invented_phrase kept")
    }

    @Test func `doubt begins past its two limits`() {
        let phrase = " Thanks for watching!"
        let (low, high) = (
            HallucinationGuards.doubtLogProbabilityMax, HallucinationGuards.doubtNoSpeechProbabilityMin
        )
        #expect(verdict(phrase, logProbability: low, noSpeech: high) == "invented_phrase kept")
        #expect(verdict(phrase, logProbability: low.nextDown, noSpeech: high) == "invented_phrase dropped")
        #expect(verdict(phrase, logProbability: low, noSpeech: high.nextUp) == "invented_phrase dropped")
    }

    @Test func `words that hold such a phrase are no such phrase`() {
        #expect(verdict(" Thank you for the harbour lights.", noSpeech: 0.5) == "fine")
        #expect(verdict(" Musical chairs.", noSpeech: 0.5) == "fine")
    }

    @Test func `a run of words over and over is a loop, a few repeats are not`() {
        let (many, few) = (
            String(repeating: " over and over", count: 5), String(repeating: " over and over", count: 4)
        )
        #expect(verdict(many, seconds: 20) == "loop kept")
        #expect(verdict(many, seconds: 20, logProbability: -0.8) == "loop dropped")
        #expect(verdict(few, seconds: 20) == "fine")
        #expect(verdict(" no, no, no, no, no", seconds: 5) == "fine")
        #expect(HallucinationGuards.isLoop([String](repeating: "no", count: 8)))
        #expect(verdict(String(repeating: "好", count: 9), seconds: 20, language: "zh") == "loop kept")
    }

    @Test func `a run longer than is looked for is no loop`() {
        let run = (0..<13).map(String.init)
        #expect(!HallucinationGuards.isLoop((0..<6).flatMap { _ in run }))
        #expect(HallucinationGuards.isLoop((0..<6).flatMap { _ in run.dropLast() }))
    }

    @Test func `more words or letters a second than anybody speaks are suspicious`() {
        let words = " a be it is so we do go"
        #expect(verdict(words, seconds: 1.01) == "fine")
        #expect(verdict(words, seconds: 0.99) == "speaking_rate kept")
        #expect(verdict(words, seconds: 0.99, noSpeech: 0.5) == "speaking_rate dropped")
        // 4 words of 10 letters.
        let letters = " abcdefghij abcdefghik abcdefghil abcdefghim"
        #expect(verdict(letters, seconds: 1.34) == "fine")
        #expect(verdict(letters, seconds: 1.32) == "speaking_rate kept")
        #expect(verdict("今天的天气非常好我们去", seconds: 0.95, language: "zh") == "fine")
        #expect(verdict("今天的天气非常好我们去", seconds: 0.9, language: "zh") == "speaking_rate kept")
    }

    @Test func `few words have no speaking rate`() {
        #expect(verdict(" one two three", seconds: 0.1) == "fine")
    }

    private func word(_ text: String, seconds: Double = 0.3, probability: Double = 0.9) -> Word {
        Word(text: text, start: 1, end: 1 + seconds, probability: probability)
    }

    @Test func `improbable, very short and very long words are odd`() {
        func isNear(_ word: Word, _ score: Double) -> Bool { abs(HallucinationGuards.oddness(word) - score) < 1e-9 }
        #expect(isNear(word("a"), 0))
        #expect(isNear(word("a", probability: 0.149), 1))
        #expect(isNear(word("a", seconds: 0.033), 1.5))
        #expect(isNear(word("a", seconds: 2.5), 0.5))
        #expect(isNear(word("a", seconds: 3, probability: 0.1), 2))
    }

    @Test func `a segment is odd when its words are, punctuation aside`() {
        let odd = word(" a", probability: 0.1)
        #expect(HallucinationGuards.isOdd([odd, odd, word(" b")]) == false)
        #expect(HallucinationGuards.isOdd([odd, odd, odd, word(" b"), word(" c")]))
        #expect(HallucinationGuards.isOdd([odd, word("..."), word("!")]))
        #expect(HallucinationGuards.isOdd([odd, odd]))
        #expect(!HallucinationGuards.isOdd([]))
        #expect(!HallucinationGuards.isOdd([word("...", probability: 0)]))
        // Only the first eight count.
        #expect(!HallucinationGuards.isOdd([Word](repeating: word(" b"), count: 8) + [odd, odd, odd, odd]))
    }

    @Test func `text that repeats itself compresses well`() {
        #expect(compressionRatio([]) == 0)
        #expect(compressionRatio(Array("The harbour lights went out one by one.".utf8)) < 1.2)
        #expect(compressionRatio(Array(String(repeating: "over and over ", count: 20).utf8)) > 2.4)
        let random = (0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 13) }
        #expect(compressionRatio(random) > 0.9)
    }
}
