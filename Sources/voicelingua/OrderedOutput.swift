import Foundation
import Transcript

/// Standard output in the order of the inputs: what is done before its turn is held back.
struct OrderedOutput {
    private var waiting: [Int: String] = [:]
    private var next = 0

    /// Puts what came of an input, which may be nothing; every input is put once.
    ///
    /// - Throws: `CommandError.outputFailed`.
    mutating func put(_ text: String, at number: Int) throws(CommandError) {
        waiting[number] = text
        while let text = waiting.removeValue(forKey: next) {
            next += 1
            try write(text)
        }
    }

    private func write(_ text: String) throws(CommandError) {
        let code = ResultFile.writeAll(text, to: STDOUT_FILENO)
        guard code == 0 else { throw .outputFailed(reason: unsafe String(cString: strerror(code))) }
    }
}
