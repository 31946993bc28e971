import TestSupport
import Testing
import Whisper

struct WordSplitTests {
    struct Texts: Decodable {
        struct Text: Decodable {
            let language: String
            let text: String
            let ids: [Int]
            /// Tokens of each word, the last one the end of the text.
            let words: [Int]?
        }
        let texts: [Text]
    }

    @Test func `words have the tokens the reference gives them, in every language`() throws {
        let golden: Texts = try Golden.read("tokenizer.base")
        let tokenizer = try Engine.base.tokenizer()
        let texts = golden.texts.filter { $0.words != nil }
        #expect(texts.count > 50)
        for text in texts {
            let words = WordSplit.words(
                of: text.ids, tokenizer: tokenizer, hasSpaces: WhisperLanguage.hasSpaces(text.language))
            #expect(words.map(\.tokens.count) == text.words?.dropLast(), "\(text.language): \(text.text)")
            #expect(words.map(\.text).joined() == text.text)
        }
    }

    @Test func `tokens that are no whole characters are words all the same`() throws {
        var random = SeededRandom()
        let tokenizer = try Engine.base.tokenizer()
        for round in 0..<200 {
            let tokens = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                Int.random(in: 0..<(round % 2 == 0 ? 256 : 50_257), using: &random)
            }
            for hasSpaces in [false, true] {
                let words = WordSplit.words(of: tokens, tokenizer: tokenizer, hasSpaces: hasSpaces)
                #expect(words.flatMap(\.tokens) == tokens)
            }
        }
    }
}
