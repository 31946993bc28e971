import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Store
import Transcript

/// What all routes work with, and how a task is handed in.
struct Desk: Sendable {
    let storage: Storage
    let settings: APISettings
    let reach: ReachBook
    let gate: Gate
    let now: @Sendable () -> Int64

    /// Hands a task in for a caller, once where an Idempotency-Key says so.
    ///
    /// - Throws: `Refused.admission`, `Refused.quota`, `StoreError`.
    func submit(_ request: TaskRequest, _ visit: Visit, idempotencyKey: String?) async throws -> Tasks.Created {
        var request = request
        request.traceID = visit.traceID ?? visit.requestID
        request.keyID = visit.caller.key?.id
        if let idempotencyKey {
            // Two callers may have the same idea of a key.
            let owner = visit.caller.key?.id ?? ""
            request.idempotency = TaskRequest.Idempotency(
                key: owner + ":" + idempotencyKey, fingerprint: Desk.fingerprint(request))
        }
        if request.kind == .audio, request.transcription.model == nil {
            // Whoever names the default and whoever names none have the same work done, once.
            request.transcription.model = try await reach.reach().speechModel
        }
        let created = try await create(request)
        guard case .new(let task) = created else { return created }
        visit.logger.info(
            "task accepted",
            metadata: [
                "task": "\(task.id)", "kind": "\(task.request.kind.rawValue)",
                // As the stages name it.
                "trace": "\(task.request.traceID ?? "")",
            ])
        return created
    }

    /// The house may have filled up while the request was read, and a request may make many tasks; so each is let in here.
    private func create(_ request: TaskRequest) async throws -> Tasks.Created {
        let jobs = request.kind == .audio ? 1 : max(1, request.languages.count)
        try await gate.admit(jobs: jobs)
        do {
            let created = try await storage.tasks.create(request)
            if case .new = created { gate.arrived(jobs: jobs) } else { gate.turnedAway(jobs: jobs) }
            return created
        } catch {
            gate.turnedAway(jobs: jobs)
            guard let spent = error as? Tasks.QuotaSpent else { throw error }
            throw Refused.quota(tasksPerDay: spent.tasksPerDay, retryAfterSeconds: secondsToMidnight())
        }
    }

    /// A task that the caller may see.
    ///
    /// - Throws: `Absent.task`, also where it is another's.
    func task(_ visit: Visit) async throws -> TaskRecord {
        let id = visit.parameters.get("id") ?? ""
        guard Desk.isID(id), let task = try await storage.tasks.task(TaskID(rawValue: id)), visit.caller.sees(task)
        else { throw Absent.task(id: String(id.prefix(64))) }
        return task
    }

    /// - Throws: `Malformed.parameter`.
    func idempotencyKey(_ request: Request) throws -> String? {
        guard let key = request.headers[.idempotencyKey] else { return nil }
        guard (1...RequestLimits.idempotencyKeyLengthMax).contains(key.utf8.count) else {
            throw Malformed.parameter(
                name: "Idempotency-Key", why: "it has 1 to \(RequestLimits.idempotencyKeyLengthMax) characters")
        }
        return key
    }

    /// Removes all traces of a task.
    func remove(_ id: TaskID) async throws {
        let removed = try await storage.tasks.delete(id)
        try await BlockingWork.run { try storage.blobs.remove(removed.blobs) }
    }

    /// Removes a task that was answered, with its files; the next like it is answered from the caches.
    func dismiss(_ id: TaskID) async throws {
        let blobs = try await storage.tasks.dismiss(id)
        try await BlockingWork.run { try storage.blobs.remove(blobs) }
    }

    static func isID(_ text: String) -> Bool {
        text.count == 36 && text.allSatisfy { $0.isHexDigit || $0 == "-" }
    }

    private func secondsToMidnight() -> Int { Int(86_400 - now() / 1_000 % 86_400) }

    /// Of everything that makes a difference to what the task gives.
    private static func fingerprint(_ request: TaskRequest) -> String {
        let transcription = request.transcription
        let parts: [String] = [
            request.kind.rawValue,
            request.languagesAreNamed ? request.languages.map(\.rawValue).joined(separator: ",") : "*",
            request.sourceLanguage ?? "", request.textNumber ?? "", String(request.priority), request.text ?? "",
            request.upload?.hash ?? "", transcription.model ?? "", String(transcription.translatesToEnglish),
            transcription.prompt ?? "", String(transcription.temperature),
            request.accuracyThreshold.map { String($0) } ?? "", request.callbackURL ?? "",
        ]
        var hash = SHA256()
        for part in parts {
            hash.update(data: Data("\(part.utf8.count):".utf8))
            hash.update(data: Data(part.utf8))
        }
        return hexadecimal(hash.finalize())
    }
}
