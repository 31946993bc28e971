import CArchive
import Foundation

/// A packed file, read once from its start by the system's library.
@safe package final class ArchiveReader {
    enum Form {
        case zip
        /// One file, compressed by gzip or zstd.
        case compressed
    }

    /// What the library is and what it unpacks by itself: `libarchive 3.6.2 zlib/1.2.13 … libzstd/1.5.4`.
    package static var library: String {
        // A constant of the library.
        unsafe String(cString: archive_version_details())
    }

    /// Unsafe: made in `init`, freed in `deinit`, used by nobody else.
    private let archive: OpaquePointer
    private let unreadable: (String) -> CatalogError

    /// - Parameter unreadable: the error for a reason the library gives.
    init(
        path: String, form: Form, unreadable: @escaping (_ reason: String) -> CatalogError
    ) throws(CatalogError) {
        guard let archive = unsafe archive_read_new() else { throw unreadable("out of memory") }
        unsafe self.archive = unsafe archive
        self.unreadable = unreadable
        switch form {
        case .zip: unsafe archive_read_support_format_zip(archive)
        case .compressed:
            unsafe archive_read_support_format_raw(archive)
            unsafe archive_read_support_filter_gzip(archive)
            unsafe archive_read_support_filter_zstd(archive)
        }
        guard unsafe archive_read_open_filename(archive, path, PullOptions.pieceBytes) == ARCHIVE_OK else {
            throw problem()
        }
    }

    deinit { unsafe archive_read_free(archive) }

    /// Goes to the next plain file.
    ///
    /// - Returns: its path in the archive; nil at the end.
    func nextFile() throws(CatalogError) -> String? {
        var entry: OpaquePointer?
        while true {
            let status = unsafe archive_read_next_header(archive, &entry)
            guard status != ARCHIVE_EOF else { return nil }
            guard status == ARCHIVE_OK || status == ARCHIVE_WARN else { throw problem() }
            guard let entry = unsafe entry, let name = unsafe archive_entry_pathname(entry) else { continue }
            if unsafe archive_entry_filetype(entry) == S_IFREG { return unsafe String(cString: name) }
        }
    }

    /// Appends the bytes of the file it is at; the archive decides neither where they go nor how many.
    ///
    /// - Throws: the error of `init`, `CatalogError.tooLarge`.
    func copy(to part: PartFile) throws(CatalogError) {
        var buffer = [UInt8](repeating: 0, count: PullOptions.pieceBytes)
        while true {
            // The buffer lives for the call and its own count bounds the read.
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe archive_read_data(archive, $0.baseAddress, $0.count)
            }
            guard count >= 0 else { throw problem() }
            guard count > 0 else { return }
            try part.append(Data(buffer[..<count]))
        }
    }

    private func problem() -> CatalogError {
        let reason = unsafe archive_error_string(archive).map { unsafe String(cString: $0) }
        return unreadable(reason ?? "it is no archive of a form that is known")
    }
}
