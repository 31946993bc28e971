import ArgumentParser
import Foundation

@main
struct VoiceLingua: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "voicelingua",
        abstract: "Turns speech into text, and text into other languages, on this machine.",
        version: Settings.version,
        subcommands: [
            TranscribeCommand.self, TranslateCommand.self, LanguagesCommand.self, ModelsCommand.self,
            DoctorCommand.self, PackageCommand.self, ServeCommand.self, SubmitCommand.self, StatusCommand.self,
            ResultCommand.self,
            CancelCommand.self, QueueCommand.self, KeysCommand.self, DatabaseCommand.self,
        ])
}

/// Says on standard error what went wrong, in one line.
func complain(_ error: any Error) { StatusLine().say("voicelingua: \(oneLine("\(error)"))") }

/// The same of an input, whose name is told where the error does not tell it.
func complain(_ error: any Error, of name: String) {
    if case CommandError.outputFailed = error { return complain(error) }
    let said = "\(error)"
    let isTold = name.contains(where: { "/.".contains($0) }) && said.contains(name)
    StatusLine().say("voicelingua: \(isTold ? "" : oneLine(name) + ": ")\(oneLine(said))")
}

/// Text of any origin fit for one line of a terminal: line breaks become spaces, other control characters `?`.
func oneLine(_ text: String) -> String {
    let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    return String(
        String.UnicodeScalarView(
            line.unicodeScalars.map { [.control, .format].contains($0.properties.generalCategory) ? "?" : $0 }))
}
