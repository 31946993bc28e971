import Testing
import Whisper

struct SpecialTokensTests {
    struct Texts: Decodable {
        let vocabulary: Int
        let special: [String: Int?]
    }

    @Test(arguments: Engine.allCases)
    func `special tokens have the ids of the tokenizer file`(_ engine: Engine) throws {
        let golden: Texts = try Golden.read("tokenizer.\(engine.rawValue)")
        let special = try engine.special()
        func id(_ name: String) -> Int? { golden.special[name] ?? nil }
        #expect(special.endOfText == id("<|endoftext|>"))
        #expect(special.startOfTranscript == id("<|startoftranscript|>"))
        #expect(special.translate == id("<|translate|>"))
        #expect(special.transcribe == id("<|transcribe|>"))
        #expect(special.startOfPrevious == id("<|startofprev|>"))
        #expect(special.noSpeech == id("<|nospeech|>") ?? id("<|nocaptions|>"))
        #expect(special.noTimestamps == id("<|notimestamps|>"))
        #expect(special.timestamps.lowerBound == golden.vocabulary)
        if let english = id("<|en|>") { #expect(special.languages.lowerBound == english) }
        if let chinese = id("<|zh|>") { #expect(special.languages.lowerBound + 1 == chinese) }
    }

    @Test func `languages have a token each, 100 of them from large-v3 on`() {
        let base = SpecialTokens(vocabularyCount: 51_865, endOfText: 50_257, isMultilingual: true)
        let large = SpecialTokens(vocabularyCount: 51_866, endOfText: 50_257, isMultilingual: true)
        #expect(base.languages.count == 99)
        #expect(large.languages.count == 100 && WhisperLanguage.codes.count == 100)
        #expect(large.timestamps.count == 1_501)
    }

    @Test func `timestamps are 20 ms apart and end at 30 s`() {
        let special = SpecialTokens(vocabularyCount: 51_865, endOfText: 50_257, isMultilingual: true)
        #expect(special.seconds(special.timestamps.lowerBound) == 0)
        #expect(abs(special.seconds(special.timestamps.lowerBound + 1) - 0.02) < 1e-12)
        #expect(abs(special.seconds(special.timestamps.upperBound - 1) - 30) < 1e-12)
    }
}
