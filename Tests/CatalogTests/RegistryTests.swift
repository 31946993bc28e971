import Catalog
import Foundation
import TestSupport
import Testing

struct RegistryTests {
    private let home: TemporaryFolder
    private let cache: ModelCache

    init() throws {
        home = try TemporaryFolder()
        cache = ModelCache(root: home.path("models"))
    }

    @Test func `samples come from the registry, whole, and a second pull needs neither pip nor network`() throws {
        let model = try ModelCatalog.current.model("samples-audioeval")
        let folder = try cache.pull(model, options: PullOptions())
        #expect(folder.verify().isEmpty)
        #expect(folder.manifest.files.count == 54)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: cache.root + "/partial") == ["samples-audioeval.lock"])
        try cache.pull(model, options: TestWheel.offline())
    }

    @Test func `two pulls of a wheel at once both end with the whole model`() throws {
        let model = try ModelCatalog.current.model("samples-audioeval")
        let options = PullOptions()
        let pulls = (0..<2).map { _ in Background { try self.cache.pull(model, options: options) } }
        for pull in pulls { #expect(try pull.wait().verify().isEmpty) }
    }

    @Test func `parts are joined in the order of the catalog`() throws {
        let (first, second) = (TestCatalog.bytes(2_000_000), TestCatalog.bytes(1_500_000, seed: 2))
        let wheel = try TestWheel(folder: home, members: ["z": first, "a": second])
        let model = try wheel.model(files: ["model.bin": first + second], members: ["model.bin": ["z", "a"]])
        try wheel.place(in: cache)
        let folder = try cache.pull(model, options: TestWheel.offline())
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.path + "/model.bin")) == first + second)
    }

    @Test func `an altered wheel of an earlier pull is not used`() throws {
        let wheel = try TestWheel(folder: home, members: ["a": Data("a".utf8)])
        let model = try wheel.model(files: ["a": Data("a".utf8)], members: ["a": ["a"]])
        try wheel.place(in: cache, content: Data("no wheel".utf8))
        #expect(throws: CatalogError.pythonMissing(program: "python-that-is-not-there")) {
            try cache.pull(model, options: TestWheel.offline())
        }
        #expect(!cache.isInstalled(model))
    }

    @Test func `a wheel of the registry with another hash is thrown away`() throws {
        let hash = String(repeating: "0", count: 64)
        let model = try TestCatalog.model(
            "m", files: [TestCatalog.entry("a", Data("a".utf8))],
            sources: [
                [
                    "kind": "registry",
                    "wheels": [["package": "pytest-audioeval", "version": "0.1.3", "sha256": hash]],
                    "members": ["a": [["wheel": 0, "path": "a"]]],
                ]
            ])
        #expect(
            throws: CatalogError.alteredWheel(
                package: "pytest-audioeval", expected: hash,
                found: "8b97369347232d43180dd9860189c547ccc8dedb42b7c21d511ddc5a05ef7ecc")
        ) { try cache.pull(model, options: PullOptions()) }
        let left = try FileManager.default.subpathsOfDirectory(atPath: cache.root)
        #expect(left.allSatisfy { !$0.hasSuffix(".whl") })
    }

    @Test func `a version nobody published is an error with the word of pip`() throws {
        let model = try TestCatalog.model(
            "m", files: [TestCatalog.entry("a", Data("a".utf8))],
            sources: [
                [
                    "kind": "registry",
                    "wheels": [
                        [
                            "package": "pytest-audioeval", "version": "0.0.0",
                            "sha256": String(repeating: "0", count: 64),
                        ]
                    ],
                    "members": ["a": [["wheel": 0, "path": "a"]]],
                ]
            ])
        #expect {
            try cache.pull(model, options: PullOptions())
        } throws: {
            guard case CatalogError.pipRefused("pytest-audioeval", "0.0.0", let reason) = $0 else { return false }
            return reason.contains("0.0.0")
        }
    }

    @Test func `a missing member is named`() throws {
        let wheel = try TestWheel(folder: home, members: ["a": Data("a".utf8)])
        let model = try wheel.model(files: ["a": Data("a".utf8)], members: ["a": ["b"]])
        try wheel.place(in: cache)
        #expect(throws: CatalogError.missingMember(package: "made-here", path: "b")) {
            try cache.pull(model, options: TestWheel.offline())
        }
        #expect(!cache.isInstalled(model))
    }

    @Test(arguments: [(-1, true), (0, false)])
    func `a member may have the size of the catalog and not a byte more`(difference: Int, isTooLarge: Bool) throws {
        // A bomb: 8 MB of zeros in a few kB.
        let content = Data(count: 8_000_000)
        let wheel = try TestWheel(folder: home, members: ["a": content])
        let model = try wheel.model(files: ["a": content], members: ["a": ["a"]]) { $0.count + difference }
        try wheel.place(in: cache)
        if isTooLarge {
            #expect(throws: CatalogError.tooLarge(file: "a", limitBytes: 7_999_999)) {
                try cache.pull(model, options: TestWheel.offline())
            }
            #expect(!cache.isInstalled(model))
        } else {
            #expect(try cache.pull(model, options: TestWheel.offline()).verify().isEmpty)
        }
    }

    @Test func `a member of other bytes is thrown away`() throws {
        let wheel = try TestWheel(folder: home, members: ["a": Data("b".utf8)])
        let model = try wheel.model(files: ["a": Data("a".utf8)], members: ["a": ["a"]])
        try wheel.place(in: cache)
        #expect {
            try cache.pull(model, options: TestWheel.offline())
        } throws: {
            if case CatalogError.wrongHash(file: "a", expected: _, found: _) = $0 { true } else { false }
        }
        #expect(!cache.isInstalled(model))
    }

    @Test func `a wheel that is no archive is an error, not a crash`() throws {
        try home.write("no wheel", to: "text")
        let hash = try TestCatalog.sha256(Data("no wheel".utf8))
        let wheel = try TestWheel(folder: home, members: ["a": Data("a".utf8)])
        let model = try TestCatalog.model(
            "m", files: [TestCatalog.entry("a", Data("a".utf8))],
            sources: [
                [
                    "kind": "registry", "wheels": [["package": "made-here", "version": "1", "sha256": hash]],
                    "members": ["a": [["wheel": 0, "path": "a"]]],
                ]
            ])
        try wheel.place(in: cache, content: Data("no wheel".utf8))
        #expect {
            try cache.pull(model, options: TestWheel.offline())
        } throws: {
            if case CatalogError.unreadableWheel(package: "made-here", reason: _) = $0 { true } else { false }
        }
    }

    @Test func `a python without pip is told how to get it`() throws {
        let python = try home.write("#!/bin/sh\necho 'No module named pip' >&2\nexit 1\n", to: "python")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: python)
        let wheel = try TestWheel(folder: home, members: ["a": Data("a".utf8)])
        let model = try wheel.model(files: ["a": Data("a".utf8)], members: ["a": ["a"]])
        var options = try TestWheel.offline()
        options.python = python
        #expect(throws: CatalogError.pipMissing(program: python)) { try cache.pull(model, options: options) }
    }

    @Test func `what pip complains is kept short and without the password of an index`() throws {
        let complaint =
            "ERROR: no answer from https://me:secret@index.example.org/simple/ " + String(repeating: "x", count: 400)
        let python = try home.write("#!/bin/sh\necho '\(complaint)' >&2\nexit 1\n", to: "python")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: python)
        let wheel = try TestWheel(folder: home, members: ["a": Data("a".utf8)])
        let model = try wheel.model(files: ["a": Data("a".utf8)], members: ["a": ["a"]])
        var options = try TestWheel.offline()
        options.python = python
        #expect {
            try cache.pull(model, options: options)
        } throws: {
            guard case CatalogError.pipRefused("made-here", "1", let reason) = $0 else { return false }
            return reason.hasPrefix("ERROR: no answer from https://index.example.org/simple/ x") && reason.count == 300
        }
    }

    @Test func `a pip that never ends is ended`() throws {
        let python = try home.write("#!/bin/sh\nexec tail -f /dev/null\n", to: "python")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: python)
        let wheel = try TestWheel(folder: home, members: ["a": Data("a".utf8)])
        let model = try wheel.model(files: ["a": Data("a".utf8)], members: ["a": ["a"]])
        var options = try TestWheel.offline()
        options.python = python
        options.pipSecondsMax = 1
        #expect(throws: CatalogError.pipTimedOut(package: "made-here", seconds: 1)) {
            try cache.pull(model, options: options)
        }
    }

    @Test(arguments: [(4096, false), (4097, true)])
    func `pip may write a wheel of the limit and not a byte more`(size: Int, isTooLarge: Bool) throws {
        // Python takes the place of pip: the limit is the system's, whoever writes.
        let script = """
            #!/usr/bin/env python3
            import sys
            with open(sys.argv[sys.argv.index("--dest") + 1] + "/made.whl", "wb") as wheel:
                wheel.write(bytes(\(size)))
            """
        let python = try home.write(script, to: "python")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: python)
        let wheel = try TestWheel(folder: home, members: ["a": Data("a".utf8)])
        let model = try wheel.model(files: ["a": Data("a".utf8)], members: ["a": ["a"]])
        var options = try TestWheel.offline()
        options.python = python
        options.wheelBytesMax = 4096
        #expect {
            try cache.pull(model, options: options)
        } throws: {
            switch $0 {
            case CatalogError.wheelTooLarge(package: "made-here", limitBytes: 4096): isTooLarge
            case CatalogError.alteredWheel: !isTooLarge
            default: false
            }
        }
        #expect(!FileManager.default.fileExists(atPath: cache.root + "/partial/m.wheels/made-here-1.whl"))
    }

    @Test func `the second source serves where the first does not answer`() throws {
        let wheel = try TestWheel(folder: home, members: ["a": Data("a".utf8)])
        let registry = try wheel.model(files: ["a": Data("a".utf8)], members: ["a": ["a"]])
        let sources = try JSONSerialization.jsonObject(with: JSONEncoder().encode(registry.sources)) as? [[String: Any]]
        let model = try TestCatalog.model(
            "m", files: [TestCatalog.entry("a", Data("a".utf8))],
            sources: [["kind": "hub", "repository": "test/good", "revision": "main"]] + #require(sources))
        try wheel.place(in: cache)
        #expect(try cache.pull(model, options: TestWheel.offline()).verify().isEmpty)
    }
}
