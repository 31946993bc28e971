/// A line of text with its time on a screen.
struct Cue: Equatable {
    let startMs: Int
    /// At least `startMs`.
    let endMs: Int
    /// One line, not empty, neither white space around it nor control characters in it.
    let text: String
}

extension Recording {
    /// The segments that have text; no time is negative, and no cue starts before the one above it.
    var cues: [Cue] {
        var cues: [Cue] = []
        for segment in segments {
            let text = line(segment.text)
            guard !text.isEmpty else { continue }
            let startMs = max(cues.last?.startMs ?? 0, milliseconds(segment.start))
            cues.append(Cue(startMs: startMs, endMs: max(startMs, milliseconds(segment.end)), text: text))
        }
        return cues
    }
}

/// The last time that subtitles can show with hours of two digits, 99:59:59,999.
private let millisecondsMax = 359_999_999

private func milliseconds(_ seconds: Double) -> Int {
    guard !seconds.isNaN else { return 0 }
    return Int((min(max(seconds, 0), Double(millisecondsMax) / 1_000) * 1_000).rounded())
}

/// White space, line breaks and control characters become single spaces.
private func line(_ text: String) -> String {
    let words = text.unicodeScalars.split { scalar in
        scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
    }
    return words.map { String($0) }.joined(separator: " ")
}
