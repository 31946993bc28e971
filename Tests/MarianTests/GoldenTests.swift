import Foundation
import Inference
import Marian
import TestSupport
import Testing

/// What other people's engines made of the project's sentences; `Tools/golden` has the maker.
struct GoldenTests {
    private struct Golden: Decodable {
        struct Sentence: Decodable {
            let source: String
            let sourceIds: [Int]
            let native: String
            let nativeIds: [Int]
            let fx: String
        }
        let sentences: [Sentence]
    }

    private func golden(_ direction: Direction) throws -> Golden {
        let name = "Tests/MarianTests/Goldens/translations.\(direction.rawValue).json"
        return try JSONDecoder().decode(
            Golden.self, from: Data(contentsOf: Shared.packageRoot.appendingPathComponent(name)))
    }

    private func vocabulary(of direction: Direction) throws -> SentencePiece {
        let pair = direction.rawValue.replacing("-", with: "")
        return try SentencePiece(path: TestModels.folder(direction.rawValue) + "/vocab.\(pair).spm")
    }

    @Test(arguments: Direction.allCases)
    func `sentences have the pieces the reference gives them`(_ direction: Direction) throws {
        let vocabulary = try vocabulary(of: direction)
        for sentence in try golden(direction).sentences {
            #expect(try vocabulary.encode(sentence.source) == sentence.sourceIds)
            #expect(try vocabulary.encode(sentence.native) == sentence.nativeIds)
            #expect(try vocabulary.decode(sentence.nativeIds) == sentence.native)
        }
    }

    @Test(arguments: Direction.allCases)
    func `sentences come out as the reference engine has them`(_ direction: Direction) throws {
        let sentences = try golden(direction).sentences
        #expect(sentences.count == 60)
        let found = try direction.model().translate(sentences.map(\.source), threads: ComputeThreads(2))
        let vocabulary = try vocabulary(of: direction)
        for (sentence, found) in zip(sentences, found) where found.text != sentence.native {
            let tokens = try vocabulary.encode(found.text)
            let parting = zip(tokens, sentence.nativeIds).prefix { $0 == $1 }.count
            #expect(found.text == sentence.native, "parts at token \(parting); the other engine: \(sentence.fx)")
        }
    }

    @Test(arguments: InstructionSet.allCases)
    func `every instruction set gives the sentences the same translations`(_ set: InstructionSet) throws {
        guard let kernels = Kernels(set) else { try Test.cancel("this CPU lacks \(set.rawValue)") }
        let threads = ComputeThreads(2)
        let model = try MarianModel(folder: TestModels.folder("en-pt"), kernels: kernels, threads: threads)
        let sentences = try golden(.enPt).sentences.prefix(20)
        let found = try model.translate(sentences.map(\.source), threads: threads)
        for (sentence, found) in zip(sentences, found) { #expect(found.text == sentence.native) }
    }
}
