import Foundation
import TestSupport
import Testing
import Text
import Transcript

struct ChineseScriptTests {
    @Test(arguments: ChineseScript.Wording.allCases)
    func `a text of any mix becomes pure`(wording: ChineseScript.Wording) throws {
        let script = try ChineseScript.loaded()
        var random = SeededRandom(test: #function + "\(wording)")
        let sentences = SampleTexts.sentences[.chinese]! + SampleTexts.sentences[.traditionalChinese]!
        for round in 0..<1_000 {
            var text = AnyText.random(parts: round % 20, using: &random)
            for _ in 0..<round % 50 {
                switch Int.random(in: 0..<3, using: &random) {
                case 0: text += sentences.randomElement(using: &random)!.prefix(Int.random(in: 0..<20, using: &random))
                // Any ideograph, rare ones too.
                case 1: text.unicodeScalars.append(Unicode.Scalar(UInt32.random(in: 0x4e00...0x9fff, using: &random))!)
                default: text += ["软件", "滑鼠", "头发", "後來", "公里", "里面", "臺灣", "出租车"].randomElement(using: &random)!
                }
            }
            let traditional = script.converted(text, to: .traditionalChinese, wording: wording)
            #expect(script.wrongShare(of: traditional, in: .traditionalChinese) == 0)
            let simplified = script.converted(text, to: .chinese, wording: wording)
            #expect(script.wrongShare(of: simplified, in: .chinese) == 0)
        }
    }

    @Test func `every character of one script alone has another in the other`() throws {
        let script = try ChineseScript.loaded()
        for value in UInt32(0x4e00)...0x9fff {
            let text = String(Unicode.Scalar(value)!)
            for target in [Language.chinese, .traditionalChinese] {
                #expect(script.wrongShare(of: script.converted(text, to: target), in: target) == 0, "\(text)")
            }
            let ofNeither = min(
                script.wrongShare(of: text, in: .chinese), script.wrongShare(of: text, in: .traditionalChinese))
            #expect(ofNeither == 0)
        }
        #expect(
            script.wrongShare(of: "语", in: .traditionalChinese) == 1 && script.wrongShare(of: "語", in: .chinese) == 1)
    }

    @Test func `wrong characters are counted`() throws {
        let script = try ChineseScript.loaded()
        #expect(script.wrongShare(of: "语言語言", in: .traditionalChinese) == 0.25)
        #expect(script.wrongShare(of: "语言語言", in: .chinese) == 0.25)
        #expect(script.wrongShare(of: "no ideograph", in: .chinese) == 0)
    }

    @Test(arguments: [
        ("后来皇后在公里以外，头发干净", "後來皇后在公里以外，頭髮乾淨", ChineseScript.Wording.kept), ("软件和鼠标", "軟件和鼠標", .kept),
        ("软件和鼠标", "軟體和滑鼠", .local),
    ])
    func `simplified becomes what Taiwan writes`(
        simplified: String, traditional: String, wording: ChineseScript.Wording
    ) throws {
        let script = try ChineseScript.loaded()
        #expect(script.converted(simplified, to: .traditionalChinese, wording: wording) == traditional)
        #expect(script.converted(traditional, to: .chinese, wording: wording) == simplified)
    }

    @Test func `the samples differ by script alone`() throws {
        let script = try ChineseScript.loaded()
        let (simplified, traditional) = (SampleTexts.paragraph(.chinese), SampleTexts.paragraph(.traditionalChinese))
        #expect(script.converted(traditional, to: .chinese) == simplified)
        #expect(script.converted(simplified, to: .traditionalChinese) == traditional)
    }

    @Test func `NUL and what is not Chinese stay`() throws {
        let script = try ChineseScript.loaded()
        #expect(script.converted("\0语\0\0a😀\0", to: .traditionalChinese) == "\0語\0\0a😀\0")
        #expect(script.converted("", to: .chinese).isEmpty)
    }

    @Test func `a megabyte without a break is converted whole`() throws {
        let text = String(repeating: "语", count: 1 << 18)
        let converted = try ChineseScript.loaded().converted(text, to: .traditionalChinese, wording: .local)
        #expect(converted == String(repeating: "語", count: 1 << 18))
    }

    @Test func `threads convert at the same time`() throws {
        let script = try ChineseScript.loaded()
        let text = SampleTexts.paragraph(.chinese)
        let expected = script.converted(text, to: .traditionalChinese)
        DispatchQueue.concurrentPerform(iterations: 200) { _ in
            #expect(script.converted(text, to: .traditionalChinese) == expected)
        }
    }

    @Test func `a missing table names the package that holds it`() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: TextError.self) { try ChineseScript(tablesFolder: folder.path) }
        #expect(error == .tableMissing(path: folder.path + "/s2tw.json"))
        #expect(error?.description.contains("apt-get install libopencc-data") == true)
    }

    @Test func `a damaged table is an error`() throws {
        let folder = try TemporaryFolder()
        try Data("{ \"name\": ".utf8).write(to: URL(fileURLWithPath: folder.path + "/s2tw.json"))
        #expect(throws: TextError.tableMissing(path: folder.path + "/s2tw.json")) {
            try ChineseScript(tablesFolder: folder.path)
        }
    }
}
