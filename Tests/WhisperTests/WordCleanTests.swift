import Testing
import Whisper

struct WordCleanTests {
    private func words(_ texts: String..., seconds: [Double]? = nil) -> [TimedWord] {
        let lengths = seconds ?? texts.map { _ in 0.3 }
        var at = 0.0
        return zip(texts, lengths).enumerated().map { index, word in
            defer { at += word.1 }
            return TimedWord(text: word.0, tokens: [index], start: at, end: at + word.1, probability: 1)
        }
    }

    @Test func `closing marks go to the word before them, opening ones to the word after`() {
        let tidy = WordClean([]).tidy(words(" say", " \"", "no", "!", "\"", " (", "he", ")", " did"))
        #expect(tidy.map(\.text) == [" say", " \"no!\"", " (he)", " did"])
        #expect(tidy.map(\.tokens) == [[0], [1, 2, 3, 4], [5, 6, 7], [8]])
    }

    @Test func `a space alone goes to the word after it`() {
        #expect(WordClean([]).tidy(words("好", " ", "的", " ")).map(\.text) == ["好", " 的", " "])
    }

    @Test func `a mark without a word on its side stays`() {
        #expect(WordClean([]).tidy(words(" \"")).map(\.text) == [" \""])
        #expect(WordClean([]).tidy(words(".")).map(\.text) == ["."])
        #expect(WordClean([]).tidy([]).isEmpty)
    }

    @Test func `the usual word length is the median of real lengths, at most 0.7 s`() {
        #expect(abs(WordClean(words("a", "b", "c", seconds: [0.2, 0, 0.4])).medianSeconds - 0.3) < 1e-9)
        #expect(WordClean(words("a", "b", "c", seconds: [2, 2, 3])).medianSeconds == 0.7)
        #expect(WordClean([]).medianSeconds == 0)
    }

    @Test func `a word drawn out over the end of a sentence is shortened on the side of the pause`() {
        let raw = words(" one", " two", ".", " three", " four", seconds: [0.3, 0.3, 3, 3, 0.3])
        let tidy = WordClean(raw).tidy(raw)
        #expect(abs(tidy[1].start - 0.3) < 1e-9)
        #expect(tidy.map(\.text) == [" one", " two.", " three", " four"])
        // " three" keeps its end and loses what lies before it.
        #expect(abs(tidy[2].end - 6.6) < 1e-9 && abs(tidy[2].start - 6.0) < 1e-9)
    }

    @Test func `a segment begins and ends with its words`() {
        var spoken = words(" one", " two", " three")
        var (start, end) = (0.0, 0.95)
        spoken[0].start = 0.1
        WordClean(spoken).fit(&spoken, start: &start, end: &end, spokenUntil: 0)
        #expect(start == 0.1 && abs(end - 0.9) < 1e-9)
    }

    @Test func `a first word drawn out over a long pause begins shortly before its end`() {
        var spoken = words(" one", " two", " three", " four", seconds: [5, 0.3, 0.3, 0.3])
        var (start, end) = (0.0, 5.9)
        let clean = WordClean(spoken)
        clean.fit(&spoken, start: &start, end: &end, spokenUntil: 0)
        #expect(abs(spoken[0].start - 4.4) < 1e-9 && abs(start - 4.4) < 1e-9)
        #expect(spoken[0].end == 5)
    }

    @Test func `a segment without words keeps its times`() {
        var none: [TimedWord] = []
        var (start, end) = (1.0, 2.0)
        WordClean([]).fit(&none, start: &start, end: &end, spokenUntil: 0)
        #expect(start == 1 && end == 2)
    }
}
