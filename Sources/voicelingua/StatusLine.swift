import Foundation
import Transcript

/// The line at the bottom of standard error that changes while something is under way; there is none where standard
/// error is no terminal.
struct StatusLine: Sendable {
    let isTerminal = isatty(STDERR_FILENO) == 1

    /// Characters of a line; a terminal narrower than that is rare, and a line that wraps cannot be taken back.
    private static let widthMax = 79

    /// Puts another text in place of the last one.
    func change(_ text: String) {
        // \u{1B}[K clears the rest of the line.
        if isTerminal { write("\r\(text.prefix(StatusLine.widthMax))\u{1B}[K") }
    }

    func clear() { change("") }

    /// Writes a line that stays, terminal or not.
    func say(_ text: String) {
        clear()
        write(text + "\n")
    }

    private func write(_ text: String) {
        // Where standard error cannot be written, nobody can be told; the work goes on.
        _ = ResultFile.writeAll(text, to: STDERR_FILENO)
    }
}
