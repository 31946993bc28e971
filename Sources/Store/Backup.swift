import Foundation

extension Database {
    /// Writes the state at one moment into a file, also while others write: aside at first, synced, then named.
    ///
    /// - Throws: `StoreError`; then nothing bears the name that did not before.
    package func backup(to path: String) async throws {
        let part = path + ".part"
        try removeFile(part)
        do {
            try await copy(to: part)
            // Texts of people and hashes of keys: for the owner alone, as the database is.
            guard unsafe chmod(part, 0o600) == 0 else { throw StoreError(systemErrorAt: part) }
            try synchronize(part)
        } catch {
            try removeFile(part)
            throw error
        }
        // C strings that live for the call.
        guard unsafe rename(part, path) == 0 else { throw StoreError(systemErrorAt: path) }
        try synchronize(URL(fileURLWithPath: path).deletingLastPathComponent().path)
    }
}

private func removeFile(_ path: String) throws(StoreError) {
    // A C string that lives for the call.
    guard unsafe unlink(path) == 0 || errno == ENOENT else { throw StoreError(systemErrorAt: path) }
}
