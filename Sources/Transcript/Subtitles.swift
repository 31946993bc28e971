/// Cues in the order they are shown, and the files they are written in.
package struct Subtitles: Sendable, Equatable {
    package var cues: [Cue]

    package init(_ cues: [Cue]) { self.cues = cues }

    /// SubRip subtitles.
    package var srt: String {
        cues.enumerated().map { index, cue in
            """
            \(index + 1)
            \(cue.time(fraction: ","))
            \(cue.lines.map { subRip($0) + "\n" }.joined())

            """
        }.joined()
    }

    /// WebVTT subtitles.
    package var vtt: String {
        "WEBVTT\n\n"
            + cues.map { cue in
                """
                \(cue.time(fraction: "."))
                \(cue.lines.map { webVTT($0) + "\n" }.joined())

                """
            }.joined()
    }
}

extension Recording {
    /// A table of start and end in milliseconds and text, with a head; a row a segment.
    var tsv: String {
        "start\tend\ttext\n" + rows.map { "\($0.startMs)\t\($0.endMs)\t\($0.lines.joined())\n" }.joined()
    }
}

/// Text for SubRip. It has no escapes: an arrow loses its dashes but one, as it would pass for a line of times.
func subRip(_ text: String) -> String {
    String(
        text.unicodeScalars.reduce(into: String.UnicodeScalarView()) { written, scalar in
            if scalar == ">" { while written.suffix(2).elementsEqual(["-", "-"]) { written.removeLast() } }
            written.append(scalar)
        })
}

/// Text for WebVTT.
///
/// - Source: WebVTT, W3C, §4.2.2: `&`, `<` and `>` are written as references in the text of a cue.
func webVTT(_ text: String) -> String {
    String(
        text.unicodeScalars.reduce(into: String.UnicodeScalarView()) { written, scalar in
            switch scalar {
            case "&": written.append(contentsOf: "&amp;".unicodeScalars)
            case "<": written.append(contentsOf: "&lt;".unicodeScalars)
            case ">": written.append(contentsOf: "&gt;".unicodeScalars)
            default: written.append(scalar)
            }
        })
}

extension Cue {
    /// Start, arrow, end.
    func time(fraction: String) -> String {
        [startMs, endMs].map { clock($0, fraction: fraction) }.joined(separator: " --> ")
    }
}

/// `HH:MM:SS` and milliseconds; more digits of hours where it takes them.
private func clock(_ milliseconds: Int, fraction: String) -> String {
    func padded(_ number: Int, _ width: Int) -> String {
        String(repeating: "0", count: max(0, width - String(number).count)) + String(number)
    }
    let seconds = milliseconds / 1_000
    let parts = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }
    return parts.joined(separator: ":") + fraction + padded(milliseconds % 1_000, 3)
}
