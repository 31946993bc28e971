import Foundation

/// This repository as text.
enum Repository {
    /// A text file by its path from the root.
    struct File: Sendable {
        let path: String
        let text: String

        var name: String { String(path.split(separator: "/").last ?? "") }
        var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
    }

    enum Missing: Error { case file(path: String), filesIn(folder: String) }

    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appendingPathComponent(path).path)
    }

    /// - Throws: when it is not there, or no text.
    static func file(_ path: String) throws -> File {
        guard exists(path) else { throw Missing.file(path: path) }
        return File(path: path, text: try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8))
    }

    /// Paths from the root of all files below a folder, sorted; folders of what was built or downloaded left out.
    static func paths(below folder: String) throws -> [String] {
        let start = root.appendingPathComponent(folder).path
        let names = FileManager.default.enumerator(atPath: start)?.compactMap { $0 as? String } ?? []
        let paths = names.filter { name in
            let parts = name.split(separator: "/")
            guard !parts.contains(where: { $0.hasPrefix(".") || $0 == "scratch" || $0 == "__pycache__" }) else {
                return false
            }
            var isFolder: ObjCBool = false
            return unsafe FileManager.default.fileExists(atPath: start + "/" + name, isDirectory: &isFolder)
                && !isFolder.boolValue
        }
        // A check of no files would pass whatever they hold.
        guard !paths.isEmpty else { throw Missing.filesIn(folder: folder) }
        return paths.map { folder + "/" + $0 }.sorted()
    }

    /// The files below some folders whose names end in one of `endings`.
    static func files(below folders: [String], _ endings: [String]) throws -> [File] {
        try folders.flatMap { folder in
            try paths(below: folder).filter { path in endings.contains { path.hasSuffix($0) } }.map { try file($0) }
        }
    }

    static var swift: [File] { get throws { try files(below: ["Sources", "Tests", "Benchmarks"], [".swift"]) } }
    static var sources: [File] { get throws { try files(below: ["Sources"], [".swift", ".c", ".h"]) } }
    /// Everything that is written by hand and run or compiled.
    static var code: [File] {
        get throws {
            try files(below: ["Sources", "Tests", "Benchmarks", "Tools"], [".swift", ".c", ".h", ".py"])
        }
    }

    /// The texts at the root.
    static var documents: [File] {
        get throws { try ["README.md", "ARCHITECTURE.md", "STYLE.md", "CONTRIBUTING.md"].map(file) }
    }
}

extension Repository.File {
    /// What the first group of a pattern matches, wherever it does.
    func all(_ pattern: String) throws -> [String] {
        let expression = try NSRegularExpression(pattern: pattern, options: .anchorsMatchLines)
        return expression.matches(in: text, range: NSRange(text.startIndex..., in: text)).compactMap {
            Range($0.range(at: min(1, expression.numberOfCaptureGroups)), in: text).map { String(text[$0]) }
        }
    }

    /// What stands between backticks on one line; blocks of code have none.
    var quoted: [String] { get throws { try all("`([^`\\n]+)`") } }

    /// The part of a text under a heading of the second level.
    ///
    /// - Throws: when there is no such heading.
    func section(_ heading: String) throws -> Repository.File {
        let parts = text.components(separatedBy: "\n## ")
        guard let part = parts.first(where: { $0.hasPrefix(heading + "\n") }) else {
            throw Repository.Missing.file(path: "\(path) ## \(heading)")
        }
        return Repository.File(path: path, text: part)
    }

    /// The cells of a table's rows, without its head.
    var rows: [[String]] {
        lines.filter { $0.hasPrefix("| ") }.dropFirst().map { line in
            line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }
}
