/// Why a file is not read as subtitles. Lines count from 1.
package enum SubtitleError: Error, Equatable {
    /// Neither a heading of WebVTT nor a line of times comes first.
    case noSubtitles(line: Int)
    /// A line that begins like times and goes on like something else.
    case badTimes(line: Int)
    /// More hours than `CueTime.hoursMax`.
    case timeTooLarge(line: Int)
}

extension SubtitleError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noSubtitles(let line):
            "line \(line): these are no subtitles in SRT or WebVTT; give a text file another ending than .srt or .vtt"
        case .badTimes(let line):
            "line \(line): these are no times of a cue; write them like 00:01:02,500 --> 00:01:04,000"
        case .timeTooLarge(let line):
            "line \(line): a time of more than \(CueTime.hoursMax) hours; correct it"
        }
    }
}
