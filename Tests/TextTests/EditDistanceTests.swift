import Foundation
import TestSupport
import Testing
import Transcript

import Text

struct EditDistanceTests {
    /// Fewest changes, by the table of the textbooks.
    private func naive(_ reference: [Int], _ hypothesis: [Int]) -> Int {
        var row = Array(0...hypothesis.count)
        for (index, unit) in reference.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (place, other) in hypothesis.enumerated() {
                let replaced = diagonal + (unit == other ? 0 : 1)
                diagonal = row[place + 1]
                row[place + 1] = min(replaced, diagonal + 1, row[place] + 1)
            }
        }
        return row[hypothesis.count]
    }

    private func errors(_ steps: [EditDistance.Step]) -> Int { steps.count { $0 != .equal } }

    /// Whether the steps make the one of the other, each saying what is so.
    private func leads(_ steps: [EditDistance.Step], from reference: [Int], to hypothesis: [Int]) -> Bool {
        var (row, column) = (0, 0)
        for step in steps {
            if step == .equal || step == .substitution {
                guard row < reference.count, column < hypothesis.count,
                    (reference[row] == hypothesis[column]) == (step == .equal)
                else { return false }
            }
            if step != .insertion { row += 1 }
            if step != .deletion { column += 1 }
        }
        return row == reference.count && column == hypothesis.count
    }

    @Test func `the way is as short as the textbook's and leads from one text to the other`() {
        var random = SeededRandom()
        for round in 0..<600 {
            let symbols = Int.random(in: 1...30, using: &random)
            func sequence() -> [Int] {
                (0..<Int.random(in: 0...150, using: &random)).map { _ in Int.random(in: 0..<symbols, using: &random) }
            }
            let (reference, hypothesis) = (sequence(), sequence())
            let cellsMax = [64, 1_000, EditDistance.cellsMax][round % 3]
            let steps = EditDistance(reference, hypothesis, cellsMax: cellsMax).steps()
            #expect(errors(steps) == naive(reference, hypothesis), "round \(round)")
            #expect(leads(steps, from: reference, to: hypothesis), "round \(round)")
        }
    }

    @Test func `a text found by halves costs what it costs as a whole`() {
        var random = SeededRandom()
        let reference = (0..<3_000).map { _ in Int.random(in: 0..<900, using: &random) }
        let hypothesis = edited(reference, share: 0.15, &random)
        let steps = EditDistance(reference, hypothesis, cellsMax: 10_000).steps()
        #expect(errors(steps) == errors(EditDistance(reference, hypothesis).steps()))
        #expect(leads(steps, from: reference, to: hypothesis))
    }

    @Test func `two hundred thousand words against themselves with a tenth changed take seconds`() {
        var random = SeededRandom()
        // As words are: few of them are half of the text.
        let reference = (0..<200_000).map { _ in Int(20_000 * pow(Double.random(in: 0..<1, using: &random), 3)) }
        let hypothesis = edited(reference, share: 0.1, &random)
        let clock = ContinuousClock()
        var steps: [EditDistance.Step] = []
        let duration = clock.measure { steps = EditDistance(reference, hypothesis).steps() }
        print("200000 words aligned in \(duration)")
        #expect(duration < .seconds(60))
        #expect(leads(steps, from: reference, to: hypothesis))
        #expect((1...20_500).contains(errors(steps)))
    }

    private func edited(_ units: [Int], share: Double, _ random: inout SeededRandom) -> [Int] {
        units.flatMap { unit -> [Int] in
            guard Double.random(in: 0..<1, using: &random) < share else { return [unit] }
            return switch Int.random(in: 0..<3, using: &random) {
            case 0: []
            case 1: [unit, 1_000_000]
            default: [1_000_001]
            }
        }
    }
}
