import Foundation
import TestSupport
import Testing
import Whisper

struct WhisperTokenizerTests {
    struct Texts: Decodable {
        struct Text: Decodable {
            let text: String
            let ids: [Int]
            let decoded: String?
        }
        struct Sequence: Decodable {
            let ids: [Int]
            let withoutSpecial: String
        }
        let texts: [Text]
        let sequences: [Sequence]
    }

    @Test(arguments: Engine.allCases)
    func `texts have the tokens the reference gives them`(_ engine: Engine) throws {
        let golden: Texts = try Golden.read("tokenizer.\(engine.rawValue)")
        let tokenizer = try engine.tokenizer()
        #expect(golden.texts.count > 50)
        // Names of special tokens in a prompt are text here and stay text.
        for text in golden.texts where !text.text.contains("<|") {
            #expect(try tokenizer.encode(text.text) == text.ids, "\(text.text)")
        }
    }

    @Test(arguments: Engine.allCases)
    func `tokens give back the text`(_ engine: Engine) throws {
        let golden: Texts = try Golden.read("tokenizer.\(engine.rawValue)")
        let tokenizer = try engine.tokenizer()
        for text in golden.texts where !text.text.contains("<|") {
            #expect(tokenizer.text(text.ids) == text.decoded ?? text.text)
        }
    }

    @Test(arguments: Engine.allCases)
    func `tokens nobody wrote read as the reference reads them, special ones left out`(_ engine: Engine) throws {
        let golden: Texts = try Golden.read("tokenizer.\(engine.rawValue)")
        let tokenizer = try engine.tokenizer()
        #expect(golden.sequences.count == 60)
        for sequence in golden.sequences {
            #expect(tokenizer.text(sequence.ids).unicodeScalars.elementsEqual(sequence.withoutSpecial.unicodeScalars))
        }
    }

    // MARK: files that are no tokenizer

    /// A vocabulary of the 256 bytes, "he" and "ll".
    private static let small: Data = {
        let printable = Array(33...126) + Array(161...172) + Array(174...255)
        let rest = (0...255).filter { !printable.contains($0) }
        var vocabulary: [String: Int] = ["he": 256, "ll": 257]
        for byte in 0...255 {
            let scalar = printable.contains(byte) ? byte : 256 + rest.firstIndex(of: byte)!
            vocabulary[String(UnicodeScalar(UInt32(scalar))!)] = byte
        }
        let object: [String: Any] = [
            "model": ["vocab": vocabulary, "merges": ["h e", ["l", "l"]]],
            "added_tokens": [["id": 258, "content": "<|endoftext|>"]],
        ]
        // A dictionary of strings, numbers and arrays is JSON.
        return try! JSONSerialization.data(withJSONObject: object, options: .sortedKeys)
    }()

    private func error(_ data: Data, encoding text: String = "hello") throws -> ModelError? {
        let folder = try TemporaryFolder()
        let path = try folder.write(data, to: "tokenizer.json")
        do throws(ModelError) {
            _ = try WhisperTokenizer(path: path).encode(text)
            return nil
        } catch {
            #expect("\(error)".contains(path), "the message does not name the file: \(error)")
            return error
        }
    }

    private func replacing(_ old: String, _ new: String) throws -> Data {
        let text = String(decoding: WhisperTokenizerTests.small, as: UTF8.self)
        try #require(text.contains(old))
        return Data(text.replacing(old, with: new).utf8)
    }

    @Test func `merges are taken as strings and as pairs, best first`() throws {
        let folder = try TemporaryFolder()
        let tokenizer = try WhisperTokenizer(path: folder.write(WhisperTokenizerTests.small, to: "tokenizer.json"))
        #expect(tokenizer.endOfText == 258)
        #expect(try tokenizer.encode("hello") == [256, 257, 111])
        #expect(try tokenizer.encode("") == [])
    }

    @Test func `a missing file is named, with what to do`() throws {
        #expect(throws: ModelError.missingFile(path: "/nowhere/tokenizer.json")) {
            try WhisperTokenizer(path: "/nowhere/tokenizer.json")
        }
        #expect("\(ModelError.missingFile(path: "/nowhere/tokenizer.json"))".contains("voicelingua models pull"))
    }

    @Test func `files that are no tokenizer are refused`() throws {
        #expect(try error(Data()) != nil)
        #expect(try error(Data("[]".utf8)) != nil)
        #expect(try error(Data("{\"model\": {\"vocab\": {}}, \"added_tokens\": []}".utf8)) != nil)
        #expect(try error(replacing("<|endoftext|>", "<|end|>")) != nil)
        #expect(try error(replacing("\"he\":256", "\"he\":255")) != nil)
        #expect(try error(replacing("\"he\":256", "\"☃\":256")) != nil)
        #expect(try error(replacing("\"id\":258", "\"id\":-1")) != nil)
        #expect(try error(replacing("\"id\":258", "\"id\":9000000000000")) != nil)
        #expect(try error(replacing("\"h e\"", "\"h\"")) != nil)
        #expect(try error(replacing("\"h e\"", "7")) != nil)
        #expect(try error(Data(String(repeating: "[", count: 100_000).utf8)) != nil)
    }

    @Test func `a vocabulary of the most text tokens is read, one more is refused`() throws {
        let max = WhisperTokenizer.textTokensMax
        guard case .malformed(_, let what)? = try error(replacing("\"id\":258", "\"id\":\(max)")) else {
            Issue.record("a vocabulary with a gap was taken")
            return
        }
        #expect(what.contains("do not fill"))
        guard case .malformed(_, let what)? = try error(replacing("\"id\":258", "\"id\":\(max + 1)")) else {
            Issue.record("too large a vocabulary was taken")
            return
        }
        #expect(what.contains("no end-of-text"))
    }

    @Test func `altered and cut files are refused or read, and nothing worse`() throws {
        var random = SeededRandom()
        let folder = try TemporaryFolder()
        var refused = 0
        for round in 0..<1_500 {
            var data = WhisperTokenizerTests.small
            if round % 3 == 0 { data = data.prefix(Int.random(in: 0..<data.count, using: &random)) }
            for _ in 0..<Int.random(in: 0...4, using: &random) where !data.isEmpty {
                data[data.indices.randomElement(using: &random)!] = UInt8.random(in: 0...255, using: &random)
            }
            let path = try folder.write(data, to: "tokenizer.json")
            do {
                let tokenizer = try WhisperTokenizer(path: path)
                #expect(try tokenizer.encode("hello, ☃").allSatisfy { $0 < tokenizer.endOfText })
                _ = tokenizer.text([-1, 0, 256, 257, 258, Int.max, Int.min])
            } catch { refused += 1 }
        }
        #expect(refused > 500)
    }
}
