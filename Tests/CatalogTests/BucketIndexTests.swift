import Catalog
import Foundation
import TestSupport
import Testing

/// What the index of the bucket may say, and what is made of it.
struct BucketIndexTests {
    private let served: TemporaryFolder
    private let home: TemporaryFolder
    private let cache: ModelCache
    private let bucket: TestBucket

    init() throws {
        served = try TemporaryFolder()
        home = try TemporaryFolder()
        cache = ModelCache(root: home.path("models"))
        bucket = try TestBucket(folder: served)
    }

    private func pull(_ options: (inout PullOptions) -> Void = { _ in }) throws -> ModelFolder {
        let server = try HubServer(folder: served.path)
        var all = try TestBucket.options(server)
        options(&all)
        return try cache.pull(bucket.model(), options: all)
    }

    @Test(arguments: ["", "[]", "<html>", #"{"models": []}"#])
    func `an index of another shape is an error`(text: String) throws {
        try served.write(text, to: "models.json")
        #expect(throws: CatalogError.unreadableIndex(reason: "it is not of the shape that is known")) { try pull() }
    }

    @Test func `records that are not the one of the catalog are passed over`() throws {
        var other = bucket.record()
        other["files"] = ["model": ["path": "x.gz", "uncompressedSize": 1, "uncompressedHash": "0"]]
        try bucket.writeIndex([
            ["architecture": 7], other, bucket.record(status: "Candidate", folder: "no/such"),
            bucket.record(architecture: "base", folder: "no/such"), bucket.record(status: "Release Desktop"),
        ])
        #expect(try pull().verify().isEmpty)
    }

    @Test(arguments: [
        ("Candidate", "tiny", "models"), ("Release", "base", "models"), ("Release", "tiny", ".."),
        ("Release", "tiny", "/models"), ("Release", "tiny", "a/../../b"),
    ])
    func `a bucket without the released model of the catalog is no source`(
        status: String, architecture: String, folder: String
    ) throws {
        try bucket.writeIndex([bucket.record(status: status, architecture: architecture, folder: folder)])
        #expect(throws: CatalogError.notInBucket(pair: "en-fr")) { try pull() }
    }

    @Test func `a file of another size or hash than the catalog pins makes a record another one`() throws {
        let model = try bucket.model { if $0["name"] as? String == TestBucket.names[2] { $0["sizeBytes"] = 1 } }
        let server = try HubServer(folder: served.path)
        #expect(throws: CatalogError.notInBucket(pair: "en-fr")) {
            try cache.pull(model, options: TestBucket.options(server))
        }
    }

    @Test func `an index may have the size of the limit and not a byte more`() throws {
        let size = try Data(contentsOf: URL(fileURLWithPath: served.path("models.json"))).count
        #expect(throws: CatalogError.tooLarge(file: "index.json", limitBytes: size - 1)) {
            try pull { $0.indexBytesMax = size - 1 }
        }
        #expect(try pull { $0.indexBytesMax = size }.verify().isEmpty)
    }
}
