import Catalog
import Foundation
import Testing
import Transcript

/// The digits of some hash.
private let zeros = String(repeating: "0", count: 64)

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

    @Test func `every file has a published hash but the configuration of large-v1 and some of traditional Chinese`() {
        let unpinned = ModelCatalog.current.models.flatMap { model in
            model.files.filter { $0.sha256 == nil && $0.compressed == nil }.map { "\(model.name)/\($0.name)" }
        }
        #expect(
            unpinned == [
                "large-v1/config.json", "en-zh-tw/srcvocab.enzh_hant.spm", "en-zh-tw/trgvocab.enzh_hant.spm",
                "en-zh-tw/lex.50.50.enzh_hant.s2t.bin", "zh-tw-en/srcvocab.zh_hanten.spm",
                "zh-tw-en/trgvocab.zh_hanten.spm", "zh-tw-en/lex.50.50.zh_hanten.s2t.bin",
                "zh-tw-en/model.zh_hanten.intgemm.alphas.bin",
            ])
    }

    @Test func `every language has a model to English and one from it`() {
        for language in Language.allCases where language != .english {
            for direction in [
                TranslationDirection(from: .english, to: language), TranslationDirection(from: language, to: .english),
            ] {
                let model = ModelCatalog.current.models.first { $0.translation?.direction == direction }
                #expect(model?.name == direction.name)
                let isTiny = [.portuguese, .russian].contains(direction.from) || direction.to == .portuguese
                #expect(model?.translation?.architecture == (isTiny ? .tiny : .baseMemory), "\(direction.name)")
            }
        }
    }

    @Test func `what the catalog says a direction costs is what its publisher's files have`() throws {
        #expect(try ModelCatalog.current.model("en-fr").sizeBytes == 409_706 + 2_297_334 + 23_045_432)
        #expect(try ModelCatalog.current.model("en-zh-tw").sizeBytes == 803_694 + 751_671 + 4_057_188 + 43_849_787)
    }

    @Test(arguments: [
        #"{"name": "a"}"#, #"{"name": "a", "sha256": "\#(zeros)"}"#, #"{"name": "a", "sizeBytes": -1}"#,
        #"{"name": "a", "sizeBytes": 1, "sha256": "0"}"#, #"{"name": "a", "sizeBytes": 1, "sha256": "\#(zeros)0"}"#,
        #"{"name": "a", "sizeBytes": 1, "sha256": "G\#(zeros.dropLast())"}"#,
        #"{"name": "a", "sizeBytes": 1, "sha256Begins": "\#(zeros)"}"#,
        #"{"name": "a", "sizeBytes": 1, "sha256": "\#(zeros)", "sha256Begins": "0"}"#,
        #"{"name": "a", "sizeBytes": 1, "compressed": {"sizeBytes": 1, "sha256": "\#(zeros)"}}"#,
        #"{"name": "a", "compressed": {"sizeBytes": 1}}"#,
    ])
    func `a file that is not pinned, or pinned in no way that is known, is refused`(file: String) {
        let json = """
            {"models": [{"name": "m", "kind": "sample", "licence": "MIT", "files": [\(file)],
            "sources": [{"kind": "hub", "repository": "r", "revision": "main"}]}]}
            """
        #expect {
            try ModelCatalog(json: Data(json.utf8))
        } throws: {
            if case CatalogError.malformedCatalog = $0 { true } else { false }
        }
    }

    @Test(arguments: [
        #"{"kind": "hub", "repository": "r", "revision": "main"}"#,
        #"{"kind": "registry", "wheels": [{"package": "p", "version": "1", "sha256": "0"}], "members": {"a": [{"wheel": 0, "path": "a"}]}}"#,
    ])
    func `a source that sends a form of a file that is not pinned is refused`(source: String) {
        let json = """
            {"models": [{"name": "m", "kind": "sample", "licence": "MIT",
            "files": [{"name": "a", "compressed": {"sizeBytes": 1, "sha256": "\(zeros)"}}], "sources": [\(source)]}]}
            """
        #expect(
            throws: CatalogError.malformedCatalog(what: "a of m is not pinned in the form that a source of it sends")
        ) { try ModelCatalog(json: Data(json.utf8)) }
    }

    @Test(arguments: [
        ("en-de", "marian", ["model.x", "lex.x", "vocab.x"]), ("en-fr", "whisper", ["model.x", "lex.x", "vocab.x"]),
        ("en-fr", "marian", ["model.x", "lex.x"]), ("en-fr", "marian", ["model.x", "lex.x", "srcvocab.x"]),
        ("en-fr", "marian", ["model.x", "lex.x", "vocab.x", "other"]),
    ])
    func `a translation model of another name, kind or set of files is refused`(
        name: String, kind: String, files: [String]
    ) {
        let list = files.map { #"{"name": "\#($0)", "sizeBytes": 1}"# }.joined(separator: ",")
        let json = """
            {"models": [{"name": "\(name)", "kind": "\(kind)", "licence": "MIT", "files": [\(list)],
            "translation": {"from": "en", "to": "fr", "architecture": "tiny"},
            "sources": [{"kind": "bucket", "pair": "en-fr"}]}]}
            """
        #expect(
            throws: CatalogError.malformedCatalog(
                what: "\(name) is not a translation model, or not that of its direction")
        ) {
            try ModelCatalog(json: Data(json.utf8))
        }
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
