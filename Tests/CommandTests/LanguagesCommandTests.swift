import Catalog
import Foundation
import TestSupport
import Testing

/// `voicelingua languages`, run as a user runs it.
struct LanguagesCommandTests {
    private struct Row: Decodable {
        let from: String
        let to: String
        let installed: Bool
        let pivot: String?
        let missing: [String]
        let missingBytes: Int
    }

    /// A folder of models that has the Portuguese ones and no others.
    private func portuguese() throws -> TemporaryFolder {
        let home = try TemporaryFolder()
        for name in ["en-pt", "pt-en"] {
            try FileManager.default.createSymbolicLink(
                atPath: home.path(name), withDestinationPath: TestModels.folder(name))
        }
        return home
    }

    private func run(_ arguments: String..., models: TemporaryFolder) throws -> ProgramRun {
        try ProgramRun(
            ProgramRun.voicelinguaPath(), ["languages"] + arguments,
            environment: ProcessInfo.processInfo.environment.merging(["VOICELINGUA_MODELS": models.path]) { $1 })
    }

    @Test func `the matrix says what is installed, what is pulled for how much, and what goes through English`() throws
    {
        let run = try run(models: portuguese())
        #expect(run.status == 0)
        let lines = run.output.split(separator: "\n", omittingEmptySubsequences: false)
        let rows = lines.prefix(12).map { $0.split(separator: " ").map(String.init) }
        #expect(rows[0] == ["from", "en", "zh", "zh-tw", "ja", "ko", "fr", "de", "es", "it", "ru", "pt"])
        #expect(rows.allSatisfy { $0.count == 12 })
        #expect(rows[1] == ["en", ".", "38", "50", "37", "39", "26", "26", "26", "27", "24", "yes"])
        #expect(rows[11] == ["pt", "yes", "38*", "50*", "37*", "39*", "26*", "26*", "26*", "27*", "24*", "."])
        #expect(rows[2][3] == "yes~")
        #expect(lines.allSatisfy { $0.count <= 110 }, "a line is too long to be read")
        #expect(lines.prefix(12).allSatisfy { $0.count <= 80 }, "the matrix is wider than a terminal")
    }

    @Test func `JSON has every pair with what it lacks`() throws {
        let run = try run("--json", models: portuguese())
        let rows = try JSONDecoder().decode([Row].self, from: run.outputData)
        #expect(rows.count == 110)
        let installed = rows.filter(\.installed).map { "\($0.from)-\($0.to)" }
        #expect(installed == ["en-pt", "zh-zh-tw", "zh-tw-zh", "pt-en"])
        let french = try #require(rows.first { $0.from == "pt" && $0.to == "fr" })
        #expect(french.pivot == "en")
        #expect(french.missing == ["en-fr"])
        #expect(french.missingBytes == (try ModelCatalog.current.model("en-fr").sizeBytes))
    }
}
