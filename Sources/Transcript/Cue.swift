/// Text with its time on a screen.
package struct Cue: Sendable, Equatable {
    package var startMs: Int
    /// At least `startMs`, but in a file of strangers.
    package var endMs: Int
    /// None of them empty, with white space around it or control characters in it.
    package var lines: [String]

    package init(startMs: Int, endMs: Int, lines: [String]) {
        self.startMs = startMs
        self.endMs = endMs
        self.lines = lines
    }
}

extension Recording {
    /// A cue of one line for every segment that has text; no time is negative, and no cue starts before the one
    /// above it.
    var rows: [Cue] {
        var rows: [Cue] = []
        for segment in segments {
            let text = line(segment.text)
            guard !text.isEmpty else { continue }
            let startMs = max(rows.last?.startMs ?? 0, milliseconds(segment.start))
            rows.append(Cue(startMs: startMs, endMs: max(startMs, milliseconds(segment.end)), lines: [text]))
        }
        return rows
    }
}

/// The last time of a recording, 99:59:59,999: many players show hours of two digits.
private let millisecondsMax = 359_999_999
/// The same in seconds.
let secondsMax = Double(millisecondsMax) / 1_000

func milliseconds(_ seconds: Double) -> Int {
    guard !seconds.isNaN else { return 0 }
    return Int((min(max(seconds, 0), secondsMax) * 1_000).rounded())
}

/// White space, line breaks and control characters become single spaces.
func line(_ text: String) -> String {
    text.unicodeScalars.split(whereSeparator: \.isBlank).map { String($0) }.joined(separator: " ")
}
