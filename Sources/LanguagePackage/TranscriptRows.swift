import Transcript

/// The columns of a transcript on their way back into segments and words.
struct TranscriptRows {
    private let message: PackageTranscript
    private var unpacked: UnpackedPart

    init(_ message: PackageTranscript, _ unpacked: UnpackedPart) {
        self.message = message
        self.unpacked = unpacked
    }

    /// Columns of numbers are read in the order of their fields, as their noise may lie behind the frame.
    ///
    /// - Throws: `PackageError.malformed`.
    mutating func recording(
        heard: String, kinds: [GuardFinding.Kind], actions: [GuardFinding.Action]
    ) throws(PackageError) -> Recording {
        let facts = try unpacked.numbers(message.facts, 3)
        let count = message.segmentBytes.count
        let whole = message.hasText ? message.text : count == 0 ? "" : " " + heard
        guard let texts = pieces(of: whole, message.segmentBytes, count: count) else { throw malformed }
        let times = try unpacked.numbers(message.segmentTimes, 2 * count)
        let temperatures = try unpacked.numbers(message.temperatures, count)
        let logProbabilities = try unpacked.numbers(message.logProbabilities, count)
        let ratios = try unpacked.numbers(message.compressionRatios, count)
        let noSpeech = try unpacked.numbers(message.noSpeechProbabilities, count)
        let tokens = try tokens(count)
        let words = try words(texts, whole)
        return Recording(
            segments: (0..<count).map { index in
                Segment(
                    index: index, start: times[2 * index], end: times[2 * index + 1], text: texts[index],
                    tokens: tokens[index], temperature: temperatures[index],
                    averageLogProbability: logProbabilities[index], compressionRatio: ratios[index],
                    noSpeechProbability: noSpeech[index], words: words[index])
            },
            language: message.language, languageProbability: facts[0], durationSeconds: facts[1],
            speechSeconds: facts[2], findings: try findings(kinds, actions))
    }

    private var malformed: PackageError { .malformed(part: .transcript) }

    /// Token ids of each segment.
    private func tokens(_ count: Int) throws(PackageError) -> [[Int]] {
        let bytes = Array(message.tokens)
        let counts = message.tokenCounts.map(Int.init)
        guard counts.count == count, 2 * counts.reduce(0, +) == bytes.count else { throw malformed }
        var next = 0
        return counts.map { count in
            defer { next += count }
            return (next..<next + count).map { Int(bytes[$0]) | Int(bytes[bytes.count / 2 + $0]) << 8 }
        }
    }

    private mutating func words(_ texts: [String], _ whole: String) throws(PackageError) -> [[Word]?] {
        guard !message.wordCounts.isEmpty else { return Array(repeating: nil, count: texts.count) }
        guard message.wordCounts.count == texts.count else { throw malformed }
        let counts = message.wordCounts.map { $0 == 0 ? nil : Int($0) - 1 }
        let count = counts.reduce(0) { $0 + ($1 ?? 0) }
        let split = zip(texts, counts).flatMap { $1 == nil ? [] : spaceBegun($0) }
        guard let parts = message.hasWords ? PartColumn.decoded(message.words, in: whole) : split, parts.count == count
        else { throw malformed }
        let times = try unpacked.numbers(message.wordTimes, 2 * count)
        let probabilities = try unpacked.numbers(message.wordProbabilities, count)
        var next = 0
        return counts.map { count in
            guard let count else { return nil }
            defer { next += count }
            return (next..<next + count).map {
                Word(text: parts[$0], start: times[2 * $0], end: times[2 * $0 + 1], probability: probabilities[$0])
            }
        }
    }

    private mutating func findings(
        _ kinds: [GuardFinding.Kind], _ actions: [GuardFinding.Action]
    ) throws(PackageError) -> [GuardFinding] {
        let count = message.findingKinds.count
        guard message.findingActions.count == count, message.findingKinds.allSatisfy({ $0 < kinds.count }),
            message.findingActions.allSatisfy({ $0 < actions.count })
        else { throw malformed }
        let times = try unpacked.numbers(message.findingTimes, 2 * count)
        return (0..<count).map {
            GuardFinding(
                kind: kinds[Int(message.findingKinds[$0])], action: actions[Int(message.findingActions[$0])],
                start: times[2 * $0], end: times[2 * $0 + 1])
        }
    }
}
