/// What was heard in one recording.
package struct Recording: Sendable, Equatable {
    package var segments: [Segment]
    /// Language code as Whisper writes it (`en`, `zh`, …).
    package var language: String
    /// Probability of the language, 1 where it was given.
    package var languageProbability: Double
    /// Length of the audio in seconds.
    package var durationSeconds: Double
    /// Seconds of it that voice activity held for speech; all of it where detection was off.
    package var speechSeconds: Double
    package var findings: [GuardFinding]

    package init(
        segments: [Segment], language: String, languageProbability: Double, durationSeconds: Double,
        speechSeconds: Double, findings: [GuardFinding]
    ) {
        self.segments = segments
        self.language = language
        self.languageProbability = languageProbability
        self.durationSeconds = durationSeconds
        self.speechSeconds = speechSeconds
        self.findings = findings
    }

    /// The words of all segments, outer white space removed.
    package var text: String {
        var joined = segments.map(\.text).joined()
        joined = String(joined.drop { $0.isWhitespace })
        while joined.last?.isWhitespace == true { joined.removeLast() }
        return joined
    }
}

/// Something a hallucination guard saw, and what was done about it.
package struct GuardFinding: Sendable, Equatable, Codable {
    package enum Kind: String, Sendable, CaseIterable {
        /// No-speech probability high and mean log probability low: window skipped.
        case noSpeech = "no_speech"
        /// Text compresses too well: decoded again at the next temperature.
        case repetition
        /// Mean log probability too low: decoded again at the next temperature.
        case lowProbability = "low_probability"
        /// An improbable segment between silences: dropped.
        case silence
        /// More words or characters a second than anyone speaks.
        case speakingRate = "speaking_rate"
        /// A phrase Whisper is known to invent where nobody speaks.
        case inventedPhrase = "invented_phrase"
        /// The same run of words over and over.
        case loop
    }
    package enum Action: String, Sendable { case kept, retried, dropped }
    package var kind: Kind
    package var action: Action
    /// Seconds from the start of the recording.
    package var start: Double
    package var end: Double

    package init(kind: Kind, action: Action, start: Double, end: Double) {
        self.kind = kind
        self.action = action
        self.start = start
        self.end = end
    }
}
