import Inference

/// What may be sampled next, given what was sampled so far.
///
/// - Source: openai/whisper `decoding.py`: SuppressBlank, SuppressTokens, ApplyTimestampRules.
package struct LogitRules: Sendable {
    let special: SpecialTokens
    let suppressed: [Int]
    let suppressedAtBegin: [Int]
    /// Latest first timestamp: 1.0 s.
    static let initialTimestampIndexMax = 50

    package init(special: SpecialTokens, configuration: WhisperConfiguration) {
        self.special = special
        // Whatever the file lists, only text, its end and times are ever written.
        suppressed = configuration.suppressed + (special.endOfText + 1..<special.timestamps.lowerBound)
        suppressedAtBegin = configuration.suppressedAtBegin
    }

    /// Sets what is forbidden in a row of logits to −∞.
    ///
    /// - Parameters:
    ///   - sampled: tokens of this window after the prompt.
    ///   - repeatedRunMax: where given, a run of so many tokens may not occur twice.
    package func apply(
        to logits: Matrix<Float>, row: Int, sampled: [Int], repeatedRunMax: Int? = nil, kernels: Kernels
    ) {
        for token in suppressed { logits[row, token] = -.infinity }
        if sampled.isEmpty { for token in suppressedAtBegin { logits[row, token] = -.infinity } }
        if let repeatedRunMax { forbidRepeats(of: repeatedRunMax, logits, row, sampled) }
        restrictTimestamps(logits, row, sampled)
        preferTimestamps(logits, row, kernels)
    }

    private func restrictTimestamps(_ logits: Matrix<Float>, _ row: Int, _ sampled: [Int]) {
        let begin = special.timestamps.lowerBound
        let end = special.timestamps.upperBound
        guard let last = sampled.last else {
            // The first token says when speech begins, soon.
            logits.fill(-.infinity, row: row, columns: 0..<begin)
            let latest = begin + LogitRules.initialTimestampIndexMax
            if latest + 1 < end { logits.fill(-.infinity, row: row, columns: latest + 1..<end) }
            return
        }
        let lastIsTime = last >= begin
        let beforeIsTime = sampled.count < 2 || sampled[sampled.count - 2] >= begin
        if lastIsTime {
            if beforeIsTime {
                logits.fill(-.infinity, row: row, columns: begin..<end)
            } else {
                logits.fill(-.infinity, row: row, columns: 0..<special.endOfText)
            }
        }
        guard let latest = sampled.last(where: { $0 >= begin }) else { return }
        // Only the second of a pair may repeat its time; a segment is never empty.
        let earliest = lastIsTime && !beforeIsTime ? latest : latest + 1
        logits.fill(-.infinity, row: row, columns: begin..<min(end, earliest))
    }

    /// When a time is likelier than any single text token, it must be a time.
    private func preferTimestamps(_ logits: Matrix<Float>, _ row: Int, _ kernels: Kernels) {
        let begin = special.timestamps.lowerBound
        let times = kernels.logSumExp(logits, row: row, columns: special.timestamps)
        let text = logits[row, kernels.argMax(logits, row: row, columns: 0..<begin)]
        if times > text { logits.fill(-.infinity, row: row, columns: 0..<begin) }
    }

    private func forbidRepeats(of run: Int, _ logits: Matrix<Float>, _ row: Int, _ sampled: [Int]) {
        guard sampled.count >= run else { return }
        let tail = sampled.suffix(run - 1)
        for start in 0...sampled.count - run where sampled[start..<start + run - 1].elementsEqual(tail) {
            let next = sampled[start + run - 1]
            if next < special.endOfText { logits[row, next] = -.infinity }
        }
    }
}
