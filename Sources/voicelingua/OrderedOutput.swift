import Foundation

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
        let bytes = Array(text.utf8)
        var written = 0
        while written < bytes.count {
            let put = unsafe bytes.withUnsafeBytes {
                // Unsafe: the kernel reads the part of the array that is not written yet.
                unsafe Foundation.write(STDOUT_FILENO, $0.baseAddress! + written, bytes.count - written)
            }
            if put < 0 && errno == EINTR { continue }
            guard put > 0 else { throw .outputFailed(reason: unsafe String(cString: strerror(errno))) }
            written += put
        }
    }
}
