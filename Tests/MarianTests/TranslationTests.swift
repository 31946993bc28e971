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

    @Test func `the likelihood of a clear sentence is high, that of noise is low`() throws {
        let model = try Direction.enPt.model()
        let clear = try model.translate("Good morning.").meanLogProbability
        let noise = try model.translate("zxq vrtk plimf gloo 77 wug").meanLogProbability
        #expect(clear > -0.5 && clear <= 0 && noise < clear)
    }

    @Test(arguments: [MarianModel.piecesMax, MarianModel.piecesMax + 1, 5 * MarianModel.piecesMax])
    func `a sentence of any number of pieces is translated to its end`(_ count: Int) throws {
        // One piece a number word's digit: the digits are all there, in order.
        let numbers = (0..<count).map { "\($0 % 10)" }
        let text = numbers.joined(separator: " ")
        let folder = try TestModels.folder("en-pt")
        let pieces = try SentencePiece(path: folder + "/vocab.enpt.spm").encode(text)
        #expect(pieces.count >= count)
        let translated = try Direction.enPt.model().translate(text)
        let digits = translated.text.filter(\.isNumber).count
        #expect(Double(digits) > 0.9 * Double(count), "\(translated.text)")
    }

    @Test func `parts of a long sentence are translated as if they stood alone`() throws {
        let model = try Direction.enPt.model()
        let clause = "the water in the river was cold and the boats were tied to the shore"
        let long = (0..<20).map { _ in clause }.joined(separator: ", ")
        let translated = try model.translate(long)
        #expect(translated.tokens.count > 250)
        #expect(translated.text.components(separatedBy: "rio").count - 1 >= 18, "\(translated.text)")
        #expect(!translated.text.contains("  "))
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
        let vocabulary = try SentencePiece(
            path: TestModels.folder(direction.rawValue) + "/vocab.\(direction.rawValue.replacing("-", with: "")).spm")
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
