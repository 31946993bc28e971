import Catalog
import Foundation
import TestSupport
import Testing

struct ModelCacheTests {
    @Test(arguments: [
        (["VOICELINGUA_MODELS": "/m", "XDG_CACHE_HOME": "/x", "HOME": "/h"], "/m"),
        (["VOICELINGUA_MODELS": "", "XDG_CACHE_HOME": "/x", "HOME": "/h"], "/x/voicelingua/models"),
        (["XDG_CACHE_HOME": "relative", "HOME": "/h"], "/h/.cache/voicelingua/models"),
        (["HOME": "/h"], "/h/.cache/voicelingua/models"),
    ])
    func `the folder of the models is the first one the environment names`(
        environment: [String: String], root: String
    ) { #expect(ModelCache(environment: environment).root == root) }

    @Test func `a name that is not installed says how to get it`() throws {
        let home = try TemporaryFolder()
        let cache = ModelCache(root: home.path)
        #expect(throws: CatalogError.notInstalled(name: "base")) {
            try cache.resolve("base", catalog: .current)
        }
    }

    @Test func `a folder is taken as it is named, and nothing else is`() throws {
        let home = try TemporaryFolder()
        let cache = ModelCache(root: home.path("models"))
        #expect(try cache.resolve(home.path, catalog: .current) == home.path)
        #expect(throws: CatalogError.self) { try cache.resolve(home.path("nowhere"), catalog: .current) }
        let file = try home.write("x", to: "file")
        #expect(throws: CatalogError.self) { try cache.resolve(file, catalog: .current) }
    }

    @Test func `what is installed now is told, however often it was asked before`() throws {
        let home = try TemporaryFolder()
        let cache = ModelCache(root: home.path("models"))
        let content = [("a", Data("a".utf8))]
        try home.write(content[0].1, to: "served/a")
        let server = try HubServer(folder: home.path("served"))
        let model = try TestCatalog.hub(files: content)
        let folder = try cache.pull(model, options: PullOptions(hub: ServerAddress(server.address())))
        let manifest = folder.path + "/" + ModelManifest.fileName
        let whole = try Data(contentsOf: URL(fileURLWithPath: manifest))
        #expect(cache.isInstalled(model) && cache.isInstalled(model))
        try home.write("{}", to: "models/m/" + ModelManifest.fileName)
        #expect(!cache.isInstalled(model) && !cache.isInstalled(model))
        try home.write(whole, to: "models/m/" + ModelManifest.fileName)
        #expect(cache.isInstalled(model))
        try FileManager.default.removeItem(atPath: manifest)
        #expect(!cache.isInstalled(model))
    }

    @Test func `every way a folder can be wrong is reported`() throws {
        let home = try TemporaryFolder()
        let cache = ModelCache(root: home.path("models"))
        let content = ["a", "b", "c"].map { ($0, Data($0.utf8)) }
        for (name, data) in content { try home.write(data, to: "served/" + name) }
        let server = try HubServer(folder: home.path("served"))
        let model = try TestCatalog.hub(files: content)
        let folder = try cache.pull(model, options: PullOptions(hub: ServerAddress(server.address())))
        try home.write("x", to: "models/m/a")
        try FileManager.default.removeItem(atPath: folder.path + "/b")
        try home.write("d", to: "models/m/deep/d")
        let (expected, found) = try (TestCatalog.sha256(Data("a".utf8)), TestCatalog.sha256(Data("x".utf8)))
        #expect(
            folder.verify() == [
                .altered(file: "a", expected: expected, found: found), .missing(file: "b"), .extra(file: "deep/d"),
            ])
        #expect(!folder.isComplete)
        #expect(!cache.isInstalled(model))
    }
}
