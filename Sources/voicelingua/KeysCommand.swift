import ArgumentParser
import Foundation
import Store

struct KeysCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "Makes, lists and revokes keys of the service.",
        discussion: """
            Once there is a key, every request needs one. Only hashes are stored: a key is shown once.

            Example: voicelingua keys create phone-app --scope submit --scope read --requests-per-minute 60
            """,
        subcommands: [Create.self, List.self, Revoke.self])

    /// A key as JSON has it.
    private struct Row: Encodable {
        let id: String
        let name: String
        let scopes: [String]
        let requestsPerMinute: Int?
        let tasksPerDay: Int?
        let created: String
        let revoked: String?
        let lastUsed: String?
        let key: String?

        init(_ key: APIKeys.Key, secret: String? = nil) {
            id = key.id
            name = key.name
            scopes = APIKeys.Scope.allCases.filter(key.scopes.contains).map(\.rawValue)
            requestsPerMinute = key.requestsPerMinute
            tasksPerDay = key.tasksPerDay
            created = time(key.createdMs)
            revoked = key.revokedMs.map(time)
            lastUsed = key.lastUsedMs.map(time)
            self.key = secret
        }
    }

    struct Create: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Makes a key and shows it, this once.",
            discussion: "Example: voicelingua keys create dashboard --scope read")

        /// Beyond it a limit limits nothing.
        private static let limitMax = 1_000_000_000

        @Argument(help: "What it is for; 1…100 characters.") var name: String
        @Option(help: "What it may do: submit, read or admin; repeat it for several (submit and read).")
        var scope: [APIKeys.Scope] = []
        @Option(help: "Requests a minute (no limit).") var requestsPerMinute: Int?
        @Option(help: "Tasks a day, by UTC (no limit).") var tasksPerDay: Int?
        @Flag(help: "Write an object of JSON.") var json = false
        @OptionGroup var place: DataOption

        func validate() throws {
            guard 1...100 ~= name.count else { throw ValidationError("NAME has 1 to 100 characters.") }
            for limit in [requestsPerMinute, tasksPerDay].compactMap(\.self) where !(1...Self.limitMax ~= limit) {
                throw ValidationError("A limit is a number from 1 to \(Self.limitMax).")
            }
        }

        func run() throws {
            try reporting {
                let (place, name, scopes) = (place, name, scope.isEmpty ? [.submit, .read] : Set(scope))
                let limits = (requestsPerMinute, tasksPerDay)
                let (key, secret) = try waiting {
                    // The first key may come before the first start.
                    try await Storage(folder: place.folder).keys.create(
                        name: name, scopes: scopes, requestsPerMinute: limits.0, tasksPerDay: limits.1)
                }
                json ? try printJSON(Row(key, secret: secret)) : print(secret)
            }
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists keys, without what is secret of them.", discussion: "Example: voicelingua keys list --json"
        )

        @Flag(help: "Write an array of JSON objects.") var json = false
        @OptionGroup var place: DataOption

        func run() throws {
            try reporting {
                let place = place
                let keys = try waiting { try await place.open().keys.list() }.map { Row($0) }
                guard !json else { return try printJSON(keys) }
                print(
                    table(
                        [["id", "name", "scopes", "created", "last used", "revoked"]]
                            + keys.map {
                                [
                                    $0.id, oneLine($0.name), $0.scopes.joined(separator: ","), $0.created,
                                    $0.lastUsed ?? "-", $0.revoked ?? "-",
                                ]
                            }))
            }
        }
    }

    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Ends the validity of a key, within seconds.",
            discussion: "Example: voicelingua keys revoke 0190a5c1-…")

        @Argument(help: "Its id, as `keys list` shows it.") var id: String
        @Flag(help: "Write an object of JSON.") var json = false
        @OptionGroup var place: DataOption

        private struct Row: Encodable {
            let id: String
            let revoked = true
        }

        func run() throws {
            try reporting {
                let (place, id) = (place, id)
                guard try waiting({ try await place.open().keys.revoke(id) }) else { throw CommandError.noKey(id: id) }
                json ? try printJSON(Row(id: id)) : print("\(oneLine(id)) is revoked")
            }
        }
    }
}

extension APIKeys.Scope: ExpressibleByArgument {}
