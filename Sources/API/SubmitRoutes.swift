import Foundation
import HTTPTypes
import Hummingbird
import Store
import Text
import Transcript

/// Where tasks are handed in.
struct SubmitRoutes {
    let desk: Desk

    func add(to router: RouterGroup<Visit>) {
        router.post("tasks/audio", use: audio)
        router.post("tasks/text", use: text)
        router.post("tasks/text/upload", use: textFile)
    }

    @Sendable private func audio(_ request: Request, _ visit: Visit) async throws -> Response {
        try await desk.gate.check()
        let key = try desk.idempotencyKey(request)
        var reader = try FormReader(
            request.head, desk.settings, fileField: "audio_file", use: .recording(desk.storage.blobs),
            longFields: ["reference_text"])
        let form = try await reader.read(request.body)
        do {
            guard let recording = form.recording else { throw Malformed.fieldMissing(name: "audio_file") }
            let fields = Fields(form: form.fields)
            let reference = try fields.text("reference_text")
            var task = try TaskFields(fields).request(.audio, text: reference, reach: await desk.reach.reach())
            if task.textNumber == nil { task.textNumber = form.fileName.flatMap(TextNumber.inName) }
            task.upload = try await recording.finish()
            let created = try await desk.submit(task, visit, idempotencyKey: key)
            if case .same = created { await form.abandon() }
            return answer(created)
        } catch {
            await form.abandon()
            throw error
        }
    }

    @Sendable private func text(_ request: Request, _ visit: Visit) async throws -> Response {
        try await desk.gate.check()
        let key = try desk.idempotencyKey(request)
        let body = try await desk.body(request, bytesMax: desk.settings.textBytesMax)
        let fields = try await Fields.read(body, type: request.headers[.contentType])
        guard let text = try fields.text("text_content") else { throw Malformed.fieldMissing(name: "text_content") }
        return try await submit(text, field: "text_content", fields, number: nil, key, visit)
    }

    @Sendable private func textFile(_ request: Request, _ visit: Visit) async throws -> Response {
        try await desk.gate.check()
        let key = try desk.idempotencyKey(request)
        var reader = try FormReader(request.head, desk.settings, fileField: "text_file", use: .text)
        let form = try await reader.read(request.body)
        guard let bytes = form.text else { throw Malformed.fieldMissing(name: "text_file") }
        let fields = Fields(form: form.fields)
        let expected = try TaskFields.spoken(fields, "source_language").flatMap(Language.init(rawValue:))
        let text = try await BlockingWork.run {
            try TextFile(Array(bytes.readableBytesView), expected: expected).text
        }
        return try await submit(
            text, field: "text_file", fields, number: form.fileName.flatMap(TextNumber.inName), key, visit)
    }

    private func submit(
        _ text: String, field: String, _ fields: Fields, number: String?, _ key: String?, _ visit: Visit
    ) async throws -> Response {
        guard text.contains(where: { !$0.isWhitespace }) else { throw Malformed.emptyFile(name: field) }
        let asked = try TaskFields(fields)
        var found: Language?
        if asked.sourceLanguage == nil {
            found = try await BlockingWork.run { LanguageIdentification(of: text).language }
        }
        var task = try asked.request(.text, text: text, reach: await desk.reach.reach(), found: found)
        if task.textNumber == nil { task.textNumber = number }
        return answer(try await desk.submit(task, visit, idempotencyKey: key))
    }

    private func answer(_ created: Tasks.Created) -> Response {
        let task = created.task
        var headers: HTTPFields = [.location: "/api/v1/tasks/\(task.id)"]
        if case .same = created { headers[.idempotentReplayed] = "true" }
        let estimate = task.status.isFinal ? nil : desk.gate.estimateSeconds(of: task.request)
        return .json(AcceptedView(task, estimateSeconds: estimate), status: .accepted, headers: headers)
    }
}
