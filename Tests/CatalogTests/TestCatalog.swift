import Catalog
import Foundation
import TestSupport

/// Catalogs of one small model, for servers and wheels of the tests.
enum TestCatalog {
    /// - Parameter behaviour: how `hub.py` serves the files.
    static func hub(
        name: String = "m", files: [(name: String, content: Data)], behaviour: String = "good", isPinned: Bool = true
    ) throws -> ModelEntry {
        try model(
            name, files: files.map { try entry($0.name, $0.content, isPinned: isPinned) },
            sources: [["kind": "hub", "repository": "test/\(behaviour)", "revision": "main"]])
    }

    /// - Parameter translation: what the entry says of its direction, where it is that of a translation model.
    static func model(
        _ name: String, files: [[String: Any]], sources: [[String: Any]], translation: [String: String]? = nil
    ) throws -> ModelEntry {
        var model: [String: Any] = [
            "name": name, "kind": translation == nil ? "sample" : "marian", "licence": "MIT", "files": files,
            "sources": sources,
        ]
        model["translation"] = translation
        return try ModelCatalog(json: JSONSerialization.data(withJSONObject: ["models": [model]])).models[0]
    }

    static func entry(_ name: String, _ content: Data, isPinned: Bool = true) throws -> [String: Any] {
        var entry: [String: Any] = ["name": name, "sizeBytes": content.count]
        if isPinned { entry["sha256"] = try sha256(content) }
        return entry
    }

    /// By the program of the system, not by the code under test.
    static func sha256(_ content: Data) throws -> String {
        String(try ProgramRun("/usr/bin/sha256sum", [], input: content).output.prefix(64))
    }

    /// Bytes that repeat nowhere near, the same every time.
    static func bytes(_ count: Int, seed: UInt64 = 1) -> Data {
        var state = seed
        return Data(
            (0..<count).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return UInt8(truncatingIfNeeded: state >> 33)
            })
    }
}
