import Foundation
import Transcript

extension PackageTranscript: ColumnMessage {
    static var numbers: [WritableKeyPath<PackageTranscript, PackageNumbers>] {
        [
            \.facts, \.segmentTimes, \.temperatures, \.logProbabilities, \.compressionRatios, \.noSpeechProbabilities,
            \.wordTimes, \.wordProbabilities, \.findingTimes,
        ]
    }

    private static let kindNumbers = GuardFinding.Kind.allCases
    private static let actionNumbers: [GuardFinding.Action] = [.kept, .retried, .dropped]
    /// Token ids fit into two bytes: Whisper knows 51 866.
    private static let tokenMax = 0xffff

    /// - Parameter heard: the text of the head.
    init(_ document: TranscriptDocument, heard: String) {
        self.init()
        let recording = document.recording
        // What a recording cannot tell, or no column hold, goes as it is.
        guard TranscriptDocument(recording, file: document.file).json.isIdentical(to: document.json),
            recording.segments.indices.allSatisfy({ recording.segments[$0].index == $0 }),
            recording.segments.allSatisfy({ $0.tokens.allSatisfy { 0...PackageTranscript.tokenMax ~= $0 } })
        else {
            json = document.json
            return
        }
        if let name = document.file { file = name }
        language = recording.language
        facts = NumberColumn.encoded([
            recording.languageProbability, recording.durationSeconds, recording.speechSeconds,
        ])
        let segments = recording.segments
        let whole = segments.map(\.text).joined()
        if !whole.isIdentical(to: " " + heard) { text = whole }
        segmentBytes = segments.map { UInt32($0.text.utf8.count) }
        segmentTimes = NumberColumn.encoded(segments.flatMap { [$0.start, $0.end] })
        temperatures = NumberColumn.encoded(segments.map(\.temperature))
        logProbabilities = NumberColumn.encoded(segments.map(\.averageLogProbability))
        compressionRatios = NumberColumn.encoded(segments.map(\.compressionRatio))
        noSpeechProbabilities = NumberColumn.encoded(segments.map(\.noSpeechProbability))
        let ids = segments.flatMap(\.tokens)
        tokenCounts = segments.map { UInt32($0.tokens.count) }
        tokens.append(contentsOf: ids.map { UInt8($0 & 0xff) } + ids.map { UInt8($0 >> 8) })
        setWords(segments, whole)
        findingKinds = recording.findings.map { UInt32(PackageTranscript.kindNumbers.firstIndex(of: $0.kind) ?? 0) }
        findingActions = recording.findings.map {
            UInt32(PackageTranscript.actionNumbers.firstIndex(of: $0.action) ?? 0)
        }
        findingTimes = NumberColumn.encoded(recording.findings.flatMap { [$0.start, $0.end] })
    }

    private mutating func setWords(_ segments: [Segment], _ whole: String) {
        guard segments.contains(where: { $0.words != nil }) else { return }
        wordCounts = segments.map { UInt32($0.words.map { $0.count + 1 } ?? 0) }
        let all = segments.flatMap { $0.words ?? [] }
        let isSplit = segments.allSatisfy { segment in
            segment.words.map { words in
                words.map(\.text).elementsEqual(spaceBegun(segment.text)) { $0.isIdentical(to: $1) }
            } ?? true
        }
        if !isSplit { words = PartColumn.encoded(all.map(\.text), in: whole) }
        wordTimes = NumberColumn.encoded(all.flatMap { [$0.start, $0.end] })
        wordProbabilities = NumberColumn.encoded(all.map(\.probability))
    }

    /// - Throws: `PackageError.malformed`.
    static func decoded(_ unpacked: UnpackedPart, heard: String) throws(PackageError) -> TranscriptDocument {
        let message = try unpacked.message(PackageTranscript.self)
        if message.hasJson {
            do { return try TranscriptDocument(json: message.json) } catch { throw .malformed(part: .transcript) }
        }
        var columns = TranscriptRows(message, unpacked)
        return TranscriptDocument(
            try columns.recording(heard: heard, kinds: kindNumbers, actions: actionNumbers),
            file: message.hasFile ? message.file : nil)
    }
}

/// A text cut in front of every space.
func spaceBegun(_ text: String) -> [String] {
    var words: [String] = []
    for scalar in text.unicodeScalars {
        if scalar == " " || words.isEmpty { words.append("") }
        words[words.count - 1].unicodeScalars.append(scalar)
    }
    return words
}
