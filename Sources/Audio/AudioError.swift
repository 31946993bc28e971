/// Why a recording gives no samples. `file` is its name as the caller gave it, or "standard input".
package enum AudioError: Error, Equatable {
    case missing(file: String)
    case unreadable(file: String, reason: String)
    case isDirectory(file: String)
    /// A terminal or another device.
    case notAFile(file: String)
    case empty(file: String)
    /// No container that is read, or one without an audio stream.
    case noAudio(file: String)
    /// An audio stream of no samples.
    case noSamples(file: String)
    /// A known container whose audio ffmpeg gave up on.
    case undecodable(file: String, reason: String)
    case tooLarge(file: String, bytesMax: Int)
    case tooLong(file: String, secondsMax: Int)
    case decoderMemory(file: String, bytesMax: Int)
    /// ffmpeg was killed: it used up its processor time, or the system ran out of memory.
    case decoderKilled(file: String, cpuSecondsMax: Int)
    case decoderStalled(file: String, secondsMax: Double)
    case toolMissing(tool: String)
    case toolNotStarted(tool: String, reason: String)
    /// What a pipe held or a decoder gave could not be kept in the temporary folder.
    case spoolFailed(folder: String, reason: String)
}

extension AudioError: CustomStringConvertible {
    package var description: String {
        let (what, advice) = parts
        return printable(what, lengthMax: 1_000) + "; " + advice
    }

    private var parts: (what: String, advice: String) {
        switch self {
        case .missing(let file): ("\(file) does not exist", "check the name")
        case .unreadable(let file, let reason): ("\(file) cannot be read (\(reason))", "check its permissions")
        case .isDirectory(let file): ("\(file) is a folder", "name a file in it")
        case .notAFile(let file): ("\(file) is neither a file nor a pipe", "name an audio file")
        case .empty(let file): ("\(file) is empty", "record or copy it again")
        case .noAudio(let file):
            ("\(file) holds no audio that can be read", "convert it to WAV, FLAC, MP3, M4A or OGG")
        case .noSamples(let file): ("\(file) holds audio of length zero", "record or copy it again")
        case .undecodable(let file, let reason):
            ("\(file) cannot be decoded (\(reason))", "it may be cut off or damaged: copy it again")
        case .tooLarge(let file, let bytesMax): ("\(file) is larger than \(bytesMax) bytes", "cut it into parts")
        case .tooLong(let file, let secondsMax): ("\(file) is longer than \(secondsMax) s", "cut it into parts")
        case .decoderMemory(let file, let bytesMax):
            ("\(file) needs more than \(bytesMax) bytes of memory to decode", "convert it to WAV or FLAC")
        case .decoderKilled(let file, let cpuSecondsMax):
            (
                "ffmpeg was killed on \(file): out of memory, or past \(cpuSecondsMax) s of processor time",
                "convert it to WAV or FLAC"
            )
        case .decoderStalled(let file, let secondsMax):
            ("\(file) gave no audio for \(secondsMax) s", "convert it to WAV or FLAC")
        case .toolMissing(let tool):
            (
                "\(tool) is not installed",
                "run `make setup`, or `apt-get install \(tool == "prlimit" ? "util-linux" : "ffmpeg")`"
            )
        case .toolNotStarted(let tool, let reason):
            ("\(tool) cannot be started (\(reason))", "free memory or processes and try again")
        case .spoolFailed(let folder, let reason):
            ("audio cannot be kept in \(folder) (\(reason))", "free space there or set TMPDIR to another folder")
        }
    }
}

/// What was amiss with a recording that was read all the same.
package enum AudioFinding: Sendable, Equatable {
    /// The header promises more than the file holds; what is there was taken.
    case truncated(seconds: Double, promisedSeconds: Double)
    /// ffmpeg complained on its way, and went on or stopped early; what it gave was taken.
    case damaged(reason: String)
}

extension AudioFinding: CustomStringConvertible {
    package var description: String {
        func rounded(_ seconds: Double) -> Double { (seconds * 10).rounded() / 10 }
        return switch self {
        case .truncated(let seconds, let promisedSeconds):
            "cut off: \(rounded(seconds)) s of the \(rounded(promisedSeconds)) s its header promises"
        case .damaged(let reason): "damaged in places (\(printable(reason, lengthMax: 120)))"
        }
    }
}

/// Text of foreign origin fit for one line of a terminal: no control characters, at most `lengthMax` characters.
func printable(_ text: some StringProtocol, lengthMax: Int) -> String {
    let clean = text.unicodeScalars.map { scalar in
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: "?"
        default: String(scalar)
        }
    }
    return String(clean.joined().prefix(lengthMax))
}
