import Foundation

/// A file that appears under its name whole or not at all.
///
/// It is written beside, in a hidden file, and renamed by `commit`. Without a commit the hidden file goes with this
/// object, and what stood under the name stays.
package final class ResultFile {
    package let path: String
    private let hidden: String
    private let descriptor: Int32
    private var isCommitted = false

    /// - Throws: `TranscriptError`.
    package init(path: String) throws(TranscriptError) {
        self.path = path
        let folder = ResultFile.folder(of: path)
        hidden = folder + "/.voicelingua-" + UUID().uuidString + ".part"
        descriptor = unsafe open(hidden, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw ResultFile.error(errno, path) }
    }

    deinit {
        guard descriptor >= 0 else { return }
        close(descriptor)
        if !isCommitted { unsafe unlink(hidden) }
    }

    /// Writes the whole file at once.
    ///
    /// - Throws: `TranscriptError`.
    package static func write(_ text: String, to path: String) throws(TranscriptError) {
        let file = try ResultFile(path: path)
        try file.write(text)
        try file.commit()
    }

    /// The same with bytes of any kind.
    ///
    /// - Throws: `TranscriptError`.
    package static func write(_ bytes: [UInt8], to path: String) throws(TranscriptError) {
        let file = try ResultFile(path: path)
        let code = writeAll(bytes, to: file.descriptor)
        guard code == 0 else { throw error(code, path) }
        try file.commit()
    }

    /// Writes all of a text to an open descriptor.
    ///
    /// - Returns: 0, or the `errno` that ended it.
    package static func writeAll(_ text: String, to descriptor: Int32) -> Int32 {
        writeAll(Array(text.utf8), to: descriptor)
    }

    private static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
        var written = 0
        while written < bytes.count {
            let put = unsafe bytes.withUnsafeBytes {
                // Unsafe: the kernel reads the part of the array that is not written yet.
                unsafe Foundation.write(descriptor, $0.baseAddress! + written, bytes.count - written)
            }
            if put < 0 && errno == EINTR { continue }
            guard put > 0 else { return errno }
            written += put
        }
        return 0
    }

    /// Adds text at the end.
    ///
    /// - Throws: `TranscriptError`.
    package func write(_ text: String) throws(TranscriptError) {
        precondition(!isCommitted, "written after the commit")
        let code = ResultFile.writeAll(text, to: descriptor)
        guard code == 0 else { throw ResultFile.error(code, path) }
    }

    /// Gives the file its name; it outlives a power failure from here on.
    ///
    /// - Throws: `TranscriptError`.
    package func commit() throws(TranscriptError) {
        precondition(!isCommitted, "committed twice")
        guard fsync(descriptor) == 0, unsafe rename(hidden, path) == 0 else { throw ResultFile.error(errno, path) }
        isCommitted = true
        let folder = unsafe open(ResultFile.folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { return }
        // Some file systems cannot do this for a folder; the file is whole all the same.
        fsync(folder)
        close(folder)
    }

    private static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    private static func error(_ number: Int32, _ path: String) -> TranscriptError {
        switch number {
        case ENOENT, ENOTDIR: .folderMissing(path: path)
        case EACCES, EPERM, EROFS: .notAllowed(path: path)
        case EISDIR, ENOTEMPTY, EEXIST: .isDirectory(path: path)
        case ENOSPC, EDQUOT, EFBIG: .full(path: path)
        default: .notWritten(path: path, reason: unsafe String(cString: strerror(number)))
        }
    }
}
