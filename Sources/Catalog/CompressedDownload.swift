import Foundation

/// A file that its server keeps compressed: received, checked, and only then unpacked.
struct CompressedDownload {
    let file: ModelFile
    let url: URL
    let server: ServerAddress
    /// What the index of the server says of the file; nil where there is none.
    let announced: FileDigest?
    /// Where compressed files lie until they are unpacked.
    let folder: String
    let options: PullOptions

    /// Most a compressed file without a pin may be longer than what is in it, of a file of `sizeBytes`: deflate adds
    /// 5 bytes to 16 kB it cannot shorten, gzip a head with a name.
    static func compressedBytesMax(_ sizeBytes: Int) -> Int { sizeBytes + sizeBytes / 1_000 + 1_024 }

    /// Writes the file into a folder.
    ///
    /// - Throws: `CatalogError`; what was received of the compressed form stays unless it is wrong.
    func run(into target: String) throws(CatalogError) {
        let path = folder + "/" + url.lastPathComponent
        if try !isReceived(path) {
            let size = file.sizeBytes ?? announced?.sizeBytes ?? ModelFile.unpackedBytesMax
            let expected = ExpectedFile(
                url.lastPathComponent, sizeBytes: file.compressed?.sizeBytes,
                sizeBytesMax: CompressedDownload.compressedBytesMax(size),
                sha256Begins: file.compressed?.sha256 ?? "")
            try FileDownload(url: url, server: server, file: expected, path: path, options: options).run()
        }
        do throws(CatalogError) { try unpack(path, into: target) } catch {
            // The disk's trouble is not that of what was received.
            if case .disk = error { throw error }
            try remove(path)
            throw error
        }
        try options.beforeDiskStep(path)
        try remove(path)
    }

    /// Whether an earlier pull left all of it; without a hash of it nobody can say.
    private func isReceived(_ path: String) throws(CatalogError) -> Bool {
        guard fileSize(path) != nil else { return false }
        do { if let pinned = file.compressed, try sha256(ofFile: path) == pinned.sha256 { return true } } catch {
            throw .disk(path: path, reason: error.localizedDescription)
        }
        try options.beforeDiskStep(path)
        try remove(path)
        return false
    }

    private func unpack(_ path: String, into target: String) throws(CatalogError) {
        let archive = try ArchiveReader(path: path, form: .compressed) {
            .unreadableArchive(file: url.lastPathComponent, reason: $0)
        }
        let part = try PartFile(
            ExpectedFile(file, announced: announced), path: target + "/" + file.name, options: options)
        do throws(CatalogError) {
            try part.startOver()
            if try archive.nextFile() != nil { try archive.copy(to: part) }
        } catch {
            try part.discard()
            throw error
        }
        try part.finish()
    }
}
