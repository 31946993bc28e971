/// Pieces of a recording laid end to end, and the way back to the recording's own time.
package struct Timeline: Sendable, Equatable {
    /// Samples of the recording, in order, apart from each other.
    package let pieces: [Range<Int>]

    package init(pieces: [Range<Int>]) { self.pieces = pieces }

    package var sampleCount: Int { pieces.reduce(0) { $0 + $1.count } }

    /// The recording's seconds of a moment where something begins: at a seam, the piece behind it.
    package func start(_ seconds: Double) -> Double { moment(seconds) { $0 < $1 } }

    /// The recording's seconds of a moment where something ends: at a seam, the piece before it.
    package func end(_ seconds: Double) -> Double { moment(seconds) { $0 <= $1 } }

    private func moment(_ seconds: Double, isInside: (Double, Double) -> Bool) -> Double {
        let rate = Double(LogMel.sampleRateHz)
        var rest = max(0, seconds) * rate
        for piece in pieces.dropLast() {
            if isInside(rest, Double(piece.count)) { return (Double(piece.lowerBound) + rest) / rate }
            rest -= Double(piece.count)
        }
        guard let last = pieces.last else { return seconds }
        return (Double(last.lowerBound) + min(rest, Double(last.count))) / rate
    }
}
