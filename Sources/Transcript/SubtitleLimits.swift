/// What a viewer can read.
package struct SubtitleLimits: Sendable, Equatable {
    /// Characters as a reader counts them, spaces between words included.
    package let lineCharactersMax: Int
    package let linesMax = 2
    package let cueMsMin = 1_000
    package let cueMsMax = 7_000
    package let charactersPerSecondMax = 17
    /// Speech is taken for no slower where its words have no times: the rest of the time is silence behind it.
    let spokenPerSecondMin: Int

    /// Scripts of letters.
    package static let narrow = SubtitleLimits(lineCharactersMax: 42, spokenPerSecondMin: 5)
    /// Scripts whose characters fill squares.
    package static let wide = SubtitleLimits(lineCharactersMax: 16, spokenPerSecondMin: 2)

    package static func of(_ language: Language) -> SubtitleLimits { language.isWide ? wide : narrow }

    /// - Parameter code: of a language as Whisper writes it; Cantonese it knows too.
    package static func of(code: String) -> SubtitleLimits {
        code == "yue" ? wide : Language(rawValue: code).map(of) ?? narrow
    }

    /// How long a reader needs, in milliseconds, rounded down.
    package func readingMs(characters: Int) -> Int { characters * 1_000 / charactersPerSecondMax }
}

/// A limit that a cue does not keep.
package struct SubtitleBreach: Sendable, Equatable {
    package enum Limit: String, Sendable, CaseIterable {
        case lineTooLong = "line_too_long"
        case tooManyLines = "too_many_lines"
        case tooShort = "too_short"
        case tooLong = "too_long"
        /// More characters a second than a viewer reads: somebody speaks too fast for subtitles.
        case tooFast = "too_fast"
    }
    /// Index of the cue.
    package let cue: Int
    package let limit: Limit

    package init(cue: Int, limit: Limit) {
        self.cue = cue
        self.limit = limit
    }
}

extension Subtitles {
    /// What cannot be read in the time it is shown, and the like.
    package func breaches(of limits: SubtitleLimits) -> [SubtitleBreach] {
        cues.enumerated().flatMap { index, cue in
            let shownMs = cue.endMs - cue.startMs
            let characters = cue.lines.reduce(0) { $0 + $1.count } + max(0, cue.lines.count - 1)
            let limits: [(SubtitleBreach.Limit, Bool)] = [
                (.lineTooLong, cue.lines.contains { $0.count > limits.lineCharactersMax }),
                (.tooManyLines, cue.lines.count > limits.linesMax),
                (.tooShort, shownMs < limits.cueMsMin),
                (.tooLong, shownMs > limits.cueMsMax),
                (.tooFast, shownMs < limits.readingMs(characters: characters)),
            ]
            return limits.filter(\.1).map { SubtitleBreach(cue: index, limit: $0.0) }
        }
    }
}
