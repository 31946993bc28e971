/// Turns frame probabilities into runs of speech, frame by frame.
///
/// - Source: snakers4/silero-vad, hysteresis of two thresholds.
package struct SpeechRuns {
    /// Speech begins at this probability…
    package static let startProbabilityMin: Float = 0.5
    /// …and goes on until it has been below this one for the shortest pause.
    package static let goOnProbabilityMin: Float = 0.35
    /// Shortest pause that ends a run: 160 ms.
    package static let pauseFramesMin = 5

    /// Frames seen so far.
    private(set) var frameCount = 0
    private var start: Int?
    private var quietSince: Int?

    /// First frame of the run that is still open.
    var openStart: Int? { start }

    package init() {}

    /// - Returns: a run of frames that this one ended.
    package mutating func add(_ probability: Float) -> Range<Int>? {
        defer { frameCount += 1 }
        if probability >= SpeechRuns.startProbabilityMin {
            quietSince = nil
            if start == nil { start = frameCount }
        } else if probability < SpeechRuns.goOnProbabilityMin, let began = start {
            let quiet = quietSince ?? frameCount
            quietSince = quiet
            guard frameCount - quiet + 1 >= SpeechRuns.pauseFramesMin else { return nil }
            (start, quietSince) = (nil, nil)
            // A run that was cut in its last pause has nothing left.
            return began < quiet ? began..<quiet : nil
        }
        return nil
    }

    /// Ends the stream.
    ///
    /// - Returns: the run that was open.
    package mutating func finish() -> Range<Int>? {
        defer { (start, quietSince) = (nil, nil) }
        guard let start, start < quietSince ?? frameCount else { return nil }
        return start..<(quietSince ?? frameCount)
    }

    /// Ends the open run at `frame`; a new one begins there.
    mutating func cut(at frame: Int) { if start != nil { start = frame } }
}
