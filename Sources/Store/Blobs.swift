import Foundation

/// Where a blob lies: `uploads/NAME` or `packages/NAME`.
package struct BlobKey: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
    package let rawValue: String
    package init(rawValue: String) { self.rawValue = rawValue }
    package var description: String { rawValue }

    /// Whether it leads to a file of a folder of blobs and nowhere else.
    package var isPlain: Bool {
        let parts = rawValue.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, Blobs.kinds.contains(String(parts[0])) else { return false }
        let name = parts[1].utf8
        let dash = UInt8(ascii: "-")
        return !name.isEmpty
            && name.allSatisfy {
                $0 == dash || (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
            }
    }

    /// The time its name tells, milliseconds since 1970; nil where it tells none.
    var ms: Int64? { rawValue.split(separator: "/").last.flatMap { UUIDSequence.ms(of: String($0)) } }
}

/// Files: written whole or not at all, synced before they get their name.
package struct Blobs: Sendable {
    package static let kinds = ["uploads", "packages"]

    package let folder: String
    /// When this process began, milliseconds since 1970.
    private let begunMs: Int64
    private let ids = IDSource()
    private let now: @Sendable () -> Int64

    /// A file on its way: bytes are written to `path`, then it is given its name.
    package struct Upload: Sendable {
        package let key: BlobKey
        /// Of a file that is there and empty, only the owner may read it.
        package let path: String
    }

    /// Makes the folders where they are missing.
    ///
    /// - Throws: `StoreError.full`, `.notOpened`.
    init(folder: String, now: @escaping @Sendable () -> Int64) throws(StoreError) {
        self.folder = folder
        self.now = now
        begunMs = now()
        for kind in Blobs.kinds {
            do {
                try FileManager.default.createDirectory(
                    atPath: "\(folder)/incoming/\(kind)", withIntermediateDirectories: true)
                try FileManager.default.createDirectory(atPath: "\(folder)/\(kind)", withIntermediateDirectories: true)
            } catch { throw .notOpened(path: "\(folder)/\(kind)", why: error.localizedDescription) }
        }
    }

    /// - Parameter kind: `uploads` or `packages`.
    /// - Throws: `StoreError.full`, `.notOpened`.
    package func begin(_ kind: String) throws -> Upload {
        precondition(Blobs.kinds.contains(kind), "blobs are uploads or packages")
        let key = BlobKey(rawValue: "\(kind)/\(ids.next(nowMs: now()).id)")
        let path = "\(folder)/incoming/\(key)"
        // A C string that lives for the call.
        let file = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw StoreError(systemErrorAt: path) }
        close(file)
        return Upload(key: key, path: path)
    }

    /// Syncs the file, names it, syncs the folder.
    ///
    /// - Throws: `StoreError.full`, `.notOpened`; then the blob is not there, or is whole and nobody's.
    package func commit(_ upload: Upload) throws {
        try synchronize(upload.path)
        let path = path(upload.key)
        // C strings that live for the call.
        guard unsafe rename(upload.path, path) == 0 else { throw StoreError(systemErrorAt: path) }
        try synchronize((path as NSString).deletingLastPathComponent)
    }

    package func abandon(_ upload: Upload) {
        // A file that cannot be removed now is swept when the process starts again.
        _ = unsafe unlink(upload.path)
    }

    /// The path of a blob for reading.
    package func path(_ key: BlobKey) -> String {
        precondition(key.isPlain, "\(key) is no key of a blob")
        return folder + "/" + key.rawValue
    }

    /// Removes blobs; those that are gone already are no error.
    ///
    /// - Throws: `StoreError.notOpened` of the first that could not be removed, after all the others.
    package func remove(_ keys: [BlobKey]) throws {
        var failure: StoreError?
        for key in keys {
            let path = path(key)
            // A C string that lives for the call.
            if unsafe unlink(path) != 0 && errno != ENOENT { failure = failure ?? StoreError(systemErrorAt: path) }
        }
        if let failure { throw failure }
    }

    /// Removes what no upload will finish any more: files of uploads begun before this process.
    package func sweep() throws {
        for kind in Blobs.kinds {
            for name in try names(in: "incoming/\(kind)") {
                guard let ms = UUIDSequence.ms(of: name), ms < begunMs else { continue }
                _ = unsafe unlink("\(folder)/incoming/\(kind)/\(name)")
            }
        }
    }

    /// Blobs that have had their names since before a time, milliseconds since 1970. Reads folders: not for a
    /// cooperative thread.
    func keys(namedBeforeMs: Int64) throws -> [BlobKey] {
        try Blobs.kinds.flatMap { kind in
            try names(in: kind).map { BlobKey(rawValue: "\(kind)/\($0)") }.filter { key in
                // What no process of ours named is left alone.
                guard key.isPlain, key.ms != nil, let ms = namedMs(key) else { return false }
                return ms < namedBeforeMs
            }
        }
    }

    /// When a blob got its name, by the clock of the system: an upload may take hours before it does. Nil where it is
    /// gone.
    private func namedMs(_ key: BlobKey) -> Int64? {
        var facts = stat()
        // A C string and a struct that live for the call; a rename sets the time of change.
        guard unsafe stat(path(key), &facts) == 0 else { return nil }
        return Int64(facts.st_ctim.tv_sec) * 1000 + Int64(facts.st_ctim.tv_nsec) / 1_000_000
    }

    private func names(in subfolder: String) throws -> [String] {
        let path = "\(folder)/\(subfolder)"
        do { return try FileManager.default.contentsOfDirectory(atPath: path).sorted() } catch {
            throw StoreError.notOpened(path: path, why: error.localizedDescription)
        }
    }
}

/// Makes a file or the names in a folder survive a power failure.
///
/// - Throws: `StoreError.full`, `.notOpened`.
func synchronize(_ path: String) throws(StoreError) {
    // A C string that lives for the call.
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw StoreError(systemErrorAt: path) }
    defer { close(file) }
    guard fsync(file) == 0 else { throw StoreError(systemErrorAt: path) }
}

extension StoreError {
    /// What the last call of the system says of a file.
    init(systemErrorAt path: String) {
        let code = errno
        guard code != ENOSPC && code != EDQUOT else {
            self = .full(path: path)
            return
        }
        // A string of the C library, copied at once.
        self = .notOpened(path: path, why: unsafe String(cString: strerror(code)))
    }
}
