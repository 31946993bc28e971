import HTTPTypes
import Hummingbird
import Store
import Transcript

/// A task whose caller stays on the line: it goes before others, and is removed when it is answered or the caller is gone.
struct AwaitedTask {
    /// Before tasks that nobody waits for.
    static let priority = 50

    let desk: Desk
    let visit: Visit

    /// Hands a task in, waits for its end, and takes what is asked of it.
    ///
    /// - Throws: `Refused.failed`, `Refused.tooLong`, `Refused.stopping`, `CancellationError`.
    func run<Value: Sendable>(
        _ request: TaskRequest, _ take: (TaskRecord) async throws -> Value
    ) async throws -> Value {
        var request = request
        request.priority = AwaitedTask.priority
        let task = try await desk.submit(request, visit, idempotencyKey: nil).task
        do {
            let value = try await take(try await end(of: task.id))
            await remove(task.id)
            return value
        } catch {
            await remove(task.id)
            throw error
        }
    }

    private func end(of id: TaskID) async throws -> TaskRecord {
        let deadline = ContinuousClock.now + .seconds(desk.settings.awaitedSecondsMax)
        let task = try await TaskWatch(database: desk.storage.database, task: id).until { () -> TaskRecord? in
            guard let task = try await desk.storage.tasks.task(id) else { throw Absent.task(id: id.rawValue) }
            if task.status.isFinal { return task }
            guard ContinuousClock.now < deadline else {
                throw Refused.tooLong(secondsMax: desk.settings.awaitedSecondsMax)
            }
            return nil
        }
        switch task.status {
        case .completed: return task
        case .failed:
            throw Refused.failed(task.failure ?? TaskFailure(code: "failed", message: "The task failed."))
        case .cancelled: throw Refused.failed(TaskFailure(code: "cancelled", message: "The task was cancelled."))
        case .pending, .transcribing, .translating, .packaging:
            preconditionFailure("waited for the end of a task that has not ended")
        }
    }

    /// In a task of its own, so that a caller who is gone does not keep it from being done.
    private func remove(_ id: TaskID) async {
        await Task {
            do { try await desk.dismiss(id) } catch {
                visit.logger.warning("awaited task not removed", metadata: ["task": "\(id)", "error": "\(error)"])
            }
        }.value
    }
}

extension Request {
    /// Answers while the caller is there; when the connection is closed, the work is cancelled.
    ///
    /// The connection serves no other request afterwards.
    ///
    /// - Parameter answer: begins to read the body before it throws: what feeds a body waits for its reader to come, and
    ///   this for what feeds it. Whatever the head tells is refused before.
    func answerWhileConnected(
        _ answer: @escaping @Sendable (Request) async throws -> Response
    ) async throws -> Response {
        do {
            var response = try await body.consumeWithCancellationOnInboundClose { body in
                try await answer(Request(head: head, body: body))
            }
            response.headers[.connection] = "close"
            return response
        } catch { throw LastOfConnection(reason: error) }
    }
}

/// An error after which the connection serves no other request, and its caller has to be told so.
struct LastOfConnection: Error { let reason: any Error }
