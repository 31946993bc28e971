import Transcript

/// How sane a translation looks beside its source, by what can be counted. 1 is good, 0 is bad, in each measure.
package struct SanityScore: Sendable, Equatable, Codable {
    /// Whether it is as long as is usual between the two languages: the shorter length over the longer.
    package let length: Double
    /// Share of its words that do not merely repeat the source.
    package let novelty: Double
    /// Share of it that is said once, beyond what the source repeats too.
    package let variety: Double
    /// Share of its letters in the script of its language.
    package let script: Double
    /// Share of the source's URLs, addresses, code and emoji that come through unharmed.
    package let verbatim: Double
    /// Share of the source's numbers that come through.
    package let numbers: Double
    /// Why it fails; empty when it passes.
    package let faults: [Fault]

    package enum Fault: Sendable, Equatable, Codable {
        case empty
        case length(Double), copied(Double), repeated(Double), script(Double)
        /// The first thing that is missing.
        case lost(String)
        case numbers(Double)
        /// The model did not come to an end.
        case cutShort
    }

    package var passes: Bool { faults.isEmpty }
    /// The least of all measures, to choose the better of two translations by.
    package var overall: Double { min(length, novelty, variety, script, verbatim, numbers) }

    /// Of text that is in the language asked for, and stays.
    package static let untouched = SanityScore()

    private init() {
        (length, novelty, variety, script, verbatim, numbers) = (1, 1, 1, 1, 1, 1)
        faults = []
    }

    /// - Parameter isCutShort: whether the model was stopped before the translation had an end.
    package init(source: String, translation: String, from: Language, to: Language, isCutShort: Bool = false) {
        let (before, after) = (TextMeasure(source), TextMeasure(translation))
        length = before.lengthAgreement(with: after, from: from, to: to)
        novelty = after.novelty(beside: before, from: from, to: to)
        variety = min(1, 1 - after.repetition(in: to) + before.repetition(in: from))
        script = before.letterCount == 0 ? 1 : after.scriptShare(of: to)
        let spans = OpaqueSpans(of: source)
        let kept = zip(spans.spans, spans.isKept(in: translation))
        let (numerals, others) = (kept.filter { $0.0.kind == .number }, kept.filter { $0.0.kind != .number })
        numbers = SanityScore.share(numerals.map(\.1))
        verbatim = SanityScore.share(others.map(\.1))

        var faults: [Fault] = []
        if after.letterCount == 0 && before.letterCount > 0 { faults.append(.empty) }
        let isOpen = source.endsSentence && !translation.endsSentence && length < SanityLimits.openLengthMin
        if length < SanityLimits.lengthMin || isOpen { faults.append(.length(length)) }
        if novelty < SanityLimits.noveltyMin { faults.append(.copied(1 - novelty)) }
        if variety < SanityLimits.varietyMin { faults.append(.repeated(1 - variety)) }
        if script < SanityLimits.scriptMin { faults.append(.script(script)) }
        if let lost = others.first(where: { !$0.1 }) { faults.append(.lost(lost.0.text)) }
        if numerals.count >= SanityLimits.numbersCountMin, numbers < SanityLimits.numbersMin {
            faults.append(.numbers(numbers))
        }
        if isCutShort { faults.append(.cutShort) }
        self.faults = faults
    }

    private static func share(_ kept: [Bool]) -> Double {
        kept.isEmpty ? 1 : Double(kept.count { $0 }) / Double(kept.count)
    }
}

extension String {
    /// Whether its last character but for quotes and brackets ends a sentence.
    fileprivate var endsSentence: Bool {
        let last = unicodeScalars.last { !$0.isEdge && !"\"'”’»」』)）]".unicodeScalars.contains($0) }
        return last.map(".!?…。！？".unicodeScalars.contains) ?? false
    }
}

extension SanityScore.Fault: CustomStringConvertible {
    package var description: String {
        func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
        return switch self {
        case .empty: "no words"
        case .cutShort: "broken off before its end"
        case .length(let share): "length off: \(percent(share)) of what is usual"
        case .copied(let share): "\(percent(share)) copied from the source"
        case .repeated(let share): "\(percent(share)) said again and again"
        case .script(let share): "only \(percent(share)) in the script of the language"
        case .lost(let text): "lost: \(text)"
        case .numbers(let share): "only \(percent(share)) of the numbers kept"
        }
    }
}
