import ArgumentParser
import Foundation
import Store

struct QueueCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue", abstract: "Shows the queues of the service, and offers failed jobs again.",
        discussion: "Example: voicelingua queue dead",
        subcommands: [Stats.self, Dead.self, Retry.self])

    struct Stats: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Says how much waits, runs and failed in each queue.",
            discussion: "Example: voicelingua queue stats --json")

        @Flag(help: "Write an array of JSON objects.") var json = false
        @OptionGroup var place: DataOption

        private struct Row: Encodable {
            let queue: String
            let ready: Int
            let delayed: Int
            let running: Int
            let failed: Int
            let oldestAgeSeconds: Double?
        }

        func run() throws {
            try reporting {
                let place = place
                let rows = try waiting { try await place.open().queue.statistics() }.map {
                    Row(
                        queue: $0.queue.rawValue, ready: $0.ready, delayed: $0.delayed, running: $0.running,
                        failed: $0.failed, oldestAgeSeconds: $0.oldestAgeMs.map { Double($0) / 1000 })
                }
                guard !json else { return try printJSON(rows) }
                print(
                    table(
                        [["queue", "ready", "delayed", "running", "failed", "oldest"]]
                            + rows.map {
                                [
                                    $0.queue, String($0.ready), String($0.delayed), String($0.running),
                                    String($0.failed), $0.oldestAgeSeconds.map { String(format: "%.1f s", $0) } ?? "-",
                                ]
                            }))
            }
        }
    }

    struct Dead: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists jobs that failed for good, newest first.",
            discussion: "Example: voicelingua queue dead --limit 10")

        static let limitMax = 10_000

        @Option(help: "How many, 1…\(limitMax).") var limit = 100
        @Flag(help: "Write an array of JSON objects.") var json = false
        @OptionGroup var place: DataOption

        func validate() throws {
            guard 1...Self.limitMax ~= limit else {
                throw ValidationError("--limit is a number from 1 to \(Self.limitMax).")
            }
        }

        func run() throws {
            try reporting {
                let (place, limit) = (place, limit)
                let rows = try waiting { try await place.open().queue.dead(limit: limit) }.map { JobRow($0) }
                guard !json else { return try printJSON(rows) }
                print(
                    table(
                        [["job", "task", "queue", "attempts", "code", "message"]]
                            + rows.map {
                                [
                                    $0.job, $0.task, $0.queue, "\($0.attempt)/\($0.attemptsMax)",
                                    $0.failures.last?.code ?? "-", oneLine($0.failures.last?.message ?? "-"),
                                ]
                            }))
            }
        }
    }

    struct Retry: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Offers a failed job again; its task goes on where it stood.",
            discussion: "Example: voicelingua queue retry 0190a5c1-…")

        @Argument(help: "Its id, as `queue dead` shows it.") var job: String
        @Flag(help: "Write an object of JSON.") var json = false
        @OptionGroup var place: DataOption

        func run() throws {
            try reporting {
                let (place, id) = (place, JobID(rawValue: job))
                let row = JobRow(try waiting { try await place.open().queue.retry(id) })
                json ? try printJSON(row) : print("\(row.job) is \(row.state)")
            }
        }
    }

    /// A job as JSON has it.
    private struct JobRow: Encodable {
        let job: String
        let task: String
        let queue: String
        let state: String
        let attempt: Int
        let attemptsMax: Int
        let failures: [JobFailure]

        init(_ record: JobRecord) {
            job = record.id.rawValue
            task = record.task.rawValue
            queue = record.queue.rawValue
            state = record.state.rawValue
            attempt = record.attempt
            attemptsMax = record.attemptsMax
            failures = record.failures
        }
    }
}
