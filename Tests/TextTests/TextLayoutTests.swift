import Foundation
import TestSupport
import Testing
import Text
import Transcript

struct TextLayoutTests {
    @Test(arguments: Language.allCases)
    func `any text comes back byte for byte`(language: Language) {
        var random = SeededRandom(test: #function + language.rawValue)
        for round in 0..<300 {
            let text = AnyText.random(parts: round % 60, using: &random)
            let layout = TextLayout(text, language: language)
            #expect(Array(layout.rebuilt(with: layout.sentences, in: language).utf8) == Array(text.utf8))
            #expect(
                layout.sentences.allSatisfy { $0.contains { $0.isLetter } && !$0.contains("\n") && !$0.contains("\0") })
            #expect(layout.sentences.allSatisfy { $0.unicodeScalars.count <= 300 })
        }
    }

    @Test(arguments: [Language.english, .japanese])
    func `no hostile text takes long or comes back changed`(language: Language) {
        for (name, text) in AnyText.hostile(size: 1 << 18) {
            var layout: TextLayout?
            let time = ContinuousClock().measure { layout = TextLayout(text, language: language) }
            let same = layout!.rebuilt(with: layout!.sentences, in: language).utf8.elementsEqual(text.utf8)
            #expect(same, "\(name)")
            // A second at most on a quiet core; what grows with the square takes minutes.
            #expect(time < .seconds(15), "\(name) took \(time)")
            if ProcessInfo.processInfo.environment["TEXT_TIMES"] != nil { print("\(language) \(name): \(time)") }
        }
    }

    @Test func `a megabyte of one unbroken word comes back`() {
        let text = String(repeating: "x", count: 1 << 20)
        let layout = TextLayout(text, language: .english)
        #expect(
            layout.sentences.count == (text.count + 299) / 300
                && layout.rebuilt(with: layout.sentences, in: .german) == text)
    }

    @Test func `a hundred thousand empty lines are one verbatim piece`() {
        let text = String(repeating: "\n", count: 100_000)
        #expect(TextLayout(text, language: .english).pieces == [.verbatim(text)])
    }

    @Test(arguments: Language.allCases)
    func `a paragraph falls into its sentences`(language: Language) {
        #expect(
            TextLayout(SampleTexts.paragraph(language), language: language).sentences == SampleTexts.sentences[
                language]!)
    }

    @Test func `lines, indentation and spaces stay verbatim`() {
        let layout = TextLayout("  One. Two!\r\n\r\n\tThree  \n", language: .english)
        #expect(
            layout.pieces == [
                .verbatim("  "), .sentence(0), .gap(" "), .sentence(1), .verbatim("\r\n\r\n\t"), .sentence(2),
                .verbatim("  \n"),
            ])
        #expect(layout.rebuilt(with: ["Um.", "Dois!", "Três"], in: .portuguese) == "  Um. Dois!\r\n\r\n\tTrês  \n")
    }

    @Test(arguments: [
        (Language.english, "Mr. Smith met Dr. Jones (vs. Prof. Li). They spoke."),
        (.portuguese, "O Sr. Silva saiu. Ele volta."),
        (.german, "Das ist z.B. Herr Dr. Meier. Sie kommt."), (.german, "Es war 50 v. Chr. in Rom. Cäsar kam."),
        (.russian, "Он жил на ул. Ленина. Потом уехал."),
    ])
    func `abbreviations end no sentence`(language: Language, text: String) {
        #expect(TextLayout(text, language: language).sentences.count == 2)
    }

    @Test(arguments: [
        (Language.portuguese, "Ele mora no Brasil. Ela não."), (.german, "Er ist Lehrer. Sie kommt."),
        (.spanish, "Va a tomar. Luego sale."),
        (.english, "OK. Let us go."), (.spanish, "Bien. Vamos."), (.french, "Il regarde la mer. Puis il part."),
        (.german, "Er macht einen Test. Danach geht er."), (.portuguese, "Ela olha o mar. Depois sai."),
        (.english, "It is an app. We like it."),
        (.italian, "Il bosco. Poi nulla."),
    ])
    func `a word that only looks like an abbreviation ends its sentence`(language: Language, text: String) {
        #expect(TextLayout(text, language: language).sentences.count == 2)
    }

    @Test func `space between sentences goes into languages without, and comes out of them`() {
        let english = TextLayout("Hello there. How are you?", language: .english)
        #expect(english.rebuilt(with: ["你好。", "你好吗？"], in: .chinese) == "你好。你好吗？")
        #expect(english.rebuilt(with: ["안녕.", "잘 지내?"], in: .korean) == "안녕. 잘 지내?")
        let chinese = TextLayout("你好。你好吗？\n123。再见。", language: .chinese)
        #expect(
            chinese.rebuilt(with: ["Hello.", "How are you?", "Bye."], in: .english) == "Hello. How are you?\n123。 Bye.")
        #expect(chinese.rebuilt(with: ["今日は。", "お元気？", "では。"], in: .japanese) == "今日は。お元気？\n123。では。")
    }

    @Test(arguments: [
        "123", "— 1,5 % —", "😀👍🏽 !!!", "***", "\u{202e}...", "https://example.org/a?b=C", "`let x = 1`", "",
    ])
    func `what holds no language is verbatim`(text: String) {
        #expect(TextLayout(text, language: .english).sentences.isEmpty)
    }

    @Test func `a sentence does not end inside a URL`() {
        let text = "Look at https://example.org/find?q=Who. Then write."
        #expect(
            TextLayout(text, language: .english).sentences
                == ["Look at https://example.org/find?q=Who.", "Then write."])
    }

    @Test func `tabs and NUL bytes stand between sentences`() {
        let layout = TextLayout("name\tage\0rest", language: .english)
        #expect(layout.sentences == ["name", "age", "rest"])
        #expect(layout.rebuilt(with: ["nome", "idade", "resto"], in: .portuguese) == "nome\tidade\0resto")
    }

    @Test func `directions at the edges of a line stay`() {
        let layout = TextLayout("\u{202b}hello\u{202c}", language: .english)
        #expect(layout.pieces == [.verbatim("\u{202b}"), .sentence(0), .verbatim("\u{202c}")])
    }

    @Test func `half a surrogate pair from JSON stays the mark it is read as`() throws {
        let units: [UInt16] = [0x61, 0xd800, 0x62, 0xdc00]
        let text = String(decoding: units, as: UTF16.self)
        let layout = TextLayout(text, language: .english)
        #expect(layout.rebuilt(with: layout.sentences, in: .english) == text)
        if let parsed = try? JSONDecoder().decode([String].self, from: Data(#"["a\ud800b"]"#.utf8)) {
            let layout = TextLayout(parsed[0], language: .english)
            #expect(layout.rebuilt(with: layout.sentences, in: .english) == parsed[0])
        }
    }
}

struct SentenceWrapTests {
    private static let limits: [(Language, Int)] = [(.english, 300), (.japanese, 200)]

    @Test(arguments: limits)
    func `a sentence of the limit stays whole, one past it is cut`(language: Language, scalarsMax: Int) {
        let letter = language == .english ? "é" : "語"
        let whole = String(repeating: letter, count: scalarsMax)
        #expect(TextLayout(whole, language: language).sentences == [whole])
        #expect(TextLayout(whole + letter, language: language).sentences == [whole, letter])
    }

    @Test func `long sentences are cut behind clauses, else at spaces, else between characters`() {
        let words = String(repeating: "word ", count: 50)
        let clauses = TextLayout(words + "end, " + words + "end.", language: .english).sentences
        #expect(clauses.map { String($0.suffix(4)) } == ["end,", "end."])
        let spaces = TextLayout(words + words, language: .english).sentences
        #expect(spaces.allSatisfy { $0.hasPrefix("word") && $0.hasSuffix("word") } && spaces.count == 2)
        let family = "👩‍👩‍👧a"
        let emoji = TextLayout(String(repeating: family, count: 200), language: .english).sentences
        #expect(emoji.allSatisfy { $0.count % 2 == 0 && Set($0) == Set(family) || $0.count % 2 == 1 })
        #expect(emoji.joined().count == 400)
    }

    @Test func `a URL past the limit stays whole and verbatim`() {
        let url = "https://example.org/" + String(repeating: "a", count: 600)
        let layout = TextLayout("Please read \(url) today.", language: .english)
        #expect(layout.sentences == ["Please read", "today."])
        #expect(layout.rebuilt(with: ["Leia", "hoje."], in: .portuguese) == "Leia \(url) hoje.")
    }

    @Test func `a character that never ends is verbatim`() {
        let text = "a" + String(repeating: "\u{301}", count: 10_000)
        #expect(TextLayout(text, language: .english).sentences.isEmpty)
    }
}

struct SentenceBreaksTests {
    @Test(arguments: Language.allCases)
    func `the ranges are the whole text in order`(language: Language) {
        var random = SeededRandom(test: #function + language.rawValue)
        for round in 0..<100 {
            let text = AnyText.random(parts: round, using: &random)
            let ranges = SentenceBreaks.of(language).ranges(of: text)
            #expect(ranges.allSatisfy { !$0.isEmpty })
            #expect(ranges.map { String(text[$0]) }.joined().utf8.elementsEqual(text.utf8))
        }
    }
}
