import Foundation
import HTTPTypes
import Hummingbird
import Store
import Transcript

/// Tasks: listed, looked at, cancelled, removed.
struct TaskRoutes {
    let desk: Desk

    func add(to router: RouterGroup<Visit>) {
        router.get("tasks", use: list)
        router.get("tasks/{id}", use: one)
        router.delete("tasks/{id}", use: end)
        router.get("tasks/{id}/transcript", use: transcript)
        router.get("tasks/{id}/accuracy", use: accuracy)
    }

    private struct Page: Encodable {
        let tasks: [TaskView]
        let nextCursor: String?

        enum CodingKeys: String, CodingKey {
            case tasks
            case nextCursor = "next_cursor"
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(tasks, forKey: .tasks)
            try container.encode(nextCursor, forKey: .nextCursor)
        }
    }

    @Sendable private func list(_ request: Request, _ visit: Visit) async throws -> Response {
        let query = QueryParameters(request)
        var filter = Tasks.Filter()
        filter.status = try query.value("status")
        filter.kind = try query.value("task_type")
        filter.textNumber = try query.text("text_number")
        if !visit.caller.seesAll { filter.keyID = visit.caller.key?.id }
        let limit = try query.integer("limit", 1...RequestLimits.pageMax) ?? RequestLimits.pageDefault
        let before = try query.text("cursor").map(TaskRoutes.task(cursor:))
        // One more than asked for tells whether there is another page.
        let found = try await desk.storage.tasks.list(filter, before: before, limit: limit + 1)
        let tasks = found.prefix(limit)
        let next = found.count > limit ? tasks.last.map { TaskRoutes.cursor($0.id) } : nil
        return .json(Page(tasks: tasks.map(TaskView.init), nextCursor: next))
    }

    @Sendable private func one(_ request: Request, _ visit: Visit) async throws -> Response {
        .json(TaskView(try await desk.task(visit)))
    }

    /// Cancels a task that has not ended; one that has ended, or with `purge=true`, leaves no trace.
    @Sendable private func end(_ request: Request, _ visit: Visit) async throws -> Response {
        let task = try await desk.task(visit)
        let purges = try QueryParameters(request).flag("purge") ?? false
        if !task.status.isFinal, !purges {
            guard let cancelled = try await desk.storage.tasks.cancel(task.id) else {
                throw Absent.task(id: task.id.rawValue)
            }
            visit.logger.info("task cancelled", metadata: ["task": "\(task.id)"])
            return .json(TaskView(cancelled))
        }
        try await desk.remove(task.id)
        visit.logger.info("task removed", metadata: ["task": "\(task.id)"])
        return Response(status: .noContent)
    }

    @Sendable private func transcript(_ request: Request, _ visit: Visit) async throws -> Response {
        let task = try await desk.task(visit)
        guard let transcript = try await desk.storage.results.transcript(task.id) else {
            throw TaskRoutes.missing("transcript", of: task, isDue: task.request.kind == .audio)
        }
        return .json(transcript)
    }

    @Sendable private func accuracy(_ request: Request, _ visit: Visit) async throws -> Response {
        let task = try await desk.task(visit)
        guard let report = try await desk.storage.results.accuracy(task.id) else {
            let isDue = task.request.kind == .audio && task.request.text != nil
            throw TaskRoutes.missing("comparison with a reference text", of: task, isDue: isDue)
        }
        return .json(AccuracyView(report))
    }

    /// Why a result is not there: yet, any more, or ever.
    static func missing(_ what: String, of task: TaskRecord, isDue: Bool) -> Absent {
        guard isDue else { return .result(what: what) }
        switch task.status {
        case .failed, .cancelled: return .outcome(status: task.status, failure: task.failure)
        case .completed: return .result(what: what)
        case .pending, .transcribing, .translating, .packaging: return .finished(status: task.status)
        }
    }

    private static func cursor(_ id: TaskID) -> String {
        Data(id.rawValue.utf8).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }

    private static func task(cursor: String) throws -> TaskID {
        let padded = cursor.replacing("-", with: "+").replacing("_", with: "/")
        let whole = padded + String(repeating: "=", count: (4 - padded.count % 4) % 4)
        guard let data = Data(base64Encoded: whole), case let id = String(decoding: data, as: UTF8.self), Desk.isID(id)
        else { throw Malformed.parameter(name: "cursor", why: "it is none that was given out") }
        return TaskID(rawValue: id)
    }
}

/// The comparison with its figures beside the counts they come of.
private struct AccuracyView: Encodable {
    let report: AccuracyReport

    init(_ report: AccuracyReport) { self.report = report }

    enum CodingKeys: String, CodingKey {
        case accuracy, unit, words, characters, threshold, passed, alignment
        case wordErrorRate = "word_error_rate"
        case characterErrorRate = "character_error_rate"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(report.accuracy, forKey: .accuracy)
        try container.encode(report.unit, forKey: .unit)
        try container.encode(report.wordErrorRate, forKey: .wordErrorRate)
        try container.encode(report.characterErrorRate, forKey: .characterErrorRate)
        try container.encode(report.words, forKey: .words)
        try container.encode(report.characters, forKey: .characters)
        try container.encode(report.threshold, forKey: .threshold)
        try container.encode(report.passes, forKey: .passed)
        try container.encode(report.alignment, forKey: .alignment)
    }
}
