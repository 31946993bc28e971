import HTTPTypes
import Hummingbird
import NIOCore
import Store

/// What happens to a task, as it happens.
///
/// - Source: WHATWG HTML §9.2, server-sent events.
struct EventRoutes {
    /// What a client is told to wait before it comes back.
    private static let retryMs = 2_000
    /// Events that are read at once.
    private static let batch = 200

    let desk: Desk

    func add(to router: RouterGroup<Visit>) {
        router.get("tasks/{id}/events", use: events)
    }

    @Sendable private func events(_ request: Request, _ visit: Visit) async throws -> Response {
        let task = try await desk.task(visit)
        let after = try EventRoutes.after(request)
        let headers: HTTPFields = [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store"]
        let body = ResponseBody { writer in
            try await writer.write(ByteBuffer(string: "retry: \(EventRoutes.retryMs)\n\n"))
            do { try await follow(task.id, after: after, &writer) } catch Refused.stopping {
                // A server that stops ends its streams; clients come back with the last id they saw.
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    private static func after(_ request: Request) throws -> Int64 {
        guard let text = request.headers[.lastEventID], !text.isEmpty else { return 0 }
        guard let id = Int64(text), id >= 0 else {
            throw Malformed.parameter(name: "Last-Event-ID", why: "it has to be a number that was given out")
        }
        return id
    }

    /// Writes events until the one that ends the task.
    private func follow(_ id: TaskID, after: Int64, _ writer: inout any ResponseBodyWriter) async throws {
        var last = after
        var quiet = ContinuousClock.now
        while true {
            let seen = last
            let since = quiet
            let heartbeat = Duration.milliseconds(desk.settings.heartbeatMs)
            let news = try await TaskWatch(database: desk.storage.database, task: id).until { () -> News? in
                // Read first: what ends between the two is then found with its events the next time.
                let task = try await desk.storage.tasks.task(id)
                let events = try await desk.storage.events.events(of: id, after: seen, limit: EventRoutes.batch)
                let isOver = task?.status.isFinal ?? true
                let isQuiet = ContinuousClock.now - since >= heartbeat
                guard !events.isEmpty || isOver || isQuiet else { return nil }
                return News(events: events, isOver: isOver)
            }
            let text = news.events.map { "id: \($0.id)\nevent: \($0.name)\ndata: \($0.data)\n\n" }.joined()
            if !text.isEmpty || !news.isOver {
                try await writer.write(ByteBuffer(string: text.isEmpty ? ": quiet\n\n" : text))
            }
            quiet = .now
            last = news.events.last?.id ?? last
            if news.isOver, news.events.count < EventRoutes.batch { return }
        }
    }

    private struct News: Sendable {
        let events: [TaskEvents.Event]
        let isOver: Bool
    }
}
