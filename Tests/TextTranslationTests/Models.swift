import Catalog
import Foundation
import Inference
import TestSupport
import TextTranslation

/// Translators for tests: with the two real directions, and with more that the same weights stand in for.
enum Models {
    static func translator() throws -> TextTranslator {
        _ = try [TestModels.folder("en-pt"), TestModels.folder("pt-en")]
        return TextTranslator(
            models: ModelCache(environment: ProcessInfo.processInfo.environment), threads: ComputeThreads(2))
    }

    /// Every language from English is what `en-pt` makes of it, every language into English what `pt-en` does.
    ///
    /// - Parameter body: the folder of the models is gone after it.
    static func withStandIns(_ names: [String], _ body: (TextTranslator) throws -> Void) throws {
        let folder = try TemporaryFolder()
        try withExtendedLifetime(folder) { try body(standIns(names, in: folder)) }
    }

    private static func standIns(_ names: [String], in folder: TemporaryFolder) throws -> TextTranslator {
        var models: [[String: Any]] = []
        for name in names {
            let codes = name.split(separator: "-", maxSplits: 1).map(String.init)
            // `zh-tw-en`, `en-zh-tw`: English is at one end.
            let (from, to) = name.hasPrefix("en-") ? ("en", codes[1]) : (String(name.dropLast(3)), "en")
            let real = try TestModels.folder(from == "en" ? "en-pt" : "pt-en")
            let data = try Data(contentsOf: URL(fileURLWithPath: real + "/" + ModelManifest.fileName))
            var manifest = try JSONDecoder().decode(ModelManifest.self, from: data)
            manifest = ModelManifest(model: name, files: manifest.files)
            for file in manifest.files {
                try FileManager.default.createDirectory(
                    atPath: folder.path(name), withIntermediateDirectories: true)
                try FileManager.default.createSymbolicLink(
                    atPath: folder.path(name + "/" + file.name), withDestinationPath: real + "/" + file.name)
            }
            try folder.write(JSONEncoder().encode(manifest), to: name + "/" + ModelManifest.fileName)
            models.append([
                "name": name, "kind": "marian", "licence": "MPL-2.0",
                "translation": ["from": from, "to": to, "architecture": "tiny"],
                "files": manifest.files.map { ["name": $0.name, "sizeBytes": $0.sizeBytes, "sha256": $0.sha256] },
                "sources": [["kind": "bucket", "pair": name]],
            ])
        }
        let catalog = try ModelCatalog(json: JSONSerialization.data(withJSONObject: ["models": models]))
        return TextTranslator(models: ModelCache(root: folder.path), catalog: catalog, threads: ComputeThreads(2))
    }
}
