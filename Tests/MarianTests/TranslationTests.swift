import Foundation
import Inference
import Marian
import TestSupport
import Testing

struct TranslationTests {
    private static let sentences = [
        "Where did you put the keys?", "The bridge was closed for 3 days.", "", "No.", "   ",
        "She said: \"I will be back before the rain starts.\"",
        "When the last train had left the station, the old porter locked the doors and walked home through the snow.",
        "Prices rose by 12.5% in 2019, according to https://example.org/report.", "Hello 👋 world!",
    ]

    @Test(arguments: Direction.allCases)
    func `a sentence has the same translation alone and in any company`(_ direction: Direction) throws {
        let model = try direction.model()
        let sentences = TranslationTests.sentences
        let alone = try sentences.map { try model.translate($0) }
        var random = SeededRandom()
        for threads in [1, 2, 3] {
            let many = (0..<120).map { _ in Int.random(in: 0..<sentences.count, using: &random) }
            let together = try model.translate(many.map { sentences[$0] }, threads: ComputeThreads(threads))
            #expect(together == many.map { alone[$0] })
        }
        let all = try sentences.map { try model.translate([$0], shortlist: .none, threads: ComputeThreads(1))[0] }
        #expect(try model.translate(sentences, shortlist: .none, threads: ComputeThreads(2)) == all)
    }

    @Test func `callers at the same time get what each would get alone`() async throws {
        let model = try Direction.enPt.model()
        let expected = try model.translate(TranslationTests.sentences, threads: ComputeThreads(1))
        let found = try await withThrowingTaskGroup(of: [TranslatedSentence].self) { group in
            for _ in 0..<4 {
                group.addTask {
                    try await withCheckedThrowingContinuation { done in
                        Thread.detachNewThread {
                            done.resume(
                                with: Result {
                                    try model.translate(TranslationTests.sentences, threads: ComputeThreads(2))
                                })
                        }
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(found.count == 4 && found.allSatisfy { $0 == expected })
    }

    @Test func `nothing to translate gives nothing, in its place`() throws {
        let model = try Direction.enPt.model()
        #expect(try model.translate([], threads: ComputeThreads(2)) == [])
        let translated = try model.translate(["", "Yes.", " \n "], threads: ComputeThreads(2))
        for nothing in [translated[0], translated[2]] {
            #expect(nothing.text == "" && nothing.tokens == [] && !nothing.isCutShort)
            #expect(nothing.meanLogProbability == 0)
        }
        #expect(translated[1].text == "Sim.")
    }

    private func vocabulary(_ direction: Direction) throws -> SentencePiece {
        let pair = direction.rawValue.replacing("-", with: "")
        return try SentencePiece(path: TestModels.folder(direction.rawValue) + "/vocab.\(pair).spm")
    }

    @Test func `pieces are cut into parts of words, none longer than the most and none lost`() throws {
        let model = try Direction.enPt.model()
        let vocabulary = try self.vocabulary(.enPt)
        var random = SeededRandom()
        for count in [0, 1, 126, 127, 128, 129, 253, 254, 255, 1_000] {
            let pieces = (0..<count).map { _ in Int.random(in: 2..<vocabulary.count, using: &random) }
            let parts = model.split(pieces)
            #expect(Array(parts.joined()) == pieces)
            #expect(parts.allSatisfy { (1...MarianModel.piecesMax).contains($0.count) })
            #expect(
                parts.dropFirst().allSatisfy { vocabulary.beginsWord($0[0]) }, "a part of \(count) begins in a word")
            #expect(parts.count <= count / (MarianModel.piecesMax / 3) + 1)
        }
        let word = [Int](repeating: try #require((2..<1_000).first { !vocabulary.beginsWord($0) }), count: 300)
        #expect(model.split(word).map(\.count) == [127, 127, 46])
    }

    @Test func `parts of a long sentence are translated as if they stood alone, and joined`() throws {
        let model = try Direction.enPt.model()
        let vocabulary = try self.vocabulary(.enPt)
        let long = (0..<40).map { "the water in river \($0) was cold" }.joined(separator: ", and ")
        let parts = model.split(try vocabulary.encode(long))
        #expect(parts.count > 2)
        let alone = try parts.map { try model.translate(vocabulary.decode($0)) }
        let translated = try model.translate(long)
        #expect(translated.tokens == alone.flatMap(\.tokens))
        #expect(translated.text == alone.map(\.text).joined(separator: " "))
    }

    @Test func `a megabyte of one unbroken word ends in bounded time`() throws {
        let small = SmallMarian()
        let folder = try TemporaryFolder()
        try small.write(to: folder)
        let model = try MarianModel(folder: folder.path, threads: ComputeThreads(2))
        let parts = (1 << 20) / MarianModel.piecesMax
        let translated = try model.translate([String(repeating: "b", count: 1 << 20)], threads: ComputeThreads(2))
        #expect(translated[0].tokens.count >= parts)
    }

    @Test(
        .enabled(if: Direction.enPt.oracle != nil, "needs ../shared/oracle/mt"), arguments: Direction.allCases)
    func `92 of 100 sentences come out as one of the reference engines has them`(_ direction: Direction) throws {
        let oracle = try #require(direction.oracle)
        let model = try direction.model()
        let found = try model.translate(oracle.map(\.source), threads: ComputeThreads(2))
        let vocabulary = try self.vocabulary(direction)
        var equal = 0
        for (index, (expected, found)) in zip(oracle, found).enumerated() {
            if expected.engines.contains(found.text) {
                equal += 1
                continue
            }
            let partings = try expected.engines.map { engine in
                zip(found.tokens, try vocabulary.encode(engine)).prefix { $0 == $1 }.count
            }
            print("\(direction.rawValue) sentence \(index) parts at token \(partings.max()!): \(found.text)")
        }
        #expect(oracle.count == 600)
        #expect(Double(equal) >= 0.92 * Double(oracle.count), "\(equal) of \(oracle.count)")
    }
}
