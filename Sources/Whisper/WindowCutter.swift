/// Decides which parts of a recording are decoded together: speech cut at pauses into stretches that fit a window.
///
/// Long silences are left out, but for a little air around speech; short ones stay, so that a short recording is heard
/// just as it is.
package struct WindowCutter {
    /// Silence longer than this is removed: 2 s.
    static let keptPauseFramesMax = frames(2)
    /// Air kept before and after speech: 400 ms.
    package static let padFrames = frames(0.4)
    /// A full window is cut at its longest pause from here on: 20 s.
    static let cutFramesMin = frames(20)
    /// Most frames of a window: 30 s, whole frames.
    package static let windowFramesMax = LogMel.samplesMax / VoiceActivityModel.frameSamples

    /// A pause longer than this ends a window, full or not: 10 s. What is said around it hardly belongs together.
    package static let pauseFramesMax = frames(10)
    /// Longest stretch of a recording whose audio is held for one window, pauses included: 2 min.
    package static let heldFramesMax = frames(120)

    private static func frames(_ seconds: Double) -> Int {
        Int(seconds * Double(LogMel.sampleRateHz)) / VoiceActivityModel.frameSamples
    }

    /// Frames to decode together.
    package struct Cut: Equatable {
        /// Frames of the recording, in order.
        package var pieces: [Range<Int>]
        /// Where the last speech in them ends.
        package var speechEnd: Int
        package var speechFrames: Int
    }

    private var runs = SpeechRuns()
    /// Finished runs that belong to the window under way.
    private var gathered: [Range<Int>] = []
    /// Probabilities since the start of the open run, to cut it where it is quietest.
    private var openProbabilities: [Float] = []
    /// Where the last window ended: air is never taken twice.
    private var taken = 0
    private var hasEnded = false

    package init() {}

    /// First frame whose audio is still needed.
    package var neededFrom: Int {
        let first = gathered.first?.lowerBound ?? runs.openStart ?? runs.frameCount
        return airStart(first)
    }

    /// Where the air before speech at `frame` begins.
    private func airStart(_ frame: Int) -> Int {
        taken == 0 && frame <= WindowCutter.keptPauseFramesMax ? 0 : max(taken, frame - WindowCutter.padFrames)
    }

    /// Takes the probability of the next frame.
    package mutating func add(_ probability: Float) -> [Cut] {
        if let run = runs.add(probability) { gathered.append(run) }
        if let start = runs.openStart {
            openProbabilities.append(probability)
            return cutOpenRun(start)
        }
        openProbabilities = []
        guard let first = gathered.first, let last = gathered.last else { return [] }
        // Nobody has spoken for long, or too little: do not hold back what was said before.
        let isLate =
            runs.frameCount - last.upperBound > WindowCutter.pauseFramesMax
            || runs.frameCount - first.lowerBound > WindowCutter.heldFramesMax
        return isLate ? cutAll() : []
    }

    /// Takes the end of the recording.
    package mutating func finish() -> [Cut] {
        hasEnded = true
        if let run = runs.finish() { gathered.append(run) }
        return cutAll()
    }

    /// Windows of all that is gathered.
    private mutating func cutAll() -> [Cut] {
        var cuts: [Cut] = []
        while !gathered.isEmpty {
            let fitting = fittingCount(gathered)
            cuts.append(cut(fitting < gathered.count ? longestPause(fitting) : fitting, next: nil))
        }
        return cuts
    }

    /// Closes windows once the open run no longer fits with what came before it, or alone.
    private mutating func cutOpenRun(_ start: Int) -> [Cut] {
        var cuts: [Cut] = []
        while !gathered.isEmpty {
            let all = gathered + [start..<runs.frameCount]
            let fitting = fittingCount(all)
            guard fitting < all.count else { return cuts }
            cuts.append(cut(longestPause(fitting), next: start))
        }
        guard length([start..<runs.frameCount]) >= WindowCutter.windowFramesMax else { return cuts }
        let from = WindowCutter.cutFramesMin
        // Present: the run is longer than `from`.
        let quietest = openProbabilities.indices.dropFirst(from).min { openProbabilities[$0] < openProbabilities[$1] }!
        let frame = start + quietest
        gathered = [start..<frame]
        cuts.append(cut(1, next: frame))
        runs.cut(at: frame)
        openProbabilities.removeFirst(quietest)
        return cuts
    }

    /// How many of the first runs fit a window; at least one.
    private func fittingCount(_ runs: [Range<Int>]) -> Int {
        var count = 1
        while count < runs.count, length(Array(runs.prefix(count + 1))) <= WindowCutter.windowFramesMax { count += 1 }
        return count
    }

    private func length(_ runs: [Range<Int>]) -> Int { pieces(runs, next: nil).reduce(0) { $0 + $1.count } }

    /// Runs of the window that ends at the longest pause of its last third; `fitting` where there is none.
    private func longestPause(_ fitting: Int) -> Int {
        var best = (pause: 0, count: fitting)
        for count in 1...fitting where count < gathered.count || runs.openStart != nil {
            guard length(Array(gathered.prefix(count))) >= WindowCutter.cutFramesMin || count == fitting else {
                continue
            }
            let next = count < gathered.count ? gathered[count].lowerBound : runs.openStart ?? runs.frameCount
            let pause = next - gathered[count - 1].upperBound
            if pause >= best.pause { best = (pause, count) }
        }
        return best.count
    }

    /// The window of the first `count` gathered runs, which leave.
    private mutating func cut(_ count: Int, next: Int?) -> Cut {
        let own = Array(gathered.prefix(count))
        gathered.removeFirst(count)
        let cut = Cut(
            pieces: pieces(own, next: gathered.first?.lowerBound ?? next), speechEnd: own[own.count - 1].upperBound,
            speechFrames: own.reduce(0) { $0 + $1.count })
        taken = cut.pieces[cut.pieces.count - 1].upperBound
        return cut
    }

    /// Runs with their air, joined where the pause between them is short.
    ///
    /// - Parameter next: where speech goes on behind them; air stops half-way to it.
    private func pieces(_ runs: [Range<Int>], next: Int?) -> [Range<Int>] {
        var pieces: [Range<Int>] = []
        for run in runs {
            if let last = pieces.last,
                run.lowerBound - (last.upperBound - WindowCutter.padFrames) <= WindowCutter.keptPauseFramesMax
            {
                pieces[pieces.count - 1] = last.lowerBound..<run.upperBound + WindowCutter.padFrames
            } else {
                pieces.append(
                    min(airStart(run.lowerBound), run.lowerBound)..<run.upperBound + WindowCutter.padFrames)
            }
        }
        guard let last = pieces.last, let end = runs.last?.upperBound else { return [] }
        let frameCount = self.runs.frameCount
        var stop = min(last.upperBound, frameCount)
        if let next {
            stop = min(stop, end + (next - end + 1) / 2)
        } else if hasEnded, frameCount - end <= WindowCutter.keptPauseFramesMax {
            stop = frameCount
        }
        // Air is the first to go where a window is full.
        stop = min(stop, last.lowerBound + WindowCutter.windowFramesMax - pieces.dropLast().reduce(0) { $0 + $1.count })
        pieces[pieces.count - 1] = last.lowerBound..<max(end, stop)
        return pieces
    }
}
