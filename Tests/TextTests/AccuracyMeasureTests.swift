import TestSupport
import Testing
import Text
import Transcript

struct AccuracyMeasureTests {
    private func document(_ segments: [Segment], _ language: String = "en") -> TranscriptDocument {
        TranscriptDocument(
            Recording(
                segments: segments, language: language, languageProbability: 1, durationSeconds: 10, speechSeconds: 10,
                findings: []))
    }

    private func segment(_ text: String, _ start: Double, _ end: Double, words: [Word]? = nil) -> Segment {
        Segment(
            index: 0, start: start, end: end, text: text, tokens: [], temperature: 0, averageLogProbability: -0.1,
            compressionRatio: 1, noSpeechProbability: 0, words: words)
    }

    @Test(arguments: [
        (" The—Harbour,  lights! ", "en", "the harbour lights"), ("ＡＢＣ ﬁ 5 € + ½", "de", "abc fi 5 1 2"),
        ("今天，天气 好。", "zh", "今天天气好"), ("臺灣的圖書館", "zh-tw", "台湾的图书馆"), ("", "fr", ""), ("?!", "it", ""),
        ("안녕, 세상!", "ko", "안녕 세상"), ("コーヒー を。", "ja", "コーヒーを"),
    ])
    func `case, forms, punctuation, script and spaces make no difference`(
        text: String, language: String, expected: String
    ) throws {
        #expect(try ComparedText(text, language: language).text == expected)
    }

    @Test func `words are the unit, but characters where words stand without spaces and in Korean`() {
        #expect(["en", "fr", "ru", "pt"].allSatisfy { ComparedText.unit(of: $0) == .word })
        #expect(["zh", "zh-tw", "ja", "ko", "yue"].allSatisfy { ComparedText.unit(of: $0) == .character })
    }

    @Test func `errors are counted and equal words are one step`() throws {
        let report = try AccuracyReport(
            reference: "The old harbour lights went out, one by one.",
            hypothesis: "the harbor lights went out one by by one", language: "en", threshold: 0.7)
        #expect(report.unit == .word)
        #expect(report.words == .init(hits: 7, substitutions: 1, deletions: 1, insertions: 1))
        #expect(report.alignment.map(\.kind) == [.equal, .substitution, .deletion, .equal, .insertion, .equal])
        #expect(report.alignment[3].reference == "lights went out one")
        #expect(report.wordErrorRate == 3.0 / 9)
        #expect(report.passes == false)
        #expect(abs(report.accuracy - 2.0 / 3) < 1e-12)
        #expect(report.characters.referenceCount == "the old harbour lights went out one by one".count)
        // "old ", the u, and "by ".
        #expect(report.characters.errorCount == 8)
    }

    @Test func `more errors than words are an accuracy of nothing`() throws {
        let report = try AccuracyReport(reference: "yes", hypothesis: "no no no", language: "en", threshold: 0)
        #expect(report.wordErrorRate == 3)
        #expect(report.accuracy == 0)
        #expect(report.passes == true)
        #expect(try AccuracyReport(reference: "", hypothesis: "", language: "en").accuracy == 1)
        #expect(try AccuracyReport(reference: "?", hypothesis: "no", language: "en").accuracy == 0)
    }

    @Test func `steps have the times of their words`() throws {
        let words = [
            Word(text: " The", start: 1, end: 1.25, probability: 1),
            Word(text: " lights,", start: 1.5, end: 2, probability: 1),
            Word(text: " went", start: 2.25, end: 3, probability: 1),
            Word(text: " out.", start: 3, end: 3.5, probability: 1),
        ]
        let report = try AccuracyReport(
            reference: "The light went far out",
            transcript: document([segment(" The lights, went out.", 1, 3.5, words: words)]), language: "en")
        #expect(report.alignment.map(\.kind) == [.equal, .substitution, .equal, .deletion, .equal])
        #expect(report.alignment.map(\.start) == [1, 1.5, 2.25, nil, 3])
        #expect(report.alignment.map(\.end) == [1.25, 2, 3, nil, 3.5])
    }

    @Test func `without words a segment's time is shared out by characters`() throws {
        let report = try AccuracyReport(
            reference: "aa xx", transcript: document([segment(" aa bb", 0, 4), segment(" cccc", 6, 8)]), language: "en")
        #expect(report.alignment.map(\.hypothesis) == ["aa", "bb", "cccc"])
        #expect(report.alignment.map(\.start) == [0, 2, 6])
        #expect(report.alignment.map(\.end) == [2, 4, 8])
    }

    @Test func `Chinese is compared character by character, whichever script it is in`() throws {
        let words = [
            Word(text: "這", start: 0, end: 0.5, probability: 1), Word(text: "裡", start: 0.5, end: 1, probability: 1),
            Word(text: "很好", start: 1, end: 2, probability: 1),
        ]
        let report = try AccuracyReport(
            reference: "这里不好。", transcript: document([segment("這裡很好", 0, 2, words: words)], "zh"), language: "zh")
        #expect(report.unit == .character)
        #expect(report.characters == .init(hits: 3, substitutions: 1, deletions: 0, insertions: 0))
        #expect(report.alignment.map(\.reference) == ["这里", "不", "好"])
        #expect(report.alignment.map(\.start) == [0, 1, 1.5])
    }

    @Test func `Korean has both rates, and the rate of characters is its accuracy`() throws {
        let report = try AccuracyReport(reference: "오늘은 날씨가 좋다", hypothesis: "오늘은 날씨 가 좋다", language: "ko")
        #expect(report.words.errorCount == 2)
        #expect(report.characters == .init(hits: 10, substitutions: 0, deletions: 0, insertions: 1))
        #expect(report.accuracy == 0.9)
    }

    @Test func `a text of the most characters is compared, one more is told`() throws {
        let longest = String(repeating: "aaaaaaaaa ", count: ComparedText.charactersMax / 10)
        #expect(throws: AccuracyError.tooManyCharacters(count: 2_000_001, countMax: 2_000_000)) {
            try AccuracyReport(reference: longest + "a", hypothesis: "", language: "en")
        }
        let report = try AccuracyReport(reference: longest, hypothesis: longest, language: "en")
        #expect(report.words.hits == ComparedText.charactersMax / 10)
        #expect(report.characters.hits == ComparedText.charactersMax - 1)
        #expect(report.alignment.count == 1)
    }

    @Test func `so many words are aligned, one more is told`() throws {
        let most = Array(repeating: "a", count: ComparedText.unitsMax).joined(separator: " ")
        #expect(try AccuracyReport(reference: most, hypothesis: most, language: "en").words.hits == 250_000)
        #expect(throws: AccuracyError.tooManyUnits(count: 250_001, countMax: 250_000)) {
            try AccuracyReport(reference: "b", hypothesis: most + " a", language: "en")
        }
    }
}
