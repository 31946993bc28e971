import Catalog
import Foundation
import Testing

struct ModelCatalogTests {
    @Test func `the catalog lists every published size of Whisper`() {
        let sizes = ModelCatalog.current.models.filter { $0.kind == .whisper }.map(\.name)
        #expect(
            sizes == [
                "tiny", "tiny.en", "base", "base.en", "small", "small.en", "medium", "medium.en", "large-v1",
                "large-v2",
                "large-v3", "large-v3-turbo",
            ])
    }

    @Test func `every model file has a published hash but the configuration of large-v1`() {
        let unpinned = ModelCatalog.current.models.flatMap { model in
            model.files.filter { $0.sha256 == nil }.map { "\(model.name)/\($0.name)" }
        }
        #expect(unpinned == ["large-v1/config.json"])
    }

    @Test(arguments: [
        ("base", "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"),
        ("tiny.en", "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"),
    ])
    func `the weights of a model have the hash its publisher gives`(name: String, hash: String) throws {
        let model = try ModelCatalog.current.model(name)
        #expect(model.files.first { $0.name == "model.bin" }?.sha256 == hash)
    }

    @Test func `an unknown name is answered with the known ones`() {
        #expect(throws: CatalogError.unknownModel(name: "huge", known: ModelCatalog.current.models.map(\.name))) {
            try ModelCatalog.current.model("huge")
        }
    }

    @Test(arguments: [
        "..", "../a", "a/../b", "/a", "a//b", ".hidden", "", "manifest.json",
    ])
    func `a file that leaves its folder or hides is refused`(name: String) {
        #expect(throws: CatalogError.self) { try TestCatalog.hub(files: [(name, Data("x".utf8))]) }
    }

    @Test(arguments: ["partial", "a/b", "..", ""])
    func `a model whose name is no name of a folder is refused`(name: String) {
        #expect(throws: CatalogError.self) { try TestCatalog.hub(name: name, files: [("a", Data("x".utf8))]) }
    }

    @Test(arguments: ["", "[]", "{}", #"{"models": [{"name": "m"}]}"#])
    func `JSON of another shape is refused`(json: String) {
        #expect(throws: CatalogError.self) { try ModelCatalog(json: Data(json.utf8)) }
    }

    @Test func `a registry source without the members of a file is refused`() {
        let json = """
            {"models": [{"name": "m", "kind": "sample", "licence": "MIT", "files": [{"name": "a", "sizeBytes": 1}],
            "sources": [{"kind": "registry", "wheels": [], "members": {"a": [{"wheel": 0, "path": "a"}]}}]}]}
            """
        #expect(throws: CatalogError.malformedCatalog(what: "no wheel of m holds a")) {
            try ModelCatalog(json: Data(json.utf8))
        }
    }
}
