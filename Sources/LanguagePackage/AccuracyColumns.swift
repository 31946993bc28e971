import Transcript

extension PackageAccuracy: ColumnMessage {
    static var numbers: [WritableKeyPath<PackageAccuracy, PackageNumbers>] { [\.times.seconds] }

    private static let kindNumbers: [AccuracyReport.Step.Kind] = [.equal, .substitution, .deletion, .insertion]

    init(_ report: AccuracyReport) {
        self.init()
        isCharacter = report.unit == .character
        counts = [report.words, report.characters].flatMap {
            [$0.hits, $0.substitutions, $0.deletions, $0.insertions].map { UInt64(bitPattern: Int64($0)) }
        }
        if let least = report.threshold { threshold = least }
        let steps = report.alignment
        kinds.append(contentsOf: steps.map { UInt8(PackageAccuracy.kindNumbers.firstIndex(of: $0.kind) ?? 0) })
        reference = steps.map(\.reference).joined()
        referenceBytes = steps.map { UInt32($0.reference.utf8.count) }
        isVerbatim = steps.contains { $0.kind == .equal && !$0.reference.isIdentical(to: $0.hypothesis) }
        let told = steps.filter { isVerbatim || $0.kind != .equal }
        hypothesis = told.map(\.hypothesis).joined()
        hypothesisBytes = told.map { UInt32($0.hypothesis.utf8.count) }
        if let column = TimeColumn.encoded(steps.map { TimeColumn.Times(start: $0.start, end: $0.end) }) {
            times = column
        }
    }

    /// - Throws: `PackageError.malformed`.
    static func decoded(_ unpacked: UnpackedPart) throws(PackageError) -> AccuracyReport {
        var unpacked = unpacked
        let message = try unpacked.message(PackageAccuracy.self)
        let kinds = Array(message.kinds)
        let told = kinds.filter { message.isVerbatim || $0 != 0 }
        guard message.counts.count == 8, kinds.allSatisfy({ Int($0) < kindNumbers.count }),
            let references = pieces(of: message.reference, message.referenceBytes, count: kinds.count),
            let others = pieces(of: message.hypothesis, message.hypothesisBytes, count: told.count),
            !message.hasThreshold || message.threshold.isFinite
        else { throw .malformed(part: .accuracy) }
        let times = try TimeColumn.decoded(
            message.hasTimes ? message.times : nil, count: kinds.count, from: &unpacked, part: .accuracy)
        let counts = message.counts.map { Int(Int64(bitPattern: $0)) }
        func counted(from first: Int) -> AccuracyReport.Counts {
            AccuracyReport.Counts(
                hits: counts[first], substitutions: counts[first + 1], deletions: counts[first + 2],
                insertions: counts[first + 3])
        }
        var rest = others[...]
        let steps = kinds.indices.map { index in
            AccuracyReport.Step(
                kind: kindNumbers[Int(kinds[index])], reference: references[index],
                hypothesis: message.isVerbatim || kinds[index] != 0 ? rest.removeFirst() : references[index],
                start: times[index].start, end: times[index].end)
        }
        return AccuracyReport(
            unit: message.isCharacter ? .character : .word, words: counted(from: 0), characters: counted(from: 4),
            alignment: steps, threshold: message.hasThreshold ? message.threshold : nil)
    }
}

/// A text cut into pieces of so many bytes; nil where they are not as many, do not add up, or cut a character apart.
func pieces(of text: String, _ lengths: [UInt32], count: Int) -> [String]? {
    let bytes = Array(text.utf8)
    guard lengths.count == count, lengths.reduce(0, { $0 + Int($1) }) == bytes.count else { return nil }
    var pieces: [String] = []
    pieces.reserveCapacity(count)
    var start = 0
    for length in lengths {
        guard let piece = String(validating: bytes[start..<start + Int(length)], as: UTF8.self) else { return nil }
        pieces.append(piece)
        start += Int(length)
    }
    return pieces
}
