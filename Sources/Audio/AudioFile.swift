import Foundation

/// An input opened for reading at any place: a plain file, or what a pipe held.
///
/// Decoders get the open file, never its name: a name that starts with a dash or reads like an address means nothing
/// to them, and a file exchanged after the checks is not read.
package final class AudioFile {
    /// What people are told it is called.
    let name: String
    let descriptor: Int32
    let sizeBytes: Int

    /// - Throws: `missing`, `unreadable`, `isDirectory`, `notAFile`, `empty`, `tooLarge`, `spoolFailed`.
    package convenience init(path: String, limits: AudioLimits) throws(AudioError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw errno == ENOENT || errno == ENOTDIR
                ? .missing(file: path) : .unreadable(file: path, reason: systemReason(errno))
        }
        try self.init(adopting: descriptor, name: path, limits: limits)
    }

    /// Standard input: a file that was redirected is read from its start; a pipe, or the socket that takes its place
    /// under some parents, to its end.
    convenience init(standardInput limits: AudioLimits) throws(AudioError) {
        let name = "standard input"
        let descriptor = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
        guard descriptor >= 0 else { throw .unreadable(file: name, reason: systemReason(errno)) }
        try self.init(adopting: descriptor, name: name, limits: limits)
    }

    private init(adopting opened: Int32, name: String, limits: AudioLimits) throws(AudioError) {
        var descriptor = opened
        do throws(AudioError) {
            var status = try AudioFile.status(of: descriptor, name: name)
            if [S_IFIFO, S_IFSOCK].contains(status.st_mode & S_IFMT) {
                descriptor = try spool(descriptor, name: name, bytesMax: limits.bytesMax)
                close(opened)
                status = try AudioFile.status(of: descriptor, name: name)
            }
            switch status.st_mode & S_IFMT {
            case S_IFREG: break
            case S_IFDIR: throw .isDirectory(file: name)
            default: throw .notAFile(file: name)
            }
            guard status.st_size > 0 else { throw .empty(file: name) }
            guard status.st_size <= limits.bytesMax else {
                throw .tooLarge(file: name, bytesMax: limits.bytesMax)
            }
            self.name = name
            self.descriptor = descriptor
            sizeBytes = Int(status.st_size)
        } catch {
            close(descriptor)
            throw error
        }
    }

    deinit { close(descriptor) }

    private static func status(of descriptor: Int32, name: String) throws(AudioError) -> stat {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else {
            throw .unreadable(file: name, reason: systemReason(errno))
        }
        return status
    }

    /// - Returns: nil when it is no WAV file.
    /// - Throws: `unreadable`.
    package func wavHeader() throws(AudioError) -> WAVHeader? {
        WAVHeader(try bytes(at: 0, count: min(sizeBytes, WAVHeader.sizeBytesMax)), fileBytes: sizeBytes)
    }

    /// - Returns: the bytes from `offset`, fewer than `count` only at the end of the file.
    func bytes(at offset: Int, count: Int) throws(AudioError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = unsafe bytes.withUnsafeMutableBytes {
                // Unsafe: the kernel writes into the part of the array that is not filled yet.
                unsafe pread(descriptor, $0.baseAddress! + filled, count - filled, off_t(offset + filled))
            }
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw .unreadable(file: name, reason: systemReason(errno)) }
            if got == 0 { break }
            filled += got
        }
        bytes.removeLast(count - filled)
        return bytes
    }
}

/// Copies a pipe into a temporary file without a name: several containers keep their index at the end.
private func spool(_ pipe: Int32, name: String, bytesMax: Int) throws(AudioError) -> Int32 {
    let file = try unnamedFile()
    do throws(AudioError) {
        var block = [UInt8](repeating: 0, count: 1 << 18)
        var total = 0
        while true {
            let got = unsafe read(pipe, &block, block.count)
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw .unreadable(file: name, reason: systemReason(errno)) }
            if got == 0 { return file }
            total += got
            guard total <= bytesMax else { throw .tooLarge(file: name, bytesMax: bytesMax) }
            var written = 0
            while written < got {
                let put = unsafe block.withUnsafeBytes {
                    // Unsafe: the kernel reads the part of the block that came from the pipe.
                    unsafe write(file, $0.baseAddress! + written, got - written)
                }
                if put < 0 && errno == EINTR { continue }
                guard put > 0 else { throw spoolFailed(errno) }
                written += put
            }
        }
    } catch {
        close(file)
        throw error
    }
}

/// The system's words for an error number.
func systemReason(_ number: Int32) -> String { unsafe String(cString: strerror(number)) }
