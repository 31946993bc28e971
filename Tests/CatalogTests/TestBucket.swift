import Catalog
import Foundation
import TestSupport

/// A translation model as its makers publish it: three files compressed by the programs of the system, and the index
/// of the bucket; `hub.py` serves the folder as a bucket and as a repository of large files.
struct TestBucket {
    enum Packing: String { case gzip = "gz", zstd = "zst" }

    enum Pin {
        case raw, compressed, both
        /// The size, and so many digits of the hash.
        case partial(digits: Int)
    }

    static let names = ["vocab.enfr.spm", "lex.50.50.enfr.s2t.bin", "model.enfr.intgemm.alphas.bin"]

    let folder: TemporaryFolder
    let packing: Packing
    let contents: [String: Data]
    /// In the order of `names`.
    private let rawHashes: [String]

    /// Writes compressed files and an index that agrees with them.
    init(folder: TemporaryFolder, packing: Packing = .gzip, seed: UInt64 = 1) throws {
        self.folder = folder
        self.packing = packing
        contents = Dictionary(
            uniqueKeysWithValues: zip(TestBucket.names, [300_000, 20_000, 50_000]).map { name, size in
                (name, TestCatalog.bytes(size, seed: seed + UInt64(size)))
            })
        for (name, content) in contents { try folder.write(content, to: "raw/" + name) }
        let pack = [packing == .gzip ? "gzip" : "zstd", "-kq"] + TestBucket.names.map { folder.path("raw/" + $0) }
        let run = try ProgramRun("/usr/bin/env", pack)
        guard run.status == 0 else { throw ProgramRun.Missing.program(run.errors) }
        for name in TestBucket.names.map({ "\($0).\(packing.rawValue)" }) {
            try FileManager.default.moveItem(atPath: folder.path("raw/" + name), toPath: folder.path(name))
        }
        rawHashes = try TestBucket.sha256(TestBucket.names.map { folder.path("raw/" + $0) })
        try writeIndex()
    }

    static func pack(_ content: Data, _ packing: Packing) throws -> Data {
        try ProgramRun("/usr/bin/env", [packing == .gzip ? "gzip" : "zstd", "-c"], input: content).outputData
    }

    /// Of several files, by the program of the system.
    private static func sha256(_ paths: [String]) throws -> [String] {
        try ProgramRun("/usr/bin/sha256sum", paths).output.split(separator: "\n").map { String($0.prefix(64)) }
    }

    func packedPath(_ name: String) -> String { folder.path("\(name).\(packing.rawValue)") }

    func packed(_ name: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: packedPath(name))) }

    /// Puts bytes where the compressed form of a file is served.
    func place(_ bytes: Data, as name: String) throws { try folder.write(bytes, to: "\(name).\(packing.rawValue)") }

    /// One record of the index, as its makers write it.
    func record(
        status: String = "Release", architecture: String = "tiny", folder: String = "models/en-fr/run/exported"
    ) -> [String: Any] {
        let roles = ["vocab", "lexicalShortlist", "model"]
        let files = roles.indices.map { index in
            let name = TestBucket.names[index]
            return (
                roles[index],
                [
                    "path": "\(folder)/\(name).\(packing.rawValue)", "uncompressedSize": contents[name]!.count,
                    "uncompressedHash": rawHashes[index],
                ] as [String: Any]
            )
        }
        return [
            "architecture": architecture, "releaseStatus": status, "sourceLanguage": "en", "targetLanguage": "fr",
            "files": Dictionary(uniqueKeysWithValues: files), "metrics": ["flores200-plus": ["bleu": 1.5]],
        ]
    }

    func writeIndex(_ records: [[String: Any]]? = nil) throws {
        let index: [String: Any] = [
            "generated": "today", "baseUrl": "https://elsewhere.example.org",
            "models": ["en-fr": records ?? [record()]],
        ]
        try folder.write(JSONSerialization.data(withJSONObject: index), to: "models.json")
    }

    /// The catalog's entry for the files as they are served now.
    ///
    /// - Parameter alter: changes the entry of a file before it is read.
    func model(
        _ pin: Pin = .both, sources: [String] = ["bucket"], alter: (inout [String: Any]) -> Void = { _ in }
    ) throws -> ModelEntry {
        let packedHashes = try TestBucket.sha256(TestBucket.names.map(packedPath))
        let files = try TestBucket.names.indices.map { index in
            let name = TestBucket.names[index]
            let packed: [String: Any] = ["sizeBytes": try self.packed(name).count, "sha256": packedHashes[index]]
            let raw: [String: Any] = ["sizeBytes": contents[name]!.count, "sha256": rawHashes[index]]
            var file = TestBucket.entry(pin, raw: raw, packed: packed).merging(["name": name]) { $1 }
            alter(&file)
            return file
        }
        return try TestCatalog.model(
            "en-fr", files: files,
            sources: sources.map {
                $0 == "bucket" ? ["kind": "bucket", "pair": "en-fr"] : ["kind": "lfs", "folder": "tiny/enfr"]
            }, translation: ["from": "en", "to": "fr", "architecture": "tiny"])
    }

    private static func entry(_ pin: Pin, raw: [String: Any], packed: [String: Any]) -> [String: Any] {
        switch pin {
        case .raw: return raw
        case .compressed: return ["compressed": packed]
        case .both: return raw.merging(["compressed": packed]) { $1 }
        case .partial(let digits):
            let begins = (raw["sha256"] as? String ?? "").prefix(digits)
            return ["sizeBytes": raw["sizeBytes"] ?? 0, "sha256Begins": String(begins)]
        }
    }

    /// - Parameter scheme: https needs a server with a certificate.
    static func options(
        _ server: HubServer, bucket: String = "good", lfs: String = "good", scheme: String = "http"
    ) throws -> PullOptions {
        let address = server.address(scheme: scheme)
        var options = PullOptions(
            hub: try ServerAddress("http://127.0.0.1:1"), bucket: try ServerAddress("\(address)/bucket/\(bucket)"))
        options.lfs = try ServerAddress("\(address)/lfs/\(lfs)")
        return options
    }
}
