import Foundation
import Marian
import TestSupport
import Testing

struct SentencePieceTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func real() throws -> SentencePiece {
        try SentencePiece(path: TestModels.folder("en-pt") + "/vocab.enpt.spm")
    }

    @Test(arguments: [
        "The harbour lights went out, one by one.", "Onde fica a estação? Não sei.", "3,499.95 on 12/31/1999",
        "a", "word word",
    ])
    func `a text comes back from its pieces`(_ text: String) throws {
        let vocabulary = try real()
        let pieces = try vocabulary.encode(text)
        #expect(!pieces.isEmpty && pieces.allSatisfy { (2..<vocabulary.count).contains($0) })
        #expect(try vocabulary.decode(pieces) == text)
    }

    @Test func `a text without a piece is the unknown token, among pieces too`() throws {
        let vocabulary = try real()
        #expect(try vocabulary.encode("日本語").contains(MarianModel.unknownToken))
        let pieces = try vocabulary.encode("go 👋 on \u{0}!")
        #expect(pieces.contains(MarianModel.unknownToken) && pieces.count > 3)
    }

    @Test func `an empty text and one of spaces have no pieces`() throws {
        let vocabulary = try real()
        for text in ["", " ", "  \t "] { #expect(try vocabulary.encode(text) == []) }
        #expect(try vocabulary.decode([]) == "")
    }

    @Test func `pieces that begin a word are told`() throws {
        let path = try folder.write(SmallVocabulary(count: 20).data, to: "small.spm")
        let vocabulary = try SentencePiece(path: path)
        #expect(vocabulary.count == 20)
        #expect((0..<20).map(vocabulary.beginsWord) == (0..<20).map { $0 >= 2 && $0 % 2 == 0 })
        #expect(try vocabulary.encode("ab c") == [2, 5, 6])
        #expect(try vocabulary.decode([2, 5, 6]) == "ab c")
    }

    @Test func `a word of a megabyte is cut into pieces`() throws {
        let text = String(repeating: "ab", count: 1 << 19)
        let vocabulary = try real()
        #expect(try vocabulary.decode(vocabulary.encode(text)) == text)
    }

    @Test func `a file that is no vocabulary is refused`() throws {
        var random = SeededRandom()
        for data in [
            Data(), Data("no vocabulary".utf8),
            Data((0..<5_000).map { _ in UInt8.random(in: 0...255, using: &random) }),
        ] {
            let path = try folder.write(data, to: "bad.spm")
            do {
                _ = try SentencePiece(path: path)
                Issue.record("\(data.count) bytes were taken for a vocabulary")
            } catch {
                guard case .malformed(path, let what) = error else { return fail("\(error)") }
                #expect(what.contains("SentencePiece"))
            }
        }
        #expect(throws: MarianError.self) { try SentencePiece(path: folder.path("none.spm")) }
    }

    @Test func `a file of the most bytes is read, one more is refused`() throws {
        let whole = SmallVocabulary(count: 20).data
        // An unknown field of any length, which the format lets a reader skip.
        func file(_ count: Int) -> Data {
            let filler = count - whole.count - 6
            let length = [0, 7, 14, 21].map { UInt8(filler >> $0 & 0x7f) | ($0 < 21 ? 0x80 : 0) }
            return whole + Data([0xa2, 0x06] + length) + Data(count: filler)
        }
        let most = try folder.write(file(SentencePiece.fileBytesMax), to: "most.spm")
        #expect(try SentencePiece(path: most).count == 20)
        let past = try folder.write(file(SentencePiece.fileBytesMax + 1), to: "past.spm")
        #expect(
            throws: MarianError.malformed(path: past, what: "it is larger than \(SentencePiece.fileBytesMax) bytes")
        ) {
            try SentencePiece(path: past)
        }
    }

    @Test func `altered vocabularies are refused or read, and nothing worse`() throws {
        var random = SeededRandom()
        let whole = SmallVocabulary(count: 30).data
        var refused = 0
        for round in 0..<5_000 {
            var altered = whole
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                altered[Int.random(in: 0..<altered.count, using: &random)] = .random(in: 0...255, using: &random)
            }
            if round % 5 == 0 { altered = altered.prefix(.random(in: 0..<altered.count, using: &random)) }
            let path = try folder.write(altered, to: "altered.spm")
            do {
                let vocabulary = try SentencePiece(path: path)
                _ = try vocabulary.decode(vocabulary.encode("a bad vocabulary"))
            } catch { refused += 1 }
        }
        #expect((500..<5_000).contains(refused))
    }
}
