import Foundation
import Marian
import TestSupport
import Testing

struct ShortlistTests {
    private let folder: TemporaryFolder
    private let small = SmallMarian(source: 50, target: 70)

    init() throws { folder = try TemporaryFolder() }

    private func read(_ data: Data, source: Int = 50, target: Int = 70) throws -> Shortlist {
        try Shortlist(path: folder.write(data, to: "lex.bin"), sourceVocabulary: source, targetVocabulary: target)
    }

    @Test func `a list is the first tokens, those of the source, and the next unused ones up to a multiple of 8`()
        throws
    {
        var random = SeededRandom()
        let shortlist = try read(small.shortlist)
        #expect(shortlist.firstCount == small.firstCount)
        for _ in 0..<200 {
            let source = (0..<Int.random(in: 0...12, using: &random)).map { _ in Int.random(in: 0..<50, using: &random)
            }
            for isShared in [false, true] {
                var expected = Set(0..<small.firstCount)
                for token in source {
                    expected.formUnion(small.lists[token].map(Int.init))
                    if isShared { expected.insert(token) }
                }
                var next = small.firstCount
                while expected.count % 8 != 0, next < 70 {
                    expected.insert(next)
                    next += 1
                }
                #expect(shortlist.tokens(for: source, sharedVocabulary: isShared) == expected.sorted(), "\(source)")
            }
        }
    }

    @Test func `a list is never without the end, and never past the vocabulary`() throws {
        var bare = small
        bare.firstCount = 0
        bare.lists = bare.lists.map { _ in [] }
        #expect(try read(bare.shortlist).tokens(for: [3, 4], sharedVocabulary: false) == Array(0..<8))
        bare.firstCount = 70
        #expect(try read(bare.shortlist).tokens(for: [3], sharedVocabulary: false) == Array(0..<70))
        bare.firstCount = 71
        #expect(throws: MarianError.self) { try read(bare.shortlist) }
    }

    @Test func `a file of other sizes, another beginning or tokens past the vocabulary is refused`() throws {
        let whole = small.shortlist
        for count in [0, 8, 47, 48, whole.count - 1] {
            #expect(throws: MarianError.self, "\(count) bytes") { try read(whole.prefix(count)) }
        }
        #expect(throws: MarianError.self) { try read(whole + [0]) }
        #expect(throws: MarianError.mismatch(path: folder.path("lex.bin"), what: "offsets", expected: 52, found: 51)) {
            try read(whole, source: 51)
        }
        let largest = Int(small.lists.joined().max()!)
        #expect(try read(whole, target: largest + 1).targetVocabulary == largest + 1)
        #expect(throws: MarianError.self) { try read(whole, target: largest) }
        var altered = whole
        altered[0] ^= 1
        #expect(throws: MarianError.self) { try read(altered) }
        #expect(throws: MarianError.self) { try Shortlist(path: "/nowhere", sourceVocabulary: 1, targetVocabulary: 1) }
    }

    @Test func `20,000 altered files are refused or give lists, and nothing worse`() throws {
        var random = SeededRandom()
        let whole = small.shortlist
        var refused = 0
        for round in 0..<20_000 {
            var altered = whole
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                altered[Int.random(in: 0..<altered.count, using: &random)] = .random(in: 0...255, using: &random)
            }
            if round % 5 == 0 { altered = altered.prefix(.random(in: 0..<altered.count, using: &random)) }
            do {
                let shortlist = try read(altered)
                let tokens = shortlist.tokens(for: Array(0..<50), sharedVocabulary: false)
                #expect(tokens.first == 0 && tokens.last! < 70)
            } catch is MarianError { refused += 1 }
        }
        #expect((4_000..<20_000).contains(refused))
    }
}
