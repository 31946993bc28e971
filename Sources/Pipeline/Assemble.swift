import Foundation
import LanguagePackage
import Store
import Transcript

/// The stage that packs all that came of a task into one file.
package struct Assemble: Sendable {
    private let storage: Storage
    private let models: ModelPool
    private let standardModel: String
    private let now: @Sendable () -> Int64

    /// - Parameter standardModel: used where a request names no model.
    package init(
        storage: Storage, models: ModelPool, standardModel: String, now: @escaping @Sendable () -> Int64
    ) {
        self.storage = storage
        self.models = models
        self.standardModel = standardModel
        self.now = now
    }

    /// - Throws: `PackageError`, `StoreError`.
    func run(_ job: ClaimedJob) async throws {
        let contents = try await contents(of: job.task)
        let blobs = storage.blobs
        let upload = try await StageThreads.compute { try blobs.begin("packages") }
        do {
            let size = try await StageThreads.compute {
                try PackageWriter.write(contents, to: upload.path)
                guard let size = sizeBytes(of: upload.path) else {
                    throw PackageError.notWritten(path: upload.path, reason: "it is gone")
                }
                try blobs.commit(upload)
                return size
            }
            try await storage.queue.finishPackaging(job.lease, .init(blob: upload.key, sizeBytes: size))
        } catch {
            storage.blobs.abandon(upload)
            // Where it has its name already; what is left is an orphan, and removed as such.
            try? storage.blobs.remove([upload.key])
            throw error
        }
    }

    private func contents(of task: TaskRecord) async throws -> PackageContents {
        let transcript = try await storage.results.transcript(task.id)
        let translations = try await storage.results.translations(task.id)
        let accuracy = try await storage.results.accuracy(task.id)
        let recording = transcript?.recording
        let source = recording?.language ?? task.request.sourceLanguage ?? task.detectedLanguage
        let behind = try await StageThreads.compute { used(of: task, source, translations) }
        return PackageContents(
            taskID: task.id.rawValue, kind: task.request.kind == .audio ? .audio : .text,
            textNumber: task.request.textNumber, createdMs: task.createdMs, finishedMs: now(), sourceLanguage: source,
            sourceLanguageProbability: task.request.sourceLanguage == nil ? recording?.languageProbability : nil,
            languages: task.request.languages, models: behind, transcript: transcript, text: task.request.text,
            accuracy: accuracy, translations: translations)
    }

    /// The models behind a task's texts, as they are installed now.
    private func used(of task: TaskRecord, _ source: String?, _ texts: [TranslatedText]) -> [PackageContents.Model] {
        var names: [String] = []
        if task.request.kind == .audio { names.append(task.request.transcription.model ?? standardModel) }
        let routes = models.routes()
        let from = task.request.transcription.translatesToEnglish ? .english : source.flatMap(Language.init)
        for text in texts {
            guard let from, let route = routes.route(from: from, to: text.language) else { continue }
            for name in route.steps.map(\.model.name) where !names.contains(name) { names.append(name) }
        }
        // One that was removed meanwhile has no version to tell.
        return names.compactMap { name in
            (try? models.version(of: name)).map { PackageContents.Model(name: name, version: $0) }
        }
    }
}

private func sizeBytes(of path: String) -> Int? {
    // A file that was just written; where it is gone the caller says so.
    (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int
}
