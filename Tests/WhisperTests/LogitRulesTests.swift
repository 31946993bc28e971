import Foundation
import Inference
import TestSupport
import Testing
import Whisper

struct LogitRulesTests {
    private static let vocabulary = 51_865
    private static let special = SpecialTokens(
        vocabularyCount: vocabulary, endOfText: 50_257, isMultilingual: true)
    private static let suppressed = [1, 2, 7, 50_258, 50_358, 50_359, 50_360, 50_361, 50_362]
    private static let blank = [220, 50_257]
    private let rules: LogitRules

    init() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(
            #"{"suppress_ids": \#(LogitRulesTests.suppressed), "suppress_ids_begin": \#(LogitRulesTests.blank)}"#,
            to: "config.json")
        let dimensions = WhisperDimensions(
            melCount: 80, audioPositions: 1_500, width: 64, heads: 1, encoderLayers: 1, decoderLayers: 1,
            textPositions: 448, vocabularyCount: LogitRulesTests.vocabulary)
        rules = LogitRules(
            special: LogitRulesTests.special,
            configuration: try WhisperConfiguration(path: path, dimensions: dimensions)
        )
    }

    private func time(_ index: Int) -> Int { LogitRulesTests.special.timestamps.lowerBound + index }

    /// Tokens left possible behind `sampled`.
    ///
    /// - Parameter logit: of every token before the rules.
    private func allowed(
        _ sampled: [Int], repeatedRunMax: Int? = nil, _ logit: (Int) -> Float = { _ in 0 }
    ) -> Set<Int> {
        let logits = Matrix<Float>(rows: 2, columns: LogitRulesTests.vocabulary)
        logits.setRow(1, (0..<LogitRulesTests.vocabulary).map(logit))
        rules.apply(to: logits, row: 1, sampled: sampled, repeatedRunMax: repeatedRunMax, kernels: .best)
        #expect(logits.row(0).allSatisfy { $0 == 0 }, "another row was touched")
        return Set(logits.row(1).enumerated().filter { $1 > -.infinity }.map(\.offset))
    }

    /// So likely that no sum of timestamps outweighs it.
    private func likely(_ token: Int) -> (Int) -> Float { { $0 == token ? 50 : 0 } }

    @Test func `the first token is a time of at most one second`() {
        #expect(allowed([], likely(400)) == Set((0...50).map(time)))
    }

    @Test func `suppressed tokens never come, those for the beginning only not first`() {
        let later = allowed([time(0), 400], likely(400))
        #expect(later.isDisjoint(with: LogitRulesTests.suppressed))
        #expect(later.isSuperset(of: LogitRulesTests.blank))
        #expect(later.allSatisfy { $0 <= 50_257 || $0 > LogitRulesTests.special.noTimestamps })
        #expect(allowed([], likely(220)).isDisjoint(with: LogitRulesTests.blank))
    }

    @Test func `behind text and a time comes a time or the end`() {
        let next = allowed([time(0), 400, time(100)])
        #expect(next.filter { $0 < LogitRulesTests.special.endOfText }.isEmpty)
        #expect(!allowed([time(0), 400, time(100)], likely(50_257)).isDisjoint(with: [50_257]))
        // The second of a pair may repeat its time.
        #expect(next.contains(time(100)) && !next.contains(time(99)))
    }

    @Test func `behind two times comes text`() {
        let next = allowed([time(0), 400, time(100), time(100)])
        #expect(next.isDisjoint(with: LogitRulesTests.special.timestamps))
        #expect(next.contains(400))
    }

    @Test func `times go forward and no segment is empty`() {
        let next = allowed([time(0), 400, time(100), time(120), 500], likely(400))
        #expect(!next.contains(time(120)) && next.contains(time(121)))
        #expect(next.contains(400))
    }

    @Test func `when times together are likelier than any text, it must be a time`() {
        // 1,401 times at 0 sum up to log 1,401 = 7.245.
        let sampled = [time(99), 400]
        #expect(allowed(sampled) { $0 == 400 ? 7.2 : -1e-6 }.allSatisfy { $0 >= time(0) })
        #expect(allowed(sampled) { $0 == 400 ? 7.3 : -1e-6 }.contains(400))
    }

    @Test func `a run of tokens does not come twice where that is asked`() {
        let sampled = [time(0), 10, 11, 12, 13, 10, 11]
        #expect(!allowed(sampled, repeatedRunMax: 3, likely(400)).contains(12))
        #expect(allowed(sampled, repeatedRunMax: 3, likely(400)).contains(13))
        #expect(allowed(sampled, repeatedRunMax: 4, likely(400)).contains(12))
        #expect(allowed(sampled, likely(400)).contains(12))
    }

    @Test func `what may follow any window of tokens is what the written rules say`() {
        var windows = SeededTokens()
        var random = SeededRandom()
        for _ in 0..<60 {
            let whole = windows.window(LogitRulesTests.special)
            let sampled = Array(whole.prefix(Int.random(in: 0...whole.count, using: &random)))
            let logits = random.floats(LogitRulesTests.vocabulary, limit: 12)
            #expect(allowed(sampled) { logits[$0] } == WrittenRules.allowed(sampled, logits))
        }
    }

    /// The rules token by token, in double precision.
    private enum WrittenRules {
        static func allowed(_ sampled: [Int], _ logits: [Float]) -> Set<Int> {
            let begin = special.timestamps.lowerBound
            func isTime(_ token: Int) -> Bool { token >= begin }
            // Of the tokens that are no text, only the end and times are ever written.
            var allowed = Set(0...special.endOfText).union(special.timestamps).subtracting(suppressed)
            if sampled.isEmpty { allowed = allowed.subtracting(blank).filter { isTime($0) && $0 <= begin + 50 } }
            if let last = sampled.last, isTime(last) {
                let opened = sampled.count == 1 || isTime(sampled[sampled.count - 2])
                allowed = allowed.filter { opened ? !isTime($0) : $0 >= special.endOfText }
                if !opened { allowed = allowed.filter { !isTime($0) || $0 >= last } }
            } else if let last = sampled.last(where: isTime) {
                allowed = allowed.filter { !isTime($0) || $0 > last }
            }
            let times = allowed.filter(isTime).reduce(0.0) { $0 + exp(Double(logits[$1])) }
            let text = allowed.filter { !isTime($0) }.map { Double(logits[$0]) }.max() ?? -.infinity
            return log(times) > text ? allowed.filter(isTime) : allowed
        }
    }
}
