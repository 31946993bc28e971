import ArgumentParser
import Catalog
import Foundation
import Transcript

struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models", abstract: "Lists, pulls, verifies and locates models.",
        discussion: "Example: voicelingua models pull base silero-vad",
        subcommands: [List.self, Pull.self, Verify.self, Path.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists the models of the catalog.", discussion: "Example: voicelingua models list --json")

        @Flag(help: "Write an array of JSON objects.") var json = false

        private struct Row: Encodable {
            let name: String
            let kind: ModelEntry.Kind
            let sizeBytes: Int
            let installed: Bool
            let licence: String
        }

        func run() throws {
            try reporting {
                let settings = try Settings()
                let rows = settings.catalog.models.map {
                    Row(
                        name: $0.name, kind: $0.kind, sizeBytes: $0.sizeBytes,
                        installed: settings.models.isInstalled($0), licence: $0.licence)
                }
                if json {
                    return try printJSON(rows)
                }
                // Kinds together, each in the order of the catalog.
                let grouped = ModelEntry.Kind.allCases.flatMap { kind in rows.filter { $0.kind == kind } }
                let cells =
                    [["name", "kind", "size", "installed", "licence"]]
                    + grouped.map {
                        [
                            $0.name, $0.kind.rawValue, megabytes($0.sizeBytes), $0.installed ? "yes" : "no", $0.licence,
                        ]
                    }
                print(table(cells))
            }
        }
    }

    struct Pull: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Installs models; one that is installed and unaltered is left alone.",
            discussion: "Example: voicelingua models pull base --languages pt,fr")

        @Argument(help: "Names of the catalog.") var names: [String] = []

        @Option(
            help: ArgumentHelp(
                "Languages to translate between, or `all`: pulls what they need to and from English.",
                valueName: "codes"))
        var languages: LanguageList?

        func validate() throws {
            if names.isEmpty && languages == nil {
                throw ValidationError("Missing expected argument '<names> ...' or '--languages <codes>'")
            }
            if languages?.languages == [.english] {
                throw ValidationError(
                    "English needs no model of its own; name one of "
                        + Language.allCases.dropFirst().map(\.rawValue).joined(separator: ", "))
            }
        }

        func run() throws {
            try reporting {
                let settings = try Settings()
                let routes = settings.models.translationRoutes(catalog: settings.catalog)
                let models =
                    try names.map { try settings.catalog.model($0) }
                    + (languages.map { routes.models(for: $0.languages) } ?? [])
                let line = ProgressLine()
                var options = PullOptions(hub: settings.hub, bucket: settings.bucket)
                options.progress = { line.show($0) }
                var isComplete = true
                for model in models {
                    do {
                        let folder = try settings.models.pull(model, options: options)
                        line.clear()
                        print("\(model.name)\t\(folder.path)")
                    } catch {
                        line.clear()
                        complain(error)
                        isComplete = false
                    }
                }
                guard isComplete else { throw ExitCode.failure }
            }
        }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Hashes the files of models again; without names, of all that are installed.",
            discussion: "Example: voicelingua models verify base")

        @Argument(help: "Names of the catalog.") var names: [String] = []

        func run() throws {
            try reporting {
                let settings = try Settings()
                let (cache, catalog) = (settings.models, settings.catalog)
                let models =
                    names.isEmpty
                    ? catalog.models.filter { cache.folder(of: $0) != nil } : try names.map { try catalog.model($0) }
                var isSound = true
                for model in models {
                    guard let folder = cache.folder(of: model) else {
                        throw CatalogError.notInstalled(name: model.name)
                    }
                    let findings = folder.verify()
                    print("\(model.name)\t\(findings.isEmpty ? "unaltered" : "altered")")
                    for finding in findings { print("  \(finding)") }
                    isSound = isSound && findings.isEmpty
                }
                guard isSound else {
                    FileHandle.standardError.write(Data("voicelingua: `voicelingua models pull NAME` mends it\n".utf8))
                    throw ExitCode.failure
                }
            }
        }
    }

    struct Path: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the folder of an installed model, or of all models.",
            discussion: "Example: voicelingua models path base")

        @Argument(help: "A name of the catalog.") var name: String?

        func run() throws {
            try reporting {
                let settings = try Settings()
                let cache = settings.models
                guard let name else { return print(cache.root) }
                let model = try settings.catalog.model(name)
                guard cache.isInstalled(model) else { throw CatalogError.notInstalled(name: name) }
                print(cache.path(of: name))
            }
        }
    }
}

/// Runs a command; its errors become one line on standard error and exit code 1.
func reporting(_ work: () throws -> Void) throws {
    do {
        try work()
        // What `print` could not write is known here.
        guard fflush(nil) == 0 else { throw CommandError.outputFailed(reason: unsafe String(cString: strerror(errno))) }
    } catch let code as ExitCode { throw code } catch {
        complain(error)
        throw ExitCode.failure
    }
}

/// Writes a value as JSON for people and programs, its keys in alphabetical order.
func printJSON(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    print(String(decoding: try encoder.encode(value), as: UTF8.self))
}

/// Rows under their heads, in columns.
func table(_ rows: [[String]]) -> String {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
        zip(row, widths).map { $0.padding(toLength: $1, withPad: " ", startingAt: 0) }.joined(separator: "  ")
            .trimmingCharacters(in: .whitespaces)
    }.joined(separator: "\n")
}

func megabytes(_ bytes: Int) -> String { String(format: "%.1f MB", Double(bytes) / 1e6) }
