import Catalog
import Foundation
import Synchronization
import TestSupport
import Testing

/// Pulls from a real server on this machine, well- and ill-behaved.
struct HubTests {
    private let served: TemporaryFolder
    private let cache: ModelCache
    private let home: TemporaryFolder
    private let weights = TestCatalog.bytes(3_000_000)
    private let configuration = Data("{}".utf8)

    init() throws {
        served = try TemporaryFolder()
        home = try TemporaryFolder()
        cache = ModelCache(root: home.path("models"))
        try served.write(weights, to: "model.bin")
        try served.write(configuration, to: "config.json")
    }

    private func model(_ behaviour: String, isPinned: Bool = true) throws -> ModelEntry {
        try TestCatalog.hub(
            files: [("config.json", configuration), ("model.bin", weights)], behaviour: behaviour, isPinned: isPinned)
    }

    /// A model of the large file only, so that a half is a half of it.
    private func weightsOnly(_ behaviour: String) throws -> ModelEntry {
        try TestCatalog.hub(files: [("model.bin", weights)], behaviour: behaviour)
    }

    private func options(_ server: HubServer) throws -> PullOptions {
        PullOptions(hub: try ServerAddress(server.address()))
    }

    private func installed(_ name: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: cache.path(of: "m") + "/" + name))
    }

    @Test func `a pull brings every file and verifies`() throws {
        let server = try HubServer(folder: served.path)
        let folder = try cache.pull(model("good"), options: options(server))
        #expect(folder.verify().isEmpty)
        #expect(try installed("model.bin") == weights)
        #expect(try installed("config.json") == configuration)
        #expect(try cache.isInstalled(model("good")))
    }

    @Test func `a model without published hashes is recorded at the first pull and held to it`() throws {
        let server = try HubServer(folder: served.path)
        let recorded = Mutex<[String]>([])
        var options = try options(server)
        options.progress = { if case .recorded(let file, _) = $0 { recorded.withLock { $0.append(file) } } }
        let folder = try cache.pull(model("good", isPinned: false), options: options)
        #expect(recorded.withLock { $0 } == ["config.json", "model.bin"])
        #expect(folder.manifest.files.allSatisfy { !$0.isPinned })
        try Data(weights.reversed()).write(to: URL(fileURLWithPath: folder.path + "/model.bin"))
        #expect(folder.verify().count == 1)
    }

    @Test func `pulling again asks no server`() throws {
        let model = try model("good")
        do {
            let server = try HubServer(folder: served.path)
            try cache.pull(model, options: options(server))
        }
        try cache.pull(model, options: PullOptions(hub: ServerAddress("http://127.0.0.1:1")))
    }

    @Test func `an altered file is pulled again and the good ones are kept`() throws {
        let server = try HubServer(folder: served.path)
        let model = try model("good")
        try cache.pull(model, options: options(server))
        _ = try (server.nextAnswer(), server.nextAnswer())
        try Data(weights.reversed()).write(to: URL(fileURLWithPath: cache.path(of: "m") + "/model.bin"))
        try Data("x".utf8).write(to: URL(fileURLWithPath: cache.path(of: "m") + "/surplus"))
        #expect(cache.folder(of: model)?.verify().count == 2)
        // Only the altered file can be had from a server that serves it alone.
        try FileManager.default.removeItem(atPath: served.path("config.json"))
        #expect(try cache.pull(model, options: options(server)).verify().isEmpty)
        #expect(try server.nextAnswer() == "good 200 -")
    }

    @Test(arguments: [
        ("truncated", CatalogError.interrupted(file: "model.bin", received: 1_500_000, expected: 3_000_000)),
        ("short", .wrongSize(file: "model.bin", expected: 3_000_000, found: 1_500_000)),
        ("endless", .tooLarge(file: "model.bin", limitBytes: 3_000_000)),
        ("missing", .httpStatus(file: "model.bin", host: "127.0.0.1", status: 404)),
        ("elsewhere", .redirectRefused(file: "model.bin", scheme: "http", host: "localhost")),
    ])
    func `a bad answer is named and leaves no model`(behaviour: String, expected: CatalogError) throws {
        let server = try HubServer(folder: served.path)
        let model = try weightsOnly(behaviour)
        #expect(throws: expected) { try cache.pull(model, options: options(server)) }
        #expect(!cache.isInstalled(model))
        #expect(!FileManager.default.fileExists(atPath: cache.path(of: "m")))
    }

    @Test func `altered bytes are thrown away`() throws {
        let server = try HubServer(folder: served.path)
        let model = try weightsOnly("altered")
        #expect {
            try cache.pull(model, options: options(server))
        } throws: {
            if case CatalogError.wrongHash(file: "model.bin", expected: _, found: _) = $0 { true } else { false }
        }
        #expect(!cache.isInstalled(model))
        #expect(
            try FileManager.default.subpathsOfDirectory(atPath: cache.root).allSatisfy { !$0.contains("model.bin") })
    }

    @Test func `a silent server is given up`() throws {
        let server = try HubServer(folder: served.path)
        var options = try options(server)
        options.stallSecondsMax = 1
        options.connectionsMax = 1
        #expect(throws: CatalogError.stalled(host: "127.0.0.1", seconds: 1)) {
            try cache.pull(weightsOnly("stalled"), options: options)
        }
    }

    @Test func `a server that never gets further is asked as often as allowed and not once more`() throws {
        let server = try HubServer(folder: served.path)
        var options = try options(server)
        options.connectionsMax = 3
        #expect(throws: CatalogError.self) { try cache.pull(weightsOnly("truncated"), options: options) }
        for _ in 1...3 { #expect(try server.nextAnswer() == "truncated 200 -") }
        #expect(throws: CatalogError.self) { try cache.pull(weightsOnly("missing"), options: options) }
        #expect(try server.nextAnswer() == "missing 404 -")
    }

    @Test func `a redirect on the mirror itself is followed`() throws {
        let server = try HubServer(folder: served.path)
        try cache.pull(weightsOnly("moved"), options: options(server))
        #expect(try installed("model.bin") == weights)
    }

    @Test func `a transfer that dies half-way goes on where it stopped`() throws {
        let server = try HubServer(folder: served.path)
        try cache.pull(weightsOnly("dying"), options: options(server))
        #expect(try installed("model.bin") == weights)
        #expect(try server.nextAnswer() == "dying 200 -")
        #expect(try server.nextAnswer() == "dying 206 bytes=1500000-")
    }

    @Test func `a later pull goes on where an earlier one stopped`() throws {
        let server = try HubServer(folder: served.path)
        var options = try options(server)
        options.connectionsMax = 1
        let model = try weightsOnly("dying")
        #expect(throws: CatalogError.self) { try cache.pull(model, options: options) }
        #expect(!cache.isInstalled(model))
        try cache.pull(model, options: options)
        #expect(try installed("model.bin") == weights)
        _ = try server.nextAnswer()
        #expect(try server.nextAnswer() == "dying 206 bytes=1500000-")
    }

    @Test(arguments: ["changed", "lying"])
    func `a file that changed meanwhile is received anew`(behaviour: String) throws {
        let server = try HubServer(folder: served.path)
        try cache.pull(weightsOnly(behaviour), options: options(server))
        #expect(try installed("model.bin") == weights)
    }

    @Test func `without a tag nothing is taken up`() throws {
        let server = try HubServer(folder: served.path)
        let model = try weightsOnly("untagged")
        // The right length of the wrong bytes: only a start from zero ends well.
        try FileManager.default.createDirectory(
            atPath: home.path("models/partial/m"), withIntermediateDirectories: true)
        try home.write(Data(count: 1_000_000), to: "models/partial/m/model.bin.part")
        try cache.pull(model, options: options(server))
        #expect(try server.nextAnswer() == "untagged 200 -")
        #expect(try installed("model.bin") == weights)
    }

    @Test func `a certificate nobody vouches for is refused`() throws {
        let key = try TestCertificate(in: home).pairPath
        let server = try HubServer(folder: served.path, certificate: key)
        let options = PullOptions(hub: try ServerAddress(server.address(scheme: "https")))
        #expect {
            try cache.pull(weightsOnly("good"), options: options)
        } throws: {
            if case CatalogError.unreachable(host: "127.0.0.1", reason: _) = $0 { true } else { false }
        }
        #expect(try !cache.isInstalled(weightsOnly("good")))
    }

    @Test func `nobody listening is an error that names the host`() throws {
        #expect {
            try cache.pull(weightsOnly("good"), options: PullOptions(hub: ServerAddress("http://127.0.0.1:1")))
        } throws: {
            if case CatalogError.unreachable(host: "127.0.0.1", reason: _) = $0 { true } else { false }
        }
    }

    @Test func `two pulls at once make one transfer`() throws {
        let server = try HubServer(folder: served.path)
        let model = try weightsOnly("good")
        let options = try options(server)
        let (first, second) = (
            Background { try self.cache.pull(model, options: options) },
            Background { try self.cache.pull(model, options: options) }
        )
        #expect(try first.wait().verify().isEmpty)
        #expect(try second.wait().verify().isEmpty)
        #expect(try server.nextAnswer() == "good 200 -")
        // A second transfer would have been answered before this one.
        #expect(throws: CatalogError.self) {
            try cache.pull(
                TestCatalog.hub(name: "n", files: [("model.bin", weights)], behaviour: "missing"), options: options)
        }
        #expect(try server.nextAnswer() == "missing 404 -")
    }
}

struct ServerAddressTests {
    @Test(arguments: [
        ("https://hub.example.org", "https://cdn.example.org/x", true),
        ("https://hub.example.org", "http://hub.example.org/x", false),
        ("https://hub.example.org", "http://127.0.0.1/x", false),
        ("https://hub.example.org", "file:///etc/passwd", false),
        ("http://mirror.local:8080", "http://mirror.local:8080/x", true),
        ("http://mirror.local:8080", "http://other.local/x", false),
        ("http://mirror.local:8080", "https://cdn.example.org/x", true),
    ])
    func `a redirect never leaves https for another server`(hub: String, target: String, isFollowed: Bool) throws {
        #expect(try ServerAddress(hub).allowsRedirect(to: #require(URL(string: target))) == isFollowed)
    }

    @Test(arguments: [
        "", "models", "ftp://example.org", "https://", "https://me:secret@example.org",
        "https://example.org/?token=secret",
    ])
    func `an address of another kind is refused without repeating it`(address: String) {
        #expect {
            try ServerAddress(address)
        } throws: {
            if case CatalogError.badAddress = $0 { !"\($0)".contains("secret") } else { false }
        }
    }
}

/// Blocking work on a thread of its own.
///
/// Unchecked: `result` is written before `done` is signalled and read after.
final class Background<Value>: @unchecked Sendable {
    private var result: Result<Value, any Error>?
    private let done = DispatchSemaphore(value: 0)

    init(_ work: @escaping @Sendable () throws -> Value) {
        Thread.detachNewThread {
            self.result = Result(catching: work)
            self.done.signal()
        }
    }

    func wait() throws -> Value {
        done.wait()
        return try result!.get()
    }
}
