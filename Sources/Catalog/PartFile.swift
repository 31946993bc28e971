import Crypto
import Foundation
import Transcript

/// A file on its way: `NAME.part`, hashed as it grows, capped, renamed to its name when it is what was promised.
///
/// Owned by one thread at a time.
final class PartFile {
    let file: ExpectedFile
    private(set) var count = 0
    /// The length a server said the whole has; nil where none did.
    private var announcedBytes: Int?
    private let path: String
    private let options: PullOptions
    private let handle: FileHandle
    private var hash = SHA256()

    /// - Parameter path: the final path; folders on the way are made.
    init(_ file: ExpectedFile, path: String, options: PullOptions) throws(CatalogError) {
        self.file = file
        self.path = path
        self.options = options
        let part = path + ".part"
        try options.beforeDiskStep(part)
        do {
            try FileManager.default.createDirectory(
                atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            if !FileManager.default.fileExists(atPath: part) {
                try Data().write(to: URL(fileURLWithPath: part))
            }
            handle = try FileHandle(forUpdating: URL(fileURLWithPath: part))
        } catch { throw .disk(path: part, reason: error.localizedDescription) }
    }

    /// How many bytes the whole has; nil where neither the catalog nor a server says.
    var sizeBytes: Int? { announcedBytes ?? (file.isExact ? file.sizes.upperBound : nil) }

    var isWhole: Bool { count > 0 && count == sizeBytes }

    /// Takes the word of a server for the length of the whole.
    ///
    /// - Throws: `CatalogError.wrongSize`, `tooLarge`.
    func announce(_ sizeBytes: Int) throws(CatalogError) {
        try file.check(sizeBytes: sizeBytes)
        announcedBytes = sizeBytes
    }

    deinit { try? handle.close() }  // What counts was synchronised before.

    /// Reads what an earlier pull left, so that the next bytes are appended to it.
    func takeUp() throws(CatalogError) {
        do {
            while let piece = try handle.read(upToCount: PullOptions.pieceBytes), !piece.isEmpty {
                hash.update(data: piece)
                count += piece.count
            }
        } catch { throw .disk(path: path + ".part", reason: error.localizedDescription) }
        if count > file.sizes.upperBound { try startOver() }
    }

    func startOver() throws(CatalogError) {
        try options.beforeDiskStep(path + ".part")
        do {
            try handle.truncate(atOffset: 0)
            try handle.seek(toOffset: 0)
        } catch { throw .disk(path: path + ".part", reason: error.localizedDescription) }
        hash = SHA256()
        count = 0
        announcedBytes = nil
    }

    /// - Throws: `CatalogError.tooLarge` before a byte past the largest size expected is written.
    func append(_ piece: Data) throws(CatalogError) {
        let largest = sizeBytes ?? file.sizes.upperBound
        guard count + piece.count <= largest else { throw .tooLarge(file: file.name, limitBytes: largest) }
        try options.beforeDiskStep(path + ".part")
        do { try handle.write(contentsOf: piece) } catch {
            throw .disk(path: path + ".part", reason: error.localizedDescription)
        }
        hash.update(data: piece)
        count += piece.count
        options.progress(.receiving(file: file.name, bytes: count, of: sizeBytes))
    }

    /// Makes the file durable and gives it its name.
    ///
    /// - Throws: `CatalogError.wrongSize` or `wrongHash`; then the part is gone.
    func finish() throws(CatalogError) {
        let found = hexadecimal(hash.finalize())
        do throws(CatalogError) {
            try file.check(sizeBytes: count)
            guard found.hasPrefix(file.sha256Begins) else {
                throw .wrongHash(file: file.name, expected: file.sha256Begins, found: found)
            }
        } catch {
            try discard()
            throw error
        }
        try options.beforeDiskStep(path + ".part")
        do { try handle.synchronize() } catch {
            throw .disk(path: path + ".part", reason: error.localizedDescription)
        }
        try options.beforeDiskStep(path)
        try rename(path + ".part", to: path)
    }

    func discard() throws(CatalogError) { try remove(path + ".part") }
}

/// Renames a file or folder over what has the name, and makes that durable.
func rename(_ old: String, to new: String) throws(CatalogError) {
    // C strings that live for the call.
    guard unsafe Foundation.rename(old, new) == 0 else { throw .disk(path: new, reason: lastSystemError()) }
    let folder = unsafe open((new as NSString).deletingLastPathComponent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw .disk(path: new, reason: lastSystemError()) }
    defer { close(folder) }
    guard fsync(folder) == 0 else { throw .disk(path: new, reason: lastSystemError()) }
}

/// Removes a file or folder; nothing there is as good.
func remove(_ path: String) throws(CatalogError) {
    do { try FileManager.default.removeItem(atPath: path) } catch let error as CocoaError
        where error.code == .fileNoSuchFile
    {
        return
    } catch { throw .disk(path: path, reason: error.localizedDescription) }
}

func lastSystemError() -> String { unsafe String(cString: strerror(errno)) }
