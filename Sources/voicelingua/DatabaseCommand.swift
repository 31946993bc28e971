import ArgumentParser
import Foundation
import Store

struct DatabaseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db", abstract: "Migrates, checks and backs up the database of the service.",
        discussion: "Example: voicelingua db backup voicelingua-monday.db",
        subcommands: [Migrate.self, Check.self, Backup.self])

    struct Migrate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Brings the schema up to date, as every start does.",
            discussion: "Example: voicelingua db migrate --data /srv/voicelingua")

        @Flag(help: "Write an object of JSON.") var json = false
        @OptionGroup var place: DataOption

        private struct Row: Encodable {
            let from: Int
            let to: Int
        }

        func run() throws {
            try reporting {
                let path = Storage.databasePath(in: place.folder)
                guard FileManager.default.fileExists(atPath: path) else {
                    throw CommandError.noData(folder: place.folder)
                }
                let (from, to) = try waiting { try await Database(path: path).migrate() }
                guard !json else { return try printJSON(Row(from: from, to: to)) }
                print(from == to ? "the schema is at \(to) already" : "the schema went from \(from) to \(to)")
            }
        }
    }

    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Looks for damage and contradictions, in the database and between it and its files.",
            discussion: "The exit code is 1 where there is any.\n\nExample: voicelingua db check --json")

        @Flag(help: "Write an array of JSON strings, one a finding.") var json = false
        @OptionGroup var place: DataOption

        func run() throws {
            try reporting {
                let place = place
                let findings = try waiting { try await place.open().inspect() }.map(\.description)
                if json {
                    try printJSON(findings)
                } else {
                    print(findings.isEmpty ? "nothing is wrong" : findings.joined(separator: "\n"))
                }
                guard findings.isEmpty else { throw ExitCode.failure }
            }
        }
    }

    struct Backup: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Writes the database as it stands into a file, also while the service runs.",
            discussion: "Uploads and packages lie beside it, in the folder `blobs`.\n\n"
                + "Example: voicelingua db backup voicelingua-monday.db")

        @Argument(help: "The file; one of that name is replaced when the new one is whole.") var file: String
        @Flag(help: "Write an object of JSON.") var json = false
        @OptionGroup var place: DataOption

        private struct Row: Encodable {
            let file: String
            let sizeBytes: Int?
        }

        func run() throws {
            try reporting {
                let (place, file) = (place, file)
                try waiting { try await place.open().database.backup(to: file) }
                let size = try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int
                guard !json else { return try printJSON(Row(file: file, sizeBytes: size)) }
                print("\(oneLine(file))\t\(megabytes(size ?? 0))")
            }
        }
    }
}
