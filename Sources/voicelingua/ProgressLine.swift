import Catalog
import Synchronization

/// What a pull is doing, on standard error: a line that changes where that is a terminal, and only what one has to
/// know where it is not.
final class ProgressLine: Sendable {
    private let line = StatusLine()
    /// Per cent shown last, so that a line is written a hundred times a file and not for every piece.
    private let shown = Mutex<(file: String, percent: Int)>(("", -1))

    func show(_ progress: PullProgress) {
        switch progress {
        case .waiting(let model): line.say("\(model): another process pulls it; waiting")
        case .downloading(let wheel): line.change("\(wheel): downloading")
        case .receiving(let file, let bytes, let size):
            let percent = size == 0 ? 100 : Int(Double(bytes) / Double(size) * 100)
            let isNew = shown.withLock { last in
                guard last != (file, percent) else { return false }
                last = (file, percent)
                return true
            }
            if isNew { line.change("\(file): \(percent) % of \(megabytes(size))") }
        case .sourceFailed(let error): line.change("\(error); trying the next source")
        case .recorded(let file, let hash):
            line.say("\(file): nobody has published its hash; trusted on first use, recorded as sha256 \(hash)")
        }
    }

    func clear() { line.clear() }
}
