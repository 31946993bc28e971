import ArgumentParser
import Foundation
import Transcript

struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Says how far a task of a running service is.",
        discussion: "Without an id it lists the newest tasks.\n\nExample: voicelingua status 0190a5c1-…")

    @Argument(help: "The task's id.") var id: String?
    @Flag(help: "Write the service's answer, which is JSON.") var json = false
    @OptionGroup var server: ServerOption

    private struct Page: Decodable { let tasks: [TaskRow] }

    private struct TaskRow: Decodable {
        let id: String
        let kind: String?
        let status: String
        let createdAt: String?

        enum CodingKeys: String, CodingKey {
            case status
            case id = "task_id"
            case kind = "task_type"
            case createdAt = "created_at"
        }
    }

    func run() throws {
        try reporting {
            let client = server.client
            guard let id else {
                let answer = try waiting { try await client.get("/tasks") }
                guard !json else { return printAnswer(answer) }
                guard let page = try? JSONDecoder().decode(Page.self, from: answer) else {
                    throw ServiceClientError.malformed
                }
                return print(
                    table(
                        [["task", "type", "status", "created"]]
                            + page.tasks.map { [$0.id, $0.kind ?? "-", $0.status, $0.createdAt ?? "-"] }))
            }
            let answer = try waiting { try await client.get("/tasks/\(pathPart(id))") }
            json ? printAnswer(answer) : print(oneLine(try TaskAnswer(answer).summary))
        }
    }
}

struct CancelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Ends a task of a running service; one that has ended stays as it is.",
        discussion: "Example: voicelingua cancel 0190a5c1-…")

    @Argument(help: "The task's id.") var id: String
    @Flag(help: "Write the service's answer, which is JSON.") var json = false
    @OptionGroup var server: ServerOption

    func run() throws {
        try reporting {
            let (client, id) = (server.client, pathPart(id))
            let status = try TaskAnswer(waiting { try await client.get("/tasks/\(id)") }).status
            guard !["completed", "failed", "cancelled"].contains(status) else {
                throw CommandError.taskEnded(id: self.id, status: status)
            }
            let answer = try waiting { try await client.delete("/tasks/\(id)") }
            json ? printAnswer(answer) : print("\(oneLine(self.id)) is cancelled")
        }
    }
}

struct ResultCommand: ParsableCommand {
    /// What a result is written as; packages are bytes and go to a file.
    enum Format: String, CaseIterable, ExpressibleByArgument { case json, srt, vtt, tsv, zip, package }

    static let configuration = CommandConfiguration(
        commandName: "result", abstract: "Fetches what a task of a running service gave.",
        discussion: "Example: voicelingua result 0190a5c1-… --format srt --language pt --output talk.pt.srt")

    @Argument(help: "The task's id.") var id: String
    @Option(help: "The form.") var format = Format.json
    @Option(help: "The language of subtitles and tables (the one that was spoken).") var language: String?
    @Option(help: "AUDIO for what was heard, TEXT for what was written.") var source: String?
    @Option(help: "Write into this file instead of standard output.") var output: String?
    @Flag(help: "The same as --format json.") var json = false
    @OptionGroup var server: ServerOption

    func validate() throws {
        guard output != nil || json || ![.zip, .package].contains(format) else {
            throw ValidationError("--format \(format.rawValue) needs a file: --output FILE.")
        }
    }

    func run() throws {
        try reporting {
            var path = "/tasks/\(pathPart(id))/download?format=\(json ? "json" : format.rawValue)"
            if let language { path += "&language=\(pathPart(language))" }
            if let source { path += "&source=\(pathPart(source))" }
            let (client, asked) = (server.client, path)
            let answer = try waiting { try await client.get(asked) }
            guard let output else { return printAnswer(answer) }
            try ResultFile.write(Array(answer), to: output)
        }
    }
}

/// Text of any origin as a part of a URL.
private func pathPart(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: CharacterSet(charactersIn: "-._~").union(.alphanumerics)) ?? ""
}
