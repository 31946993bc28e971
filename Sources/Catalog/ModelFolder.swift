import Crypto
import Foundation
import Synchronization
import Transcript

/// What a pull installed: written last, so a folder with a manifest is whole.
package struct ModelManifest: Codable, Equatable, Sendable {
    package static let fileName = "manifest.json"

    package struct File: Codable, Equatable, Sendable {
        package let name: String
        package let sizeBytes: Int
        package let sha256: String
        /// False where the catalog has no hash: then this one is what the first pull received, and what the index of
        /// its source said where there is one.
        package let isPinned: Bool
        /// Hash of the compressed form it was unpacked from, where the catalog pins that one alone.
        package let compressedSha256: String?

        /// Whether this is the file the catalog lists.
        func isThat(of listed: ModelFile) -> Bool {
            guard name == listed.name, listed.allows(FileDigest(sizeBytes: sizeBytes, sha256: sha256)) else {
                return false
            }
            guard case .compressed(let compressed) = listed.pin else { return true }
            return compressed.sha256 == compressedSha256
        }
    }

    package let model: String
    package let files: [File]

    package init(model: String, files: [File]) {
        self.model = model
        self.files = files
    }
}

extension ModelManifest {
    /// Which file it was: a manifest is never written to, another one takes its place.
    private struct Stamp: Equatable {
        let device: UInt
        let inode: UInt
        let sizeBytes: Int
        let modifiedNs: Int
    }

    /// Manifests that were read, by their paths: every text that is translated asks what is installed.
    private static let read = Mutex<[String: (stamp: Stamp, manifest: ModelManifest)]>([:])
    /// More than any catalog has models; past it all are read anew.
    private static let readMax = 256

    /// No manifest that can be read, no model: the reason does not matter to anybody.
    init?(folder: String) {
        let path = folder + "/" + ModelManifest.fileName
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return nil }
        let stamp = Stamp(
            device: UInt(status.st_dev), inode: UInt(status.st_ino), sizeBytes: Int(status.st_size),
            modifiedNs: nanoseconds(status.st_mtim))
        if let known = ModelManifest.read.withLock({ $0[path] }), known.stamp == stamp {
            self = known.manifest
            return
        }
        guard let json = try? Data(contentsOf: URL(fileURLWithPath: path)),
            let manifest = try? JSONDecoder().decode(ModelManifest.self, from: json)
        else { return nil }
        ModelManifest.read.withLock { read in
            if read.count >= ModelManifest.readMax { read = [:] }
            read[path] = (stamp, manifest)
        }
        self = manifest
    }
}

/// Something `verify` found in a model folder.
package enum FileFinding: Equatable, Sendable {
    case missing(file: String)
    case altered(file: String, expected: String, found: String)
    case unreadable(file: String, reason: String)
    case extra(file: String)
}

extension FileFinding: CustomStringConvertible {
    package var description: String {
        switch self {
        case .missing(let file): "\(file) is missing"
        case .altered(let file, let expected, let found): "\(file) has sha256 \(found), expected \(expected)"
        case .unreadable(let file, let reason): "\(file) cannot be read (\(reason))"
        case .extra(let file): "\(file) does not belong here"
        }
    }
}

/// An installed model: a folder with a manifest that fits the catalog.
package struct ModelFolder: Sendable {
    package let path: String
    package let manifest: ModelManifest

    init?(path: String, model: ModelEntry) {
        guard let manifest = ModelManifest(folder: path) else { return nil }
        let agree =
            manifest.files.count == model.files.count
            && zip(manifest.files, model.files).allSatisfy { installed, listed in installed.isThat(of: listed) }
        guard agree else { return nil }
        self.path = path
        self.manifest = manifest
    }

    /// Whether every file is there with its size; cheap, for every start of a program.
    package var isComplete: Bool { manifest.files.allSatisfy { fileSize(path + "/" + $0.name) == $0.sizeBytes } }

    /// Whether a file was written after the manifest, which is written last: it may not be what was installed.
    package var isTouched: Bool {
        let installed = modified(path + "/" + ModelManifest.fileName)
        return manifest.files.contains { modified(path + "/" + $0.name) > installed }
    }

    /// Reads and hashes every file.
    ///
    /// - Returns: nothing when all is as installed.
    package func verify() -> [FileFinding] {
        var findings = manifest.files.compactMap { file -> FileFinding? in
            do {
                let found = try sha256(ofFile: path + "/" + file.name)
                return found == file.sha256
                    ? nil : .altered(file: file.name, expected: file.sha256, found: found)
            } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
                return .missing(file: file.name)
            } catch { return .unreadable(file: file.name, reason: error.localizedDescription) }
        }
        let known = Set(manifest.files.map(\.name) + [ModelManifest.fileName])
        findings += plainFiles(below: path).filter { !known.contains($0) }.sorted().map { .extra(file: $0) }
        return findings
    }
}

/// - Returns: nil when there is no plain file of that name.
func fileSize(_ path: String) -> Int? {
    var status = stat()
    guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Int(status.st_size)
}

/// Nanoseconds since 1970 of the last write; 0 where there is no file.
private func modified(_ path: String) -> Int {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return 0 }
    return nanoseconds(status.st_mtim)
}

private func nanoseconds(_ time: timespec) -> Int { time.tv_sec * 1_000_000_000 + time.tv_nsec }

/// Everything below a folder that is no folder, by its path from there.
func plainFiles(below folder: String) -> [String] {
    let all = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    return all.filter { path in
        var isFolder: ObjCBool = false
        let exists = unsafe FileManager.default.fileExists(atPath: folder + "/" + path, isDirectory: &isFolder)
        return !(exists && isFolder.boolValue)
    }
}

func sha256(ofFile path: String) throws -> String {
    let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    defer { try? file.close() }  // Read only: nothing is lost if closing fails.
    var hash = SHA256()
    while let piece = try file.read(upToCount: PullOptions.pieceBytes), !piece.isEmpty { hash.update(data: piece) }
    return hexadecimal(hash.finalize())
}
