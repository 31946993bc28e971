import Catalog
import Foundation
import TestSupport
import Testing
import Text
import TextTranslation
import Transcript

/// Texts through real weights.
struct TextTranslatorTests {
    private func portuguese(_ texts: [String]) throws -> [TextTranslation] {
        try #require(Models.translator().translate(texts, from: .english, to: [.portuguese])[.portuguese])
    }

    @Test func `sentences become Portuguese, lines and white space stay`() throws {
        let text = "  Good morning.\r\n\r\n\tThe house is big.  The dog is small.\n- 42\n\n"
        let translation = try portuguese([text])[0]
        #expect(translation.text == "  Bom dia.\r\n\r\n\tA casa é grande.  O cão é pequeno.\n- 42\n\n")
        #expect(translation.sentences.map(\.source) == ["Good morning.", "The house is big.", "The dog is small."])
        #expect(translation.suspectCount == 0)
    }

    @Test(arguments: [
        "https://example.org/a?b=1&c=%20d", "someone@example.org", "`let x = 1`", "🎉", "👩‍👩‍👧", "2 345 678",
    ])
    func `what is no language comes through unharmed`(_ span: String) throws {
        let texts = [
            "Please look at \(span) before you go home.", "\(span) is what I sent to my mother yesterday.",
            "We talked about it for a long time: \(span)",
        ]
        for (text, translation) in zip(texts, try portuguese(texts)) {
            #expect(OpaqueSpans(of: text).isKept(in: translation.text).allSatisfy { $0 }, "\(translation.text)")
            #expect(span.first!.isNumber || translation.text.contains(span), "\(translation.text)")
            #expect(translation.text != text)
        }
    }

    @Test func `a sentence that fails is tried by other ways, and the first that passes is taken`() throws {
        let text = "Please look at someone@example.org before you go home."
        let sentence = try #require(portuguese([text])[0].sentences.first)
        #expect(sentence.attempt == .aroundSpans)
        #expect(!sentence.isSuspect)
        #expect(sentence.text.contains("someone@example.org"))
    }

    @Test func `a sentence that nothing helps is kept and marked, and its neighbours are not`() throws {
        let translation = try portuguese(["Good morning. Xqzt wvbn rtyp lkjh mnbv zxcv. Good morning."])[0]
        #expect(translation.sentences.map(\.isSuspect) == [false, true, false])
        #expect(translation.suspectCount == 1)
        let marked = translation.sentences[1]
        #expect(translation.text.contains(marked.text))
        #expect(marked.score.faults.map(\.description) == ["100 % copied from the source"])
    }

    @Test func `a text has the same translation alone and among others`() throws {
        let texts = [
            "The weather is nice today.", "She bought three books and a lamp for her brother.", "No.",
            "It was the best of times, it was the worst of times, it was the age of wisdom.",
            "When the train arrived, nobody was waiting at the station, and the lights were off.",
        ]
        let together = try portuguese(texts + texts.reversed())
        for (index, text) in texts.enumerated() {
            let alone = try portuguese([text])[0]
            #expect(together[index] == alone)
            #expect(together[together.count - 1 - index] == alone)
        }
    }

    @Test func `any text keeps its lines, their edges and what has no letters`() throws {
        var random = SeededRandom()
        let parts = [
            "Hello", "the cat sleeps", "wörld", "你好", "שלום עולם", "مرحبا", "\u{0}", "\u{202e}", "e\u{301}", "🎉", "1,5",
            ".",
            "? ", "!", "\n", "\r\n", "\u{2028}", "\t", "  ", "\u{a0}", "\u{fffd}", "\u{feff}", "-", "http://a.b/c",
            "`x`",
        ]
        let texts = (0..<60).map { _ in
            (0..<Int.random(in: 0...14, using: &random)).map { _ in parts.randomElement(using: &random)! }.joined(
                separator: Bool.random(using: &random) ? "" : " ")
        }
        for (text, translation) in zip(texts, try portuguese(texts)) {
            let (before, after) = (lines(text), lines(translation.text))
            #expect(before.count == after.count, "\(text.debugDescription)")
            for (before, after) in zip(before, after) {
                if !before.unicodeScalars.contains(where: { $0.properties.isAlphabetic }) {
                    #expect(before == after, "\(text.debugDescription)")
                }
                let spaces = before.prefix { $0.isWhitespace }
                #expect(after.hasPrefix(spaces), "\(text.debugDescription)")
            }
        }
    }

    private func lines(_ text: String) -> [Substring] {
        text.split(omittingEmptySubsequences: false) { $0.isNewline }
    }

    @Test func `empty lines by the hundred thousand and one endless word stay what they are in structure`() throws {
        let lines = String(repeating: "\n", count: 100_000) + "The end."
        let word = String(repeating: "x", count: 20_000)
        let translated = try portuguese([lines, word, "", "\n", "\u{0}"])
        #expect(translated[0].text.hasPrefix(String(repeating: "\n", count: 100_000)))
        #expect(translated[0].sentences.map(\.source) == ["The end."])
        // Cut at the limit of a sentence; no piece of it is lost.
        #expect(translated[1].sentences.map(\.source).joined() == word)
        #expect(translated[2...].map(\.text) == ["", "\n", "\u{0}"])
    }

    @Test func `one pivot serves all targets, and each is translated from English`() throws {
        try Models.withStandIns(["fr-en", "en-de", "en-es", "en-zh", "en-pt", "pt-en"]) { translator in
            let source = "O tempo está bom hoje. Ela comprou três livros."
            let english = try #require(
                translator.translate([source], from: .portuguese, to: [.english])[.english]?.first)
            let all = try translator.translate([source], from: .french, to: [.german, .spanish, .english])
            #expect(all[.english]?.first?.text == english.text)
            let back = try #require(
                translator.translate([english.text], from: .english, to: [.portuguese])[.portuguese]?.first)
            #expect(all[.german]?.first?.text == back.text)
            #expect(all[.spanish]?.first?.text == back.text)
            #expect(
                all[.german]?.first?.sentences.map(\.source) == ["O tempo está bom hoje.", "Ela comprou três livros."])
        }
    }

    @Test func `a pair without a model is an error that names the command`() throws {
        try Models.withStandIns(["en-de", "fr-en"]) { translator in
            #expect {
                try translator.prepare(from: .german, to: [.french])
            } throws: { error in
                "\(error)".contains("German") && "\(error)".contains("French")
            }
        }
        #expect {
            try Models.translator().prepare(from: .japanese, to: [.korean])
        } throws: { error in
            "\(error)".contains("`voicelingua models pull ja-en en-ko`")
        }
    }

    @Test func `Chinese comes in the script asked for, in between and at the end`() throws {
        try Models.withStandIns(["en-zh", "zh-en"]) { translator in
            let text = "今天天气很好。我们去学习汉语。"
            let traditional = try translator.translate([text], from: .chinese, to: [.traditionalChinese])
            #expect(traditional[.traditionalChinese]?.first?.text == "今天天氣很好。我們去學習漢語。")
            let script = try ChineseScript.loaded()
            for (text, target) in [("今天天氣很好。", Language.chinese), ("今天天气很好。", .traditionalChinese)] {
                // Text that claims to be what it is not is put right.
                let same = try translator.translate([text], from: target, to: [target])[target]?.first?.text
                #expect(try script.wrongShare(of: #require(same), in: target) == 0)
                #expect(same != text)
            }
            for target in [Language.chinese, .traditionalChinese] {
                let translated = try translator.translate(["Good morning. 漢语 学習"], from: .english, to: [target])
                let result = try #require(translated[target]?.first?.text)
                #expect(script.wrongShare(of: result, in: target) == 0, "\(result)")
            }
        }
    }

    @Test func `text in the language asked for stays as it is, and is not found wanting`() throws {
        let text = "The same text, with a URL https://example.org and the numbers 1, 2 and 3.\n"
        let translated = try Models.translator().translate([text], from: .english, to: [.english])
        #expect(translated[.english]?.map(\.text) == [text])
        #expect(translated[.english]?.first?.suspectCount == 0)
    }
}
