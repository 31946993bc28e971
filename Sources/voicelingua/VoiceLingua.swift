import ArgumentParser
import Foundation

@main
struct VoiceLingua: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "voicelingua",
        abstract: "Turns speech into text on this machine.",
        version: Settings.version,
        subcommands: [ModelsCommand.self, DoctorCommand.self])
}

/// Says on standard error what went wrong, in one line.
func complain(_ error: any Error) {
    let line = "\(error)".split(whereSeparator: \.isNewline).joined(separator: " ")
    FileHandle.standardError.write(Data("voicelingua: \(line)\n".utf8))
}
