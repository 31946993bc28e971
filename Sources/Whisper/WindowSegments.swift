/// What the tokens of one window say: stretches of text with their times, and where the next window begins.
///
/// - Source: openai/whisper `transcribe.py`.
package struct WindowSegments: Equatable {
    package struct Piece: Equatable {
        /// Seconds from the start of the window.
        package var start: Double
        package var end: Double
        /// Text tokens with the timestamps around them.
        package var tokens: [Int]

        package init(start: Double, end: Double, tokens: [Int]) {
            self.start = start
            self.end = end
            self.tokens = tokens
        }
    }

    package let pieces: [Piece]
    /// Seconds from the start of this window to the start of the next.
    package let advance: Double
    /// The window ends with text and one timestamp: nothing was begun and left open.
    package let endsWithSingleTime: Bool

    /// - Parameter windowSeconds: audio the window really holds.
    package init(_ tokens: [Int], windowSeconds: Double, special: SpecialTokens) {
        // Times may point past the audio, into what pads the window.
        func seconds(_ token: Int) -> Double { min(special.seconds(token), windowSeconds) }
        func isTime(_ index: Int) -> Bool { tokens[index] >= special.timestamps.lowerBound }
        endsWithSingleTime = tokens.count >= 2 && isTime(tokens.count - 1) && !isTime(tokens.count - 2)
        // A segment ends where two timestamps stand side by side.
        var cuts = tokens.indices.dropFirst().filter { isTime($0) && isTime($0 - 1) }
        guard !cuts.isEmpty else {
            let last = tokens.last { $0 > special.timestamps.lowerBound }
            pieces = [Piece(start: 0, end: last.map(seconds) ?? windowSeconds, tokens: tokens)]
            advance = windowSeconds
            return
        }
        if endsWithSingleTime { cuts.append(tokens.count) }
        pieces = zip([0] + cuts, cuts).map { from, to in
            Piece(
                start: seconds(tokens[from]), end: seconds(tokens[to - 1]),
                tokens: Array(tokens[from..<to]))
        }
        advance = endsWithSingleTime ? windowSeconds : seconds(tokens[cuts[cuts.count - 1] - 1])
    }
}
