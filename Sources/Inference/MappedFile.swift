import Foundation

/// A file mapped for reading; pages come from disk as they are read and leave memory under pressure.
@safe package final class MappedFile: @unchecked Sendable {
    package let path: String
    package let count: Int
    /// Unsafe: valid until `deinit`; read-only, so sharing it between threads is harmless.
    private let base: UnsafeRawPointer?

    /// - Throws: `POSIXError` when the file cannot be opened, is no plain file, or cannot be mapped.
    package init(path: String) throws {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        defer { close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw POSIXError(.EINVAL) }
        self.path = path
        count = Int(status.st_size)
        guard count > 0 else {
            unsafe base = nil
            return
        }
        let address = unsafe mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
        guard let address = unsafe address, unsafe address != MAP_FAILED else {
            throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .ENOMEM)
        }
        unsafe base = UnsafeRawPointer(address)
    }

    deinit {
        if let base = unsafe base { unsafe munmap(UnsafeMutableRawPointer(mutating: base), count) }
    }

    /// Drops what was read from memory; the next read brings it back from disk.
    package func release() {
        if let base = unsafe base { unsafe madvise(UnsafeMutableRawPointer(mutating: base), count, MADV_DONTNEED) }
    }

    /// The bytes of a range; traps outside the file. The caller keeps the file alive while it reads them.
    @unsafe package func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "read past the end of a mapped file")
        return unsafe UnsafeRawBufferPointer(start: base.map { unsafe $0 + range.lowerBound }, count: range.count)
    }

    /// A copy of the bytes of a range.
    package func data(_ range: Range<Int>) -> [UInt8] { unsafe Array(bytes(range)) }
}

/// Reads little-endian fields from the front of a mapped file and never past its end.
package struct FieldReader {
    package private(set) var offset = 0
    private let file: MappedFile

    package init(_ file: MappedFile) { self.file = file }

    package var remaining: Int { file.count - offset }

    /// - Returns: nil at the end of the file.
    package mutating func integer<T: FixedWidthInteger>(_: T.Type) -> T? {
        let size = MemoryLayout<T>.size
        guard remaining >= size else { return nil }
        defer { offset += size }
        return unsafe T(littleEndian: file.bytes(offset..<offset + size).loadUnaligned(as: T.self))
    }

    package mutating func skip(_ count: Int) -> Range<Int>? {
        guard count >= 0, count <= remaining else { return nil }
        defer { offset += count }
        return offset..<offset + count
    }
}
