import ArgumentParser
import Foundation
import Transcript

struct SubmitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit", abstract: "Hands recordings or texts in to a running service.",
        discussion: """
            Files that end in .txt or .md are texts, all others recordings. Every file is a task; its id is written on \
            a line with the name of the file. With --wait the command ends when all tasks have, with exit code 1 where \
            one did not succeed.

            Example: voicelingua submit talk.mp3 --to pt,fr --reference talk.txt --wait
            """)

    /// Between two looks at a task that is waited for.
    private static let poll = Duration.milliseconds(400)
    private static let textEndings: Set<String> = ["txt", "text", "md"]

    @Argument(help: "Audio, video or text files.") var files: [String]
    @Option(help: "Languages to translate into: pt,fr,zh-tw (`all` that the service can).") var to: LanguageList?
    @Option(help: "What is spoken or written: en, de, … (to be found out).") var language: String?
    @Option(help: "A text that should be heard: the transcript is compared with it.") var reference: String?
    @Option(help: "The text number (from the name of the file).") var number: String?
    @Option(help: "-100…100, higher first.") var priority = 0
    @Option(help: "Accuracy that passes, 0…1.") var threshold: Double?
    @Option(help: "Address that is told of the end.") var callback: String?
    @Flag(help: "Wait until the tasks have ended.") var wait = false
    @Flag(help: "Write the service's answers, JSON on a line each.") var json = false
    @OptionGroup var server: ServerOption

    func validate() throws {
        guard !files.isEmpty else { throw ValidationError("Name the files to hand in.") }
        guard files.count == 1 || (reference == nil && number == nil) else {
            throw ValidationError("--reference and --number are of one file.")
        }
    }

    func run() throws {
        try reporting {
            let reference = try reference.map { try TextInput($0).read(expected: nil).text }
            var failures = 0
            for file in files {
                do { try submit(file, reference) } catch {
                    complain(error, of: file)
                    failures += 1
                }
            }
            guard failures == 0 else { throw ExitCode.failure }
        }
    }

    private func submit(_ file: String, _ reference: String?) throws {
        // What is not there is told by whoever reads it.
        guard isFile(file) || !FileManager.default.fileExists(atPath: file) else {
            throw CommandError.folderForFile(path: file)
        }
        let isText = SubmitCommand.textEndings.contains((file as NSString).pathExtension.lowercased())
        var fields: [(String, String)] = []
        // The service knows which it can do.
        if let to, to.languages != Language.allCases {
            fields.append(("languages", to.languages.map(\.rawValue).joined(separator: ",")))
        }
        if let language { fields.append(("source_language", language)) }
        if let reference, !isText { fields.append(("reference_text", reference)) }
        if let number { fields.append(("text_number", number)) }
        if priority != 0 { fields.append(("priority", String(priority))) }
        if let threshold, !isText { fields.append(("accuracy_threshold", String(threshold))) }
        if let callback { fields.append(("callback_url", callback)) }
        let (client, form) = (server.client, fields)
        var answer = try waiting {
            try await client.post(
                isText ? "/tasks/text/upload" : "/tasks/audio", fields: form,
                field: isText ? "text_file" : "audio_file", file: file)
        }
        let id = try TaskAnswer(answer).id
        if wait { answer = try end(of: id, file) }
        let task = try TaskAnswer(answer)
        json ? printAnswer(answer) : print("\(oneLine(file))\t\(id)\t\(oneLine(task.summary))")
        guard !wait || task.status == "completed" else {
            throw ServiceClientError.notCompleted(status: task.status, message: task.error?.message)
        }
    }

    /// The answer of a task that has ended.
    private func end(of id: String, _ file: String) throws -> Data {
        let (client, line) = (server.client, StatusLine())
        defer { line.clear() }
        return try waiting {
            while true {
                let answer = try await client.get("/tasks/\(id)")
                let task = try TaskAnswer(answer)
                if task.isFinal { return answer }
                line.change("\(oneLine(file)): \(task.summary)")
                try await Task.sleep(for: SubmitCommand.poll)
            }
        }
    }
}
