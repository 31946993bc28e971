import Catalog
import Foundation
import TestSupport
import Testing
import Transcript

/// Pulls of translation models from a real server on this machine, well- and ill-behaved.
struct BucketTests {
    private let served: TemporaryFolder
    private let home: TemporaryFolder
    private let cache: ModelCache
    private let bucket: TestBucket
    private let first = TestBucket.names[0]

    init() throws {
        served = try TemporaryFolder()
        home = try TemporaryFolder()
        cache = ModelCache(root: home.path("models"))
        bucket = try TestBucket(folder: served)
    }

    private func installed(_ name: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: cache.path(of: "en-fr") + "/" + name))
    }

    private func isWhole(_ folder: ModelFolder) throws -> Bool {
        try folder.verify().isEmpty && TestBucket.names.allSatisfy { try installed($0) == bucket.contents[$0] }
    }

    /// That nothing of a failed pull can be taken for a model or a file of one.
    private func expectNothing(of model: ModelEntry) throws {
        #expect(!cache.isInstalled(model))
        #expect(!FileManager.default.fileExists(atPath: cache.path(of: model.name)))
        let left = try FileManager.default.subpathsOfDirectory(atPath: cache.root)
        #expect(left.allSatisfy { !$0.hasSuffix(".spm") && !$0.hasSuffix(".bin") }, "\(left)")
    }

    @Test(arguments: [TestBucket.Packing.gzip, .zstd], [("raw", 0), ("compressed", 0), ("both", 0), ("partial", 8)])
    func `a pull unpacks every file of the bucket, however much of it is pinned`(
        packing: TestBucket.Packing, pin: (String, Int)
    ) throws {
        let other = try TemporaryFolder()
        let bucket = try TestBucket(folder: other, packing: packing)
        let server = try HubServer(folder: other.path)
        let pins: [String: TestBucket.Pin] = ["raw": .raw, "compressed": .compressed, "both": .both]
        let model = try bucket.model(pins[pin.0] ?? .partial(digits: pin.1))
        let folder = try cache.pull(model, options: TestBucket.options(server))
        #expect(try isWhole(folder))
        #expect(folder.manifest.files.allSatisfy { $0.isPinned == (pin.0 != "partial") })
        #expect(try FileManager.default.contentsOfDirectory(atPath: cache.root + "/partial") == ["en-fr.lock"])
        // A second pull asks nobody.
        try cache.pull(model, options: TestWheel.offline())
    }

    @Test func `the files of an installed direction are found by what they are for`() throws {
        let server = try HubServer(folder: served.path)
        let model = try bucket.model()
        let catalog = ModelCatalog(models: [model])
        let direction = TranslationDirection(from: .english, to: .french)
        #expect(throws: CatalogError.notInstalled(name: "en-fr")) { try cache.files(of: direction, catalog: catalog) }
        let path = try cache.pull(model, options: TestBucket.options(server)).path
        let files = try cache.files(of: direction, catalog: catalog)
        #expect(files.model == path + "/model.enfr.intgemm.alphas.bin")
        #expect(files.shortlist == path + "/lex.50.50.enfr.s2t.bin")
        #expect(files.sourceVocabulary == path + "/vocab.enfr.spm")
        #expect(files.targetVocabulary == files.sourceVocabulary)
    }

    @Test(arguments: ["truncated", "short", "endless", "missing", "elsewhere"], [true, false])
    func `a bad answer is named and leaves no model`(behaviour: String, isPinned: Bool) throws {
        let server = try HubServer(folder: served.path)
        let model = try bucket.model(isPinned ? .both : .partial(digits: 8))
        let (size, packed) = try (bucket.packed(first).count, "\(first).gz")
        let limit = isPinned ? size : 300_000 + 300 + 1_024
        let expected: [String: CatalogError] = [
            "truncated": .interrupted(file: packed, received: size / 2, expected: size),
            // Half of a file whose length nobody knows is found out when it is unpacked.
            "short": .wrongSize(file: packed, expected: size, found: size / 2),
            "endless": .tooLarge(file: packed, limitBytes: limit),
            "missing": .httpStatus(file: packed, host: "127.0.0.1", status: 404),
            "elsewhere": .redirectRefused(file: packed, scheme: "http", host: "localhost"),
        ]
        #expect {
            try cache.pull(model, options: TestBucket.options(server, bucket: behaviour))
        } throws: { error in
            guard behaviour == "short", !isPinned else { return error as? CatalogError == expected[behaviour] }
            if case CatalogError.unreadableArchive(file: packed, reason: _) = error { return true }
            return false
        }
        try expectNothing(of: model)
    }

    @Test func `altered bytes are thrown away before anything unpacks them`() throws {
        let server = try HubServer(folder: served.path)
        let model = try bucket.model()
        #expect {
            try cache.pull(model, options: TestBucket.options(server, bucket: "altered"))
        } throws: {
            if case CatalogError.wrongHash(file: "vocab.enfr.spm.gz", expected: _, found: _) = $0 {
                true
            } else {
                false
            }
        }
        try expectNothing(of: model)
    }

    @Test func `what unpacks to other bytes than the catalog pins is thrown away`() throws {
        let server = try HubServer(folder: served.path)
        let wrong = String(repeating: "0", count: 64)
        let model = try bucket.model(sources: ["lfs"]) { $0["sha256"] = wrong }
        #expect {
            try cache.pull(model, options: TestBucket.options(server))
        } throws: {
            if case CatalogError.wrongHash(file: "vocab.enfr.spm", expected: wrong, found: _) = $0 {
                true
            } else {
                false
            }
        }
        try expectNothing(of: model)
    }

    @Test func `what unpacks to other bytes than the index says is thrown away`() throws {
        let server = try HubServer(folder: served.path)
        let model = try bucket.model(.partial(digits: 0))
        try bucket.place(TestBucket.pack(Data(bucket.contents[first]!.reversed()), .gzip), as: first)
        #expect {
            try cache.pull(model, options: TestBucket.options(server))
        } throws: {
            if case CatalogError.wrongHash(file: "vocab.enfr.spm", expected: _, found: _) = $0 { true } else { false }
        }
        try expectNothing(of: model)
    }

    @Test func `a silent server is given up`() throws {
        let server = try HubServer(folder: served.path)
        var options = try TestBucket.options(server, bucket: "stalled")
        options.stallSecondsMax = 1
        options.connectionsMax = 1
        #expect(throws: CatalogError.stalled(host: "127.0.0.1", seconds: 1)) {
            try cache.pull(bucket.model(), options: options)
        }
    }

    @Test func `a server that is slow but never silent for long is waited for`() throws {
        let server = try HubServer(folder: served.path)
        var options = try TestBucket.options(server, bucket: "slow")
        options.stallSecondsMax = 2
        options.connectionsMax = 1
        #expect(try isWhole(cache.pull(bucket.model(), options: options)))
    }

    @Test(arguments: [true, false])
    func `a transfer that dies half-way goes on where it stopped`(isPinned: Bool) throws {
        let server = try HubServer(folder: served.path)
        let model = try bucket.model(isPinned ? .both : .partial(digits: 8))
        var options = try TestBucket.options(server, bucket: "dying")
        options.connectionsMax = 1
        #expect(throws: CatalogError.self) { try cache.pull(model, options: options) }
        try expectNothing(of: model)
        #expect(try isWhole(cache.pull(model, options: options)))
        let answers = try (0..<4).map { _ in try server.nextAnswer() }
        #expect(
            answers == [
                "good 200 -", "dying 200 -", "good 200 -", "dying 206 bytes=\(try bucket.packed(first).count / 2)-",
            ])
    }

    @Test(arguments: ["changed", "lying"])
    func `a file that changed meanwhile is received anew`(behaviour: String) throws {
        let server = try HubServer(folder: served.path)
        let folder = try cache.pull(
            bucket.model(.partial(digits: 0)), options: TestBucket.options(server, bucket: behaviour))
        #expect(try isWhole(folder))
    }

    @Test func `a file that had come whole when the pull was ended is asked for once more`() throws {
        let server = try HubServer(folder: served.path)
        let model = try bucket.model(.partial(digits: 8))
        try home.write(bucket.packed(first), to: "models/partial/en-fr.packed/\(first).gz.part")
        try home.write("\"1\"", to: "models/partial/en-fr.packed/\(first).gz.part.etag")
        #expect(try isWhole(cache.pull(model, options: TestBucket.options(server))))
        let answers = try (0..<3).map { _ in try server.nextAnswer() }
        #expect(answers[1...] == ["good 416 bytes=\(try bucket.packed(first).count)-", "good 200 -"])
    }

    @Test func `a redirect on the mirror itself is followed`() throws {
        let server = try HubServer(folder: served.path)
        #expect(try isWhole(cache.pull(bucket.model(), options: TestBucket.options(server, bucket: "moved"))))
    }

    @Test func `the repository of large files serves where the bucket does not`() throws {
        let server = try HubServer(folder: served.path)
        let model = try bucket.model(sources: ["bucket", "lfs"])
        #expect(try isWhole(cache.pull(model, options: TestBucket.options(server, bucket: "missing"))))
    }

    @Test func `where no source answers each is named`() throws {
        let server = try HubServer(folder: served.path)
        let model = try bucket.model(sources: ["bucket", "lfs"])
        let cause = CatalogError.httpStatus(file: "\(first).gz", host: "127.0.0.1", status: 404)
        #expect(throws: CatalogError.noSource(model: "en-fr", causes: [cause, cause])) {
            try cache.pull(model, options: TestBucket.options(server, bucket: "missing", lfs: "missing"))
        }
    }

    @Test func `an altered file is pulled again and the good ones are kept`() throws {
        let server = try HubServer(folder: served.path)
        let model = try bucket.model(.compressed, sources: ["lfs"])
        let folder = try cache.pull(model, options: TestBucket.options(server))
        for _ in 0..<3 { _ = try server.nextAnswer() }
        try Data("x".utf8).write(to: URL(fileURLWithPath: folder.path + "/" + first))
        #expect(folder.verify().count == 1)
        for name in TestBucket.names.dropFirst() { try FileManager.default.removeItem(atPath: bucket.packedPath(name)) }
        #expect(try isWhole(cache.pull(model, options: TestBucket.options(server))))
    }

    @Test func `a catalog that pins another compressed file makes the model count as not installed`() throws {
        let server = try HubServer(folder: served.path)
        let old = try bucket.model(.compressed, sources: ["lfs"])
        try cache.pull(old, options: TestBucket.options(server))
        // The same content, packed otherwise: nothing but the compressed hash tells.
        try bucket.place(TestBucket.pack(bucket.contents[first]!.prefix(1), .gzip), as: first)
        let new = try bucket.model(.compressed, sources: ["lfs"])
        #expect(cache.isInstalled(old))
        #expect(!cache.isInstalled(new))
        try cache.pull(new, options: TestBucket.options(server))
        #expect(try installed(first) == bucket.contents[first]!.prefix(1))
    }
}
