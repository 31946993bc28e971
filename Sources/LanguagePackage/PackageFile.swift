import Foundation
import Synchronization

/// A file that is read in pieces by place, or written once.
package final class PackageFile: Sendable {
    package let path: String
    private let descriptor: Int32
    private let bytesReadTotal = Atomic(0)

    /// Bytes read so far.
    package var bytesRead: Int { bytesReadTotal.load(ordering: .relaxed) }

    /// Opens a file to read it.
    ///
    /// - Throws: `PackageError.notRead`.
    package init(path: String) throws(PackageError) {
        self.path = path
        descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .notRead(path: path, reason: unsafe String(cString: strerror(errno))) }
    }

    private init(path: String, descriptor: Int32) {
        self.path = path
        self.descriptor = descriptor
    }

    /// Opens a file to write it from its start; only its owner may read a new one.
    ///
    /// - Throws: `PackageError.notWritten`.
    static func made(_ path: String) throws(PackageError) -> PackageFile {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .notWritten(path: path, reason: unsafe String(cString: strerror(errno))) }
        return PackageFile(path: path, descriptor: descriptor)
    }

    deinit { Foundation.close(descriptor) }

    /// As many bytes from a place as there are, up to `count`.
    ///
    /// - Throws: `PackageError.notRead`.
    func read(at offset: Int, _ count: Int) throws(PackageError) -> [UInt8] {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: min(count, 1 << 16))
        while bytes.count < count {
            let wanted = min(buffer.count, count - bytes.count)
            // The buffer has at least as many bytes.
            let got = unsafe pread(descriptor, &buffer, wanted, off_t(offset + bytes.count))
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw .notRead(path: path, reason: unsafe String(cString: strerror(errno))) }
            guard got > 0 else { break }
            bytes += buffer[..<got]
            bytesReadTotal.add(got, ordering: .relaxed)
        }
        return bytes
    }

    /// Writes all of it, until it would outlive a power failure.
    ///
    /// - Throws: `PackageError.notWritten`.
    func write(_ bytes: [UInt8]) throws(PackageError) {
        var written = 0
        while written < bytes.count {
            // The kernel reads the part of the array that is not written yet.
            let put = unsafe bytes.withUnsafeBytes {
                unsafe Foundation.write(descriptor, $0.baseAddress! + written, bytes.count - written)
            }
            if put < 0 && errno == EINTR { continue }
            guard put > 0 else { throw .notWritten(path: path, reason: unsafe String(cString: strerror(errno))) }
            written += put
        }
        guard fsync(descriptor) == 0 else {
            throw .notWritten(path: path, reason: unsafe String(cString: strerror(errno)))
        }
    }
}
