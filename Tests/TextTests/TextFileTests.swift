import TestSupport
import Testing
import Text
import Transcript

struct TextFileTests {
    private static let encodings: [(Language, TextEncoding, String)] = [
        (.chinese, .gb18030, "GBK"), (.chinese, .gb18030, "GB18030"), (.traditionalChinese, .big5, "BIG5"),
        (.japanese, .shiftJIS, "SHIFT_JIS"), (.japanese, .eucJP, "EUC-JP"), (.korean, .eucKR, "EUC-KR"),
        (.russian, .windows1251, "CP1251"), (.russian, .koi8R, "KOI8-R"), (.french, .windows1252, "CP1252"),
        (.german, .windows1252, "ISO-8859-1"), (.spanish, .windows1252, "ISO-8859-1"),
        (.italian, .windows1252, "ISO-8859-1"), (.portuguese, .windows1252, "ISO-8859-1"),
    ]

    @Test(arguments: encodings)
    func `a sentence and a paragraph come back from their encoding`(
        language: Language, encoding: TextEncoding, name: String
    ) throws {
        for text in SampleTexts.sentences[language]! + [SampleTexts.paragraph(language) + "\r\n"] {
            let bytes = try #require(ForeignBytes.bytes(of: text, in: name))
            guard bytes.contains(where: { $0 >= 0x80 }) else { continue }
            for expected in [nil, language] {
                let file = try TextFile(bytes, expected: expected)
                #expect(file.text == text && file.encoding == encoding && file.finding == nil, "\(name) \(file)")
            }
            #expect(try TextFile(bytes, expected: language).confidence >= 0.5)
        }
    }

    @Test(arguments: ["你好，世界。"])
    func `a few words of Chinese are told by their punctuation`(text: String) throws {
        let file = try TextFile(try #require(ForeignBytes.bytes(of: text, in: "GBK")))
        #expect(file.text == text)
    }

    @Test(arguments: Language.allCases, ["UTF-8", "UTF-16LE", "UTF-16BE"])
    func `Unicode comes back with and without its mark`(language: Language, name: String) throws {
        let text = SampleTexts.sentences[language]!.joined(separator: "\n") + "\n"
        let bytes = try #require(ForeignBytes.bytes(of: text, in: name))
        let marked = try #require(ForeignBytes.bytes(of: "\u{feff}" + text, in: name))
        for bytes in [bytes, marked] {
            let file = try TextFile(bytes)
            #expect(file.text == text && file.encoding.name == name && file.confidence >= 0.9)
        }
    }

    @Test func `any text comes back from UTF-8 and marked UTF-16`() throws {
        var random = SeededRandom()
        for round in 0..<300 {
            let text = AnyText.random(parts: round % 60, using: &random).replacing("\0", with: "").replacing(
                "\u{feff}", with: "")
            for name in ["UTF-8", "UTF-16LE", "UTF-16BE"] {
                let bytes = try #require(ForeignBytes.bytes(of: "\u{feff}" + text, in: name))
                #expect(try TextFile(bytes).text.unicodeScalars.elementsEqual(text.unicodeScalars), "\(name)")
            }
            #expect(try TextFile(Array(text.utf8)).text.unicodeScalars.elementsEqual(text.unicodeScalars))
        }
    }

    @Test func `nothing is an empty text`() throws {
        #expect(
            try TextFile([]).text.isEmpty && TextFile([0xef, 0xbb, 0xbf]).text.isEmpty
                && TextFile([0xff, 0xfe]).text.isEmpty)
    }

    @Test func `a NUL byte makes a binary file, and the error says where`() {
        #expect(throws: TextError.binary(offset: 5)) { try TextFile(Array("Hello\0 there, how are you".utf8)) }
        #expect(throws: TextError.binary(offset: 8)) { try TextFile([0xef, 0xbb, 0xbf] + Array("Hello\0".utf8)) }
        #expect(throws: TextError.binary(offset: 4)) { try TextFile([0xff, 0xfe, 0x41, 0, 0, 0]) }
    }

    @Test func `half a surrogate pair in UTF-16 is replaced and found`() throws {
        let units: [UInt16] = [0xfeff] + Array(String(repeating: "abc ", count: 50).utf16) + [0xd800, 0x61]
        let file = try TextFile(units.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] })
        #expect(file.text.hasSuffix("abc \u{fffd}a"))
        #expect(file.finding == .replaced(count: 1, firstOffset: 402))
    }

    @Test func `few bytes that mean nothing are replaced, and the finding says where`() throws {
        let sentence = SampleTexts.sentences[.french]!.joined(separator: " ")
        let file = try TextFile(Array(sentence.utf8) + [0xff] + Array(sentence.utf8))
        #expect(file.text == sentence + "\u{fffd}" + sentence && file.encoding == .utf8)
        #expect(file.finding == .replaced(count: 1, firstOffset: sentence.utf8.count))
        let cut = try TextFile(Array(("語" + sentence + "語").utf8).dropLast())
        #expect(cut.encoding == .utf8 && cut.text.hasSuffix("\u{fffd}"))
    }

    @Test(arguments: [
        (Language.chinese, "GB18030"), (.japanese, "SHIFT_JIS"), (.korean, "EUC-KR"), (.traditionalChinese, "BIG5"),
    ])
    func `a byte that means nothing in a legacy encoding is found where it is`(language: Language, name: String) throws
    {
        let bytes = try #require(ForeignBytes.bytes(of: SampleTexts.paragraph(language), in: name))
        let file = try TextFile(bytes + [0x81, 0x0a] + bytes, expected: language)
        #expect(file.finding == .replaced(count: 1, firstOffset: bytes.count))
        #expect(file.text == SampleTexts.paragraph(language) + "\u{fffd}\n" + SampleTexts.paragraph(language))
    }

    @Test(arguments: [(100, 1), (100, 2)])
    func `a hundredth of bad bytes is replaced, more is an error`(bytesCount: Int, badCount: Int) throws {
        var bytes = [0xef, 0xbb, 0xbf] + [UInt8](repeating: 0x61, count: bytesCount)
        for place in 0..<badCount { bytes[13 + 2 * place] = 0xff }
        if badCount == 1 {
            #expect(try TextFile(bytes).finding == .replaced(count: 1, firstOffset: 13))
        } else {
            #expect(throws: TextError.undecodable(encoding: .utf8, offset: 13)) { try TextFile(bytes) }
        }
    }

    @Test func `a size of the limit is read, one past it is an error`() throws {
        let bytes = [UInt8](repeating: 0x61, count: 64 << 20)
        #expect(try TextFile(bytes).text.utf8.count == bytes.count)
        #expect(throws: TextError.tooLarge(sizeBytes: bytes.count + 1, sizeBytesMax: bytes.count)) {
            try TextFile(bytes + [0x61])
        }
    }

    @Test func `any bytes give a text or an error, soon`() {
        var random = SeededRandom()
        for round in 0..<2_000 {
            let range: ClosedRange<UInt8> = [0...255, 1...255, 0x80...255, 0x20...0xff].randomElement(using: &random)!
            var bytes = (0..<round % 300).map { _ in UInt8.random(in: range, using: &random) }
            if round % 7 == 0 { bytes = [0xff, 0xfe] + bytes }
            if round % 11 == 0 { bytes = Array(SampleTexts.paragraph(.russian).utf8.prefix(101)) + bytes }
            do {
                _ = try TextFile(bytes)
            } catch {
                #expect(!error.description.isEmpty)
            }
        }
    }

    @Test func `a file long enough to be sampled is decoded whole`() throws {
        let text = String(repeating: "plain ascii\n", count: 20_000) + SampleTexts.paragraph(.traditionalChinese)
        let file = try TextFile(try #require(ForeignBytes.bytes(of: text, in: "BIG5")))
        #expect(file.text == text && file.encoding == .big5)
    }
}
