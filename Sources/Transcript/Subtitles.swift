extension Recording {
    /// SubRip subtitles. It has no escapes: an arrow in the text loses a dash, as it would pass for a line of times.
    var srt: String {
        cues.enumerated().map { index, cue in
            """
            \(index + 1)
            \(time(cue.startMs, fraction: ",")) --> \(time(cue.endMs, fraction: ","))
            \(cue.text.split(separator: "-->", omittingEmptySubsequences: false).joined(separator: "->"))


            """
        }.joined()
    }

    /// WebVTT subtitles.
    ///
    /// - Source: WebVTT, W3C, §4.2.2: `&`, `<` and `>` are written as references in the text of a cue.
    var vtt: String {
        "WEBVTT\n\n"
            + cues.map { cue in
                let text = cue.text.map { $0 == "&" ? "&amp;" : $0 == "<" ? "&lt;" : $0 == ">" ? "&gt;" : String($0) }
                return """
                    \(time(cue.startMs, fraction: ".")) --> \(time(cue.endMs, fraction: "."))
                    \(text.joined())


                    """
            }.joined()
    }

    /// A table of start and end in milliseconds and text, with a head.
    var tsv: String {
        "start\tend\ttext\n" + cues.map { "\($0.startMs)\t\($0.endMs)\t\($0.text)\n" }.joined()
    }
}

/// `HH:MM:SS` and milliseconds.
private func time(_ milliseconds: Int, fraction: String) -> String {
    func padded(_ number: Int, _ width: Int) -> String {
        String(repeating: "0", count: max(0, width - String(number).count)) + String(number)
    }
    let seconds = milliseconds / 1_000
    let clock = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { padded($0, 2) }
    return clock.joined(separator: ":") + fraction + padded(milliseconds % 1_000, 3)
}
