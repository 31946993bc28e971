import ArgumentParser
import Foundation
import Logging
import NIOCore
import Pipeline

struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serves transcription and translation over HTTP, from this machine.",
        discussion: """
            One process, and all it knows in one folder: tasks survive a crash and go on at the next start. The \
            address is written on standard output when the service listens, the log on standard error, a line of \
            JSON an event. SIGTERM and SIGINT stop it within ten seconds; a second one at once.

            Settings are flags, variables of the environment, or names in a file of JSON (`maxConcurrentTasks`), in \
            that order:

            \(Setting.table)

            Example: voicelingua serve --port 9000 --transcription-workers 2
            """)

    @Option(help: "A file of settings: an object of JSON.") var config: String?
    @Argument(parsing: .allUnrecognized, help: ArgumentHelp("Settings, as listed above.", valueName: "setting value"))
    var settings: [String] = []

    func run() throws {
        try reporting {
            StopSignals.block()
            let (flags, file) = (settings, config)
            try waiting { try await ServeCommand.serve(flags, file) }
        }
    }

    private static func serve(_ flags: [String], _ file: String?) async throws {
        let process = ProcessInfo.processInfo
        let settings = try await ServiceSettings(
            flags: flags, file: file, environment: process.environment, cores: process.activeProcessorCount)
        LoggingSystem.bootstrap { _ in JSONLogHandler(level: settings.logLevel) }
        let log = Logger(label: "voicelingua")
        let folder = try DataFolder(path: settings.data)
        let place = try Settings()
        let assembly = try await ServiceAssembly(settings, models: place.models, catalog: place.catalog, log: log)
        let group = try await assembly.group { port in
            // An address of version 6 stands in brackets.
            let host = settings.api.host.contains(":") ? "[\(settings.api.host)]" : settings.api.host
            print("VoiceLingua serves http://\(host):\(port)")
            fflush(nil)
        }
        StopSignals.stop(group)
        let loading = Task { await assembly.preload() }
        defer { loading.cancel() }
        do { try await group.run() } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw SettingError.portTaken(host: settings.api.host, port: settings.api.port)
        }
        withExtendedLifetime(folder) { log.info("stopped") }
    }
}
