import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Store
import Transcript

/// Transcription as OpenAI's clients ask for it.
///
/// - Source: OpenAI API reference, audio.
struct OpenAIRoutes {
    let desk: Desk

    func add(to router: RouterGroup<Visit>) {
        router.post("audio/transcriptions") { try await recording($0, $1, .transcribe) }
        router.post("audio/translations") { try await recording($0, $1, .translate) }
        router.get("models", use: models)
        router.get("models/{id}", use: model)
    }

    @Sendable private func recording(
        _ request: Request, _ visit: Visit, _ work: OpenAIRequest.Work
    ) async throws -> Response {
        try await desk.gate.check()
        let reader = try FormReader(
            request.head, desk.settings, fileField: "file", use: .recording(desk.storage.blobs))
        return try await request.answerWhileConnected { request in
            var reader = reader
            let form = try await reader.read(request.body)
            do {
                guard let file = form.recording else { throw Malformed.fieldMissing(name: "file") }
                let asked = try OpenAIRequest(Fields(form: form.fields), work, reach: await desk.reach.reach())
                let task = asked.task(try await file.finish())
                if asked.isStream { return stream(asked, task, visit) }
                return try await answer(asked, task, visit).response
            } catch {
                await form.abandon()
                throw error
            }
        }
    }

    private func answer(_ asked: OpenAIRequest, _ task: TaskRequest, _ visit: Visit) async throws -> OpenAIAnswer {
        try await AwaitedTask(desk: desk, visit: visit).run(task) { done in
            guard let transcript = try await desk.storage.results.transcript(done.id) else {
                throw Absent.result(what: "transcript")
            }
            return OpenAIAnswer(request: asked, recording: transcript.recording)
        }
    }

    /// The connection is written to while the task is waited for; so it shows when nobody reads any more.
    private func stream(_ asked: OpenAIRequest, _ task: TaskRequest, _ visit: Visit) -> Response {
        let body = ResponseBody { writer in
            let (news, source) = AsyncStream.makeStream(of: String?.self)
            // Nil for a while without news.
            let work = Task {
                do { source.yield(try await answer(asked, task, visit).events) } catch {
                    source.yield(OpenAIAnswer.event(OpenAIError(Problem(error))))
                }
                source.finish()
            }
            let clock = Task {
                while !Task.isCancelled {
                    try await Task.sleep(for: .milliseconds(desk.settings.heartbeatMs))
                    source.yield(nil)
                }
            }
            defer {
                work.cancel()
                clock.cancel()
            }
            for await text in news { try await writer.write(ByteBuffer(string: text ?? ": quiet\n\n")) }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: [.contentType: "text/event-stream; charset=utf-8"], body: body)
    }

    private struct Model: Encodable {
        let id: String
        let object = "model"
        let created: Int
        let owner: String

        enum CodingKeys: String, CodingKey {
            case id, object, created
            case owner = "owned_by"
        }
    }

    private struct Models: Encodable {
        let object = "list"
        let data: [Model]
    }

    private func all() async throws -> [Model] {
        let reports = try await desk.reach.reports()
        let created = Int((reports.map(\.startedMs).min() ?? desk.now()) / 1_000)
        let own = try await desk.reach.reach().speechModels
        return own.map { Model(id: $0, created: created, owner: "voicelingua") }
            + OpenAIRequest.knownModels.map { Model(id: $0, created: created, owner: "voicelingua-default") }
    }

    @Sendable private func models(_ request: Request, _ visit: Visit) async throws -> Response {
        .json(Models(data: try await all()))
    }

    @Sendable private func model(_ request: Request, _ visit: Visit) async throws -> Response {
        let name = visit.parameters.get("id") ?? ""
        let models = try await all()
        guard let model = models.first(where: { $0.id == name }) else {
            throw Absent.model(name: String(name.prefix(64)), known: models.map(\.id))
        }
        return .json(model)
    }
}
