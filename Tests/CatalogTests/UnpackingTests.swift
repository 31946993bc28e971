import Catalog
import Foundation
import TestSupport
import Testing

/// How much a compressed file may be, and how much may come out of it.
struct UnpackingTests {
    private let served: TemporaryFolder
    private let home: TemporaryFolder
    private let cache: ModelCache

    init() throws {
        served = try TemporaryFolder()
        home = try TemporaryFolder()
        cache = ModelCache(root: home.path("models"))
    }

    /// A model of one file in the repository of large files.
    private func model(_ packed: Data, _ entry: [String: Any]) throws -> ModelEntry {
        try served.write(packed, to: "a.gz")
        var file = try TestCatalog.entry("a", packed)
        file = entry.merging(["name": "a", "compressed": file.filter { $0.key != "name" }]) { $1 }
        return try TestCatalog.model("m", files: [file], sources: [["kind": "lfs", "folder": "tiny/enfr"]])
    }

    private func pull(_ model: ModelEntry) throws -> ModelFolder {
        let server = try HubServer(folder: served.path)
        return try cache.pull(model, options: TestBucket.options(server))
    }

    @Test(arguments: [TestBucket.Packing.gzip, .zstd])
    func `a file may unpack to its pinned size and not a byte more`(packing: TestBucket.Packing) throws {
        // A bomb: 8 MB of zeros in a few kB.
        let content = Data(count: 8_000_000)
        let packed = try TestBucket.pack(content, packing)
        var entry = try TestCatalog.entry("a", content)
        entry["sizeBytes"] = content.count - 1
        let bomb = try model(packed, entry)
        #expect(throws: CatalogError.tooLarge(file: "a", limitBytes: 7_999_999)) { try pull(bomb) }
        #expect(!cache.isInstalled(bomb))
        #expect(try pull(model(packed, TestCatalog.entry("a", content))).verify().isEmpty)
    }

    @Test func `a file of no pinned size may unpack to the limit and not a byte more`() throws {
        let limit = ModelFile.unpackedBytesMax
        let bomb = try model(TestBucket.pack(Data(count: limit + 1), .gzip), [:])
        #expect(throws: CatalogError.tooLarge(file: "a", limitBytes: limit)) { try pull(bomb) }
        #expect(try pull(model(TestBucket.pack(Data(count: limit), .gzip), [:])).manifest.files[0].sizeBytes == limit)
    }

    @Test(arguments: [(0, true), (1, false)])
    func `a compressed file without a pin may be so much longer than its content and not a byte more`(
        excess: Int, isFine: Bool
    ) throws {
        let bucket = try TestBucket(folder: served)
        let name = TestBucket.names[0]
        let limit = 300_000 + 300 + 1_024
        try bucket.place(padded(bucket.packed(name), to: limit + excess), as: name)
        let model = try bucket.model(.partial(digits: 8))
        let server = try HubServer(folder: served.path)
        let options = try TestBucket.options(server)
        if isFine {
            #expect(try cache.pull(model, options: options).verify().isEmpty)
        } else {
            #expect(throws: CatalogError.tooLarge(file: "\(name).gz", limitBytes: limit)) {
                try cache.pull(model, options: options)
            }
        }
    }

    @Test(arguments: [20, 1_000])
    func `a compressed file that breaks off is an error, whatever its hash`(count: Int) throws {
        let packed = try TestBucket.pack(TestCatalog.bytes(100_000), .gzip).prefix(count)
        let broken = try model(Data(packed), [:])
        #expect {
            try pull(broken)
        } throws: {
            if case CatalogError.unreadableArchive(file: "a.gz", reason: _) = $0 { true } else { false }
        }
        #expect(!cache.isInstalled(broken))
    }

    /// A gzip file made longer by an extra field in its head, which says nothing of the content.
    private func padded(_ packed: Data, to size: Int) -> Data {
        let extra = size - packed.count - 2
        // The third flag announces the field; gzip wrote no other here, for it read a pipe.
        var head = Data(packed.prefix(10))
        head[3] |= 4
        return head + [UInt8(extra & 255), UInt8(extra >> 8)] + Data(count: extra) + packed.dropFirst(10)
    }
}
