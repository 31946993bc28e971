import CArchive
import Foundation
import Transcript

/// All forms of a task's texts in one ZIP file, for programs that know no packages.
@safe package final class PackageZip {
    private let path: String
    private let hidden: String
    private let modified: Int
    /// Unsafe: made in `init`, freed in `deinit`, used by nobody else.
    private let archive: OpaquePointer

    /// Writes the file beside, syncs it, and gives it its name.
    ///
    /// - Parameter package: the package's own bytes.
    /// - Throws: `PackageError`.
    package static func write(
        _ contents: PackageContents, package: [UInt8], to path: String, borders: PackageContents.Borders
    ) throws(PackageError) {
        let zip = try PackageZip(path: path, modified: Int(contents.finishedMs / 1_000))
        try zip.add(package, as: "\(contents.textNumber ?? "task").vlpk")
        if contents.transcript != nil {
            for format in TranscriptFormat.allCases {
                try zip.add(contents.transcript(format, borders: borders), as: "transcript.\(format.fileExtension)")
            }
        }
        if let text = contents.text { try zip.add(text, as: contents.kind == .audio ? "reference.txt" : "text.txt") }
        if let report = contents.accuracy { try zip.add(jsonLine(report) + "\n", as: "accuracy.json") }
        for text in contents.translations {
            let isTimed = text.sentences.allSatisfy { $0.start != nil && $0.end != nil } && text.source == .audio
            for format in [TranscriptFormat.text, .tsv] + (isTimed ? [.srt, .vtt] : []) {
                let name = "\(text.source.rawValue)/\(text.language.rawValue).\(format.fileExtension)"
                try zip.add(contents.file(format, text.language, text.source, borders: borders), as: name)
            }
        }
        try zip.commit()
    }

    private init(path: String, modified: Int) throws(PackageError) {
        self.path = path
        self.modified = modified
        hidden = URL(fileURLWithPath: path).deletingLastPathComponent().path + "/.voicelingua-\(UUID().uuidString).part"
        guard let archive = unsafe archive_write_new() else { preconditionFailure("out of memory") }
        unsafe self.archive = unsafe archive
        guard unsafe archive_write_set_format_zip(archive) == ARCHIVE_OK,
            unsafe archive_write_open_filename(archive, hidden) == ARCHIVE_OK
        else { throw problem }
    }

    deinit {
        unsafe archive_write_free(archive)
        // After a commit nothing has this name.
        unsafe unlink(hidden)
    }

    private func add(_ text: String, as name: String) throws(PackageError) { try add(Array(text.utf8), as: name) }

    private func add(_ bytes: [UInt8], as name: String) throws(PackageError) {
        guard let entry = unsafe archive_entry_new() else { preconditionFailure("out of memory") }
        // Made here, freed here; the name and the bytes live during the calls.
        defer { unsafe archive_entry_free(entry) }
        unsafe archive_entry_set_pathname_utf8(entry, name)
        unsafe archive_entry_set_size(entry, la_int64_t(bytes.count))
        unsafe archive_entry_set_filetype(entry, S_IFREG)
        unsafe archive_entry_set_perm(entry, 0o644)
        unsafe archive_entry_set_mtime(entry, modified, 0)
        guard unsafe archive_write_header(archive, entry) == ARCHIVE_OK,
            unsafe archive_write_data(archive, bytes, bytes.count) == bytes.count
        else { throw problem }
    }

    private func commit() throws(PackageError) {
        guard unsafe archive_write_close(archive) == ARCHIVE_OK else { throw problem }
        let descriptor = unsafe open(hidden, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(errno) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0, unsafe rename(hidden, path) == 0 else { throw failure(errno) }
    }

    private func failure(_ code: Int32) -> PackageError {
        .notWritten(path: path, reason: unsafe String(cString: strerror(code)))
    }

    private var problem: PackageError {
        let reason = unsafe archive_error_string(archive).map { unsafe String(cString: $0) }
        return .notWritten(path: path, reason: reason ?? "the archive does not say why")
    }
}
