import Foundation

/// The index of the bucket: which models of a pair were released, and where their files lie.
struct BucketIndex: Decodable {
    /// Its path in the bucket.
    static let path = "db/models.json"

    struct File: Decodable {
        /// From the address of the bucket.
        let path: String
        let uncompressedSize: Int
        let uncompressedHash: String

        var digest: FileDigest { FileDigest(sizeBytes: uncompressedSize, sha256: uncompressedHash) }

        /// The name of the file once it is unpacked; nil where the path leads elsewhere or ends in something unknown.
        var name: String? {
            guard isPlainPath(path), let packed = path.split(separator: "/").last else { return nil }
            let ending = [".gz", ".zst"].first { packed.hasSuffix($0) }
            return ending.map { String(packed.dropLast($0.count)) }
        }
    }

    private struct Record: Decodable {
        let architecture: String
        let releaseStatus: String
        let files: [String: File?]
    }

    /// A record of the index, or one of a shape that is not known.
    private struct Entry: Decodable {
        let record: Record?

        // What is not released lacks parts of a record; it is passed over, so why it cannot be read does not matter.
        init(from decoder: any Decoder) throws { record = try? Record(from: decoder) }
    }

    private let models: [String: [Entry]]

    /// - Throws: `CatalogError.unreadableIndex`.
    init(json: Data) throws(CatalogError) {
        do { self = try JSONDecoder().decode(BucketIndex.self, from: json) } catch {
            throw .unreadableIndex(reason: "it is not of the shape that is known")
        }
    }

    /// The files of a model, in its order.
    ///
    /// - Returns: those of the first released record whose files are all that the catalog lists, each as it is pinned.
    /// - Throws: `CatalogError.notInBucket`.
    func files(of model: ModelEntry, pair: String) throws(CatalogError) -> [(ModelFile, File)] {
        for record in (models[pair] ?? []).compactMap(\.record)
        where record.releaseStatus.hasPrefix("Release")
            && record.architecture == model.translation?.architecture.rawValue
        {
            let listed = record.files.values.compactMap { $0 }
            let found = model.files.compactMap { file in
                listed.first { $0.name == file.name && file.allows($0.digest) }.map { (file, $0) }
            }
            if found.count == model.files.count { return found }
        }
        throw .notInBucket(pair: pair)
    }
}
