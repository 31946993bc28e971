import ArgumentParser
import Foundation
import Pipeline
import Store

/// Which folder of data a command works on, whether or not a service is running there.
struct DataOption: ParsableArguments {
    @Option(help: "Folder of the service's data; VOICELINGUA_DATA, else the one of XDG.") var data: String?

    var folder: String {
        let environment = ProcessInfo.processInfo.environment
        return data ?? environment[Setting.data.variable] ?? DataFolder.standard(environment: environment)
    }

    /// - Throws: `StoreError`; `CommandError.noData` where nothing is, so that a wrong name makes no new folder.
    func open() async throws -> Storage {
        guard FileManager.default.fileExists(atPath: folder) else { throw CommandError.noData(folder: folder) }
        return try await Storage(folder: folder)
    }
}

/// Milliseconds since 1970 as people and programs read them.
func time(_ ms: Int64) -> String { Date(timeIntervalSince1970: Double(ms) / 1000).formatted(.iso8601) }
