import Foundation

/// How far a call is, how fast, and how long it will take; on terminals only.
package struct ProgressBar {
    private let line = StatusLine()
    private let count: Int
    private let start = ContinuousClock.now
    private var shown: ContinuousClock.Instant?
    /// Lengths and seconds done of the recordings that are open.
    private var open: [Int: (duration: Double?, done: Double)] = [:]
    private var finishedCount = 0
    private var finishedSeconds = 0.0

    /// Time between two pictures of it.
    private static let interval = Duration.milliseconds(100)
    /// Characters of the bar itself.
    private static let width = 24

    /// Part of the work from which on speed and time left are more than a guess.
    private static let shareMin = 0.05

    /// - Parameter count: recordings of the call.
    package init(count: Int) { self.count = count }

    /// - Parameter duration: seconds, nil where no header tells.
    package mutating func open(_ number: Int, duration: Double?) { open[number] = (duration, 0) }

    package mutating func show(_ number: Int, done seconds: Double) {
        open[number]?.done = seconds
        let now = ContinuousClock.now
        guard line.isTerminal, shown.map({ now - $0 >= ProgressBar.interval }) ?? true else { return }
        shown = now
        line.change(text(elapsed: (now - start) / .seconds(1)))
    }

    package mutating func close(_ number: Int, seconds: Double) {
        open[number] = nil
        finishedCount += 1
        finishedSeconds += seconds
    }

    package func clear() { line.clear() }

    /// `[######------------------]  25 %  2 of 8 files  18.3 × real time  0:12 left`
    package func text(elapsed: Double) -> String {
        let parts = open.values.map { recording in
            recording.duration.map { $0 > 0 ? min(1, recording.done / $0) : 0 } ?? 0
        }
        let share = min(1, (Double(finishedCount) + parts.reduce(0, +)) / Double(max(1, count)))
        let filled = Int(share * Double(ProgressBar.width))
        let bar = String(repeating: "#", count: filled) + String(repeating: "-", count: ProgressBar.width - filled)
        var text = "[\(bar)] " + String(format: "%3.0f %%", share * 100)
        if count > 1 { text += "  \(finishedCount) of \(count) files" }
        let seconds = open.values.reduce(finishedSeconds) { $0 + $1.done }
        guard share >= ProgressBar.shareMin, elapsed > 0 else { return text }
        let left = Int((elapsed * (1 - share) / share).rounded(.up))
        return text + String(format: "  %.1f × real time  %d:%02d left", seconds / elapsed, left / 60, left % 60)
    }
}
