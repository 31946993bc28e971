import Foundation
import Transcript

/// What one window gave, and where in its recording: enough to go on behind it without decoding it again.
package struct WindowRecord: Sendable, Equatable, Codable {
    /// Number of the stretch.
    package let stretch: Int
    /// Sample of the stretch that the window begins with.
    package let seek: Int
    package let outcome: WindowOutcome
    /// Code of the recording's language, as it was given or heard.
    package let language: String
    package let languageProbability: Double

    package init(
        stretch: Int, seek: Int, outcome: WindowOutcome, language: String, languageProbability: Double
    ) {
        self.stretch = stretch
        self.seek = seek
        self.outcome = outcome
        self.language = language
        self.languageProbability = languageProbability
    }

    /// - Returns: nil for what is no record: then its window is decoded again.
    package init?(json: [UInt8]) {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        guard let record = try? decoder.decode(WindowRecord.self, from: Data(json)) else { return nil }
        self = record
    }

    /// One line; every number comes back as it was.
    package var json: [UInt8] {
        let encoder = JSONEncoder()
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        do { return Array(try encoder.encode(self)) } catch {
            preconditionFailure("a record of numbers, words and lists cannot be written: \(error)")
        }
    }
}

/// What one window gave.
package struct WindowOutcome: Sendable, Equatable, Codable {
    package var segments: [Segment]
    package var findings: [GuardFinding]
    /// Tokens the next window of the stretch sees; nil to forget the past.
    package var past: [Int]?
    /// Seconds to the next window.
    package var advance: Double

    package init(segments: [Segment], findings: [GuardFinding], past: [Int]?, advance: Double) {
        self.segments = segments
        self.findings = findings
        self.past = past
        self.advance = advance
    }
}
