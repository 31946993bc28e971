import TestSupport
import Testing
import Transcript

@Suite struct TimedSentenceTests {
    @Test func `a sentence goes on across segments and ends inside one, at the times of its words`() {
        let speech = recording([
            segment(0, 1, " So it", words: words("So it", each: 0.5)),
            segment(1, 3, " goes. And then", words: words("goes. And then", from: 1, each: 0.5)),
            segment(3, 4, " what?", words: words("what?", from: 3, each: 1)),
        ])
        let sentences = speech.sentences(borders: borders)
        #expect(sentences.map(\.text) == ["So it goes.", "And then what?"])
        #expect(sentences.map(\.start) == [0, 1.5])
        #expect(sentences.map(\.end) == [1.5, 4])
    }

    @Test func `without words, a border inside a segment has the time of its place among the characters`() {
        let sentences = recording([segment(10, 20, " Abcd. Efghi")]).sentences(borders: borders)
        #expect(sentences.map(\.text) == ["Abcd.", "Efghi"])
        #expect(sentences.map(\.start) == [10, 15])
        #expect(sentences.map(\.end) == [15, 20])
    }

    @Test func `a border inside a word parts it`() {
        let both = [Word(text: " Yes.No", start: 1, end: 4, probability: 1)]
        let sentences = recording([segment(1, 4, " Yes.No", words: both)]).sentences(borders: borders)
        #expect(sentences.map(\.text) == ["Yes.", "No"])
        #expect(sentences.map(\.end) == [3, 4])
    }

    @Test(arguments: [(2.0, ["so it goes"]), (2.001, ["so it", "goes"])])
    func `a pause of two seconds is still inside a sentence, a longer one ends it`(pause: Double, texts: [String]) {
        #expect(TimedSentence.pauseSecondsMax == 2)
        var spoken = words("so it goes", each: 1)
        spoken[2].start += pause
        spoken[2].end += pause
        let sentences = recording([segment(0, 6, " so it goes", words: spoken)]).sentences(borders: borders)
        #expect(sentences.map(\.text) == texts)
        let segments = recording([segment(0, 2, " so it"), segment(2 + pause, 6, " goes")])
        #expect(segments.sentences(borders: borders).map(\.text) == texts)
    }

    @Test func `words that lack text of their segment are not taken for it`() {
        let speech = recording([segment(0, 4, " Hello there.", words: words("Hello", each: 1))])
        let sentences = speech.sentences(borders: borders)
        #expect(sentences.map(\.text) == ["Hello there."])
        #expect(sentences[0].pieces.count == 1)
    }

    @Test func `punctuation that went to a word of the segment before leaves both their word times`() {
        let (one, two) = (words("so it.", each: 0.5), words("And", from: 1, each: 0.5))
        let speech = recording([segment(0, 1, " so it", words: one), segment(1, 2, ". And", words: two)])
        let sentences = speech.sentences(borders: borders)
        #expect(sentences.map(\.text) == ["so it.", "And"])
        #expect(sentences.map(\.end) == [1, 1.5])
    }

    @Test func `borders that leave out text, overlap or stand in no order lose nothing`() {
        let text = " one two three"
        let speech = recording([segment(0, 3, text)])
        let sentences = speech.sentences { text in
            let at = { text.index(text.startIndex, offsetBy: $0) }
            return [at(5)..<at(7), at(2)..<at(9), at(5)..<at(5)]
        }
        #expect(sentences.map(\.text) == ["o", "ne", "two three"])
        #expect(recording([segment(0, 1, " a")]).sentences { _ in [] }.map(\.text) == ["a"])
    }

    @Test(arguments: [false, true])
    func `sentences have all that can be seen of a recording, in order of time`(isWide: Bool) {
        var speech = RandomSpeech(random: SeededRandom(), isWide: isWide)
        for count in [0, 1, 2, 5, 50, 400] {
            let spoken = recording(speech.segments(count))
            let sentences = spoken.sentences(borders: borders)
            #expect(visible(sentences.map(\.text).joined()) == visible(spoken.text))
            #expect(sentences.allSatisfy { $0.start <= $0.end && !visible($0.text).isEmpty })
            #expect(zip(sentences, sentences.dropFirst()).allSatisfy { $0.start <= $1.start })
        }
    }
}
