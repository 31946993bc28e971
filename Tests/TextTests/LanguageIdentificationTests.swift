import TestSupport
import Testing
import Text
import Transcript

struct LanguageIdentificationTests {
    @Test(arguments: Language.allCases)
    func `a sentence is known for its language, a paragraph more surely`(language: Language) {
        for sentence in SampleTexts.sentences[language]! {
            let found = LanguageIdentification(of: sentence)
            #expect(found.language == language && found.isReliable, "\(sentence): \(found)")
        }
        let paragraph = LanguageIdentification(of: SampleTexts.paragraph(language))
        let sentence = LanguageIdentification(of: SampleTexts.sentences[language]![0])
        #expect(paragraph.language == language && paragraph.confidence > max(0.9, sentence.confidence))
    }

    @Test(arguments: [
        "", "12345", "OK", "!?", "😀", "Hi", "你好", "xqzt blorf", "\0\0", "https://example.org/the/quick/brown/fox",
    ])
    func `what is too short is not relied on`(text: String) {
        let found = LanguageIdentification(of: text)
        #expect(!found.isReliable && found.confidence < 0.6, "\(found)")
    }

    @Test func `a text of the shortest reliable length is relied on, one letter less is not`() {
        // 24 bytes, of which the detector counts one for each end.
        #expect(LanguageIdentification(of: "We like the old houses").isReliable)
        #expect(!LanguageIdentification(of: "We like the old house").isReliable)
    }

    @Test func `nothing under the confidence is relied on, and what is above is`() {
        let parts = [SampleTexts.paragraph(.russian), String(repeating: SampleTexts.paragraph(.german), count: 2)]
        var reliable: Set<Bool> = []
        for length in stride(from: 0, through: 500, by: 20) {
            let found = LanguageIdentification(of: parts[0].prefix(200) + " " + parts[1].prefix(length))
            #expect(!found.isReliable || found.confidence >= 0.6, "\(found)")
            reliable.insert(found.isReliable)
        }
        #expect(reliable == [true, false])
    }

    @Test func `a mixed text is less sure than either half`() {
        let mixed = LanguageIdentification(of: SampleTexts.paragraph(.russian) + " " + SampleTexts.paragraph(.english))
        #expect(mixed.confidence < 0.75)
        let scripts = LanguageIdentification(
            of: SampleTexts.paragraph(.chinese) + SampleTexts.paragraph(.traditionalChinese))
        #expect(!scripts.isReliable)
    }

    @Test(arguments: [("村里没有人知道", Language.chinese), ("村裡沒有人知道", .traditionalChinese)])
    func `characters tell the scripts of Chinese apart`(text: String, language: Language) {
        #expect(LanguageIdentification(of: text).language == language)
    }

    @Test func `a language of nobody is named and not taken for ours`() {
        let found = LanguageIdentification(of: "De kat zit op de mat en kijkt naar de vogels in de tuin.")
        #expect(found.language == nil && found.code == "nl" && !found.isReliable)
    }

    @Test func `control characters and URLs have no say`() {
        let sentence = SampleTexts.sentences[.portuguese]![0]
        #expect(LanguageIdentification(of: "\0\u{1}" + sentence + "\0").language == .portuguese)
        #expect(
            LanguageIdentification(of: "https://example.org/the-quick-brown-fox-and-the-lazy-dog " + sentence).language
                == .portuguese)
    }

    @Test func `nothing behind the sample's limit counts, and the limit does`() {
        let sampleScalarsMax = 1 << 16
        let english = String(repeating: SampleTexts.paragraph(.english) + " ", count: 1000).prefix(sampleScalarsMax)
        let at = LanguageIdentification(of: String(english))
        #expect(LanguageIdentification(of: english + SampleTexts.paragraph(.russian)) == at)
        let spaces = String(repeating: " ", count: sampleScalarsMax - 1)
        #expect(
            LanguageIdentification(of: spaces + "я").code != "" && LanguageIdentification(of: spaces + " я").code == "")
    }

    @Test func `no hostile text takes long`() {
        for (name, text) in AnyText.hostile(size: 1 << 18) {
            let time = ContinuousClock().measure { _ = LanguageIdentification(of: text) }
            #expect(time < .seconds(15), "\(name) took \(time)")
        }
    }
}
