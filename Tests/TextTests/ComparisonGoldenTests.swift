import Foundation
import TestSupport
import Testing
import Text
import Transcript

/// What jiwer counts in pairs of texts; `Tools/golden` has the maker.
struct ComparisonGoldenTests {
    private struct Golden: Decodable {
        struct Pair: Decodable {
            let reference: String
            let hypothesis: String
            /// Hits, substitutions, deletions, insertions.
            let words: [Int]
            let characters: [Int]
        }
        let pairs: [Pair]
    }

    private func counts(_ steps: [EditDistance.Step]) -> [Int] {
        [.equal, .substitution, .deletion, .insertion].map { kind in steps.count { $0 == kind } }
    }

    @Test func `words and characters are counted as jiwer counts them`() throws {
        let path = "Tests/TextTests/Goldens/comparisons.json"
        let golden = try JSONDecoder().decode(
            Golden.self, from: Data(contentsOf: Shared.packageRoot.appendingPathComponent(path)))
        #expect(golden.pairs.count >= 300)
        for (index, pair) in golden.pairs.enumerated() {
            let words = EditDistance(pair.reference.split(separator: " "), pair.hypothesis.split(separator: " "))
            #expect(counts(words.steps()) == pair.words, "words of pair \(index)")
            let characters = EditDistance(Array(pair.reference.unicodeScalars), Array(pair.hypothesis.unicodeScalars))
            #expect(counts(characters.steps()) == pair.characters, "characters of pair \(index)")
        }
    }

    @Test func `a report counts as jiwer does in texts that are as they are compared`() throws {
        let path = "Tests/TextTests/Goldens/comparisons.json"
        let golden = try JSONDecoder().decode(
            Golden.self, from: Data(contentsOf: Shared.packageRoot.appendingPathComponent(path)))
        var compared = 0
        for (index, pair) in golden.pairs.enumerated() {
            let texts = [pair.reference, pair.hypothesis]
            guard try texts.allSatisfy({ try ComparedText($0, language: "en").text == $0 }) else { continue }
            compared += 1
            let report = try AccuracyReport(reference: texts[0], hypothesis: texts[1], language: "en")
            let (words, characters) = (report.words, report.characters)
            #expect(
                [words.hits, words.substitutions, words.deletions, words.insertions] == pair.words, "pair \(index)")
            #expect(
                [characters.hits, characters.substitutions, characters.deletions, characters.insertions]
                    == pair.characters, "pair \(index)")
        }
        #expect(compared >= 300)
    }
}
