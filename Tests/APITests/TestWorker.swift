import Foundation
import LanguagePackage
import Store
import Transcript

/// Settles jobs through the queue as a worker does, with texts that say where they come from.
struct TestWorker: Sendable {
    static let sentences = ["Hello there.", "How are you?"]
    let storage: Storage

    /// Does everything there is to do, and what follows from it.
    func work() async throws {
        var isIdle = false
        while !isIdle {
            isIdle = true
            for queue in [QueueName.transcription, .translation, .packaging] {
                for job in try await storage.queue.claim(queue, count: 100, owner: "test", leaseMs: 60_000) {
                    isIdle = false
                    try await settle(job)
                }
            }
        }
    }

    /// Works whenever something may be claimed, until it is cancelled.
    func workOn() -> Task<Void, any Error> {
        let changes = storage.database.changes()
        return Task {
            try await work()
            for await change in changes {
                if case .queue = change { try await work() }
            }
        }
    }

    private func settle(_ job: ClaimedJob) async throws {
        switch job.queue {
        case .transcription: try await transcribe(job)
        case .translation: try await translate(job)
        case .packaging: try await pack(job)
        case .webhook: break
        }
    }

    private func transcribe(_ job: ClaimedJob) async throws {
        let request = job.task.request
        let sources: [TextSource] = request.text == nil ? [.audio] : [.audio, .text]
        let report = request.text.map { _ in
            AccuracyReport(
                unit: .word, words: .init(hits: 4, substitutions: 1, deletions: 0, insertions: 0),
                characters: .init(hits: 20, substitutions: 2, deletions: 0, insertions: 0),
                alignment: [.init(kind: .equal, reference: "hello", hypothesis: "hello")],
                threshold: request.accuracyThreshold)
        }
        try await storage.queue.finishTranscription(
            job.lease, transcript: TestWorker.transcript, accuracy: report, same: [],
            jobs: request.languages.flatMap { language in
                sources.map { TranslationJob(language: language, source: $0) }
            })
    }

    private func translate(_ job: ClaimedJob) async throws {
        guard let translation = job.translation else { return }
        let isHeard = translation.source == .audio
        let text = isHeard ? TestWorker.sentences.joined(separator: " ") : job.task.request.text ?? ""
        let translated = "\(translation.language.rawValue): \(text)"
        let sentence = TranslatedText.Sentence(
            source: text, text: translated, start: isHeard ? 0.5 : nil, end: isHeard ? 2.5 : nil, score: 0.9,
            faults: [])
        try await storage.queue.finishTranslation(
            job.lease,
            TranslatedText(
                language: translation.language, source: translation.source, text: translated, sentences: [sentence]),
            sourceLanguage: job.task.request.sourceLanguage ?? "en")
    }

    private func pack(_ job: ClaimedJob) async throws {
        let task = job.task
        let contents = PackageContents(
            taskID: task.id.rawValue, kind: task.request.kind == .audio ? .audio : .text,
            textNumber: task.request.textNumber, createdMs: task.createdMs, finishedMs: task.createdMs + 1,
            sourceLanguage: "en", languages: task.request.languages,
            transcript: try await storage.results.transcript(task.id), text: task.request.text,
            accuracy: try await storage.results.accuracy(task.id),
            translations: try await storage.results.translations(task.id))
        let upload = try storage.blobs.begin("packages")
        try PackageWriter.write(contents, to: upload.path)
        try storage.blobs.commit(upload)
        let size = try Data(contentsOf: URL(fileURLWithPath: storage.blobs.path(upload.key))).count
        try await storage.queue.finishPackaging(job.lease, .init(blob: upload.key, sizeBytes: size))
    }

    static let transcript: TranscriptDocument = {
        let segments = sentences.enumerated().map { index, sentence in
            let start = Double(index) * 2
            let words = sentence.split(separator: " ").enumerated().map { place, word in
                Word(
                    text: " " + word, start: start + Double(place) * 0.4, end: start + Double(place) * 0.4 + 0.3,
                    probability: 0.9)
            }
            return Segment(
                index: index, start: start, end: start + 1.5, text: " " + sentence, tokens: [50364, 2425],
                temperature: 0, averageLogProbability: -0.25, compressionRatio: 1.1, noSpeechProbability: 0.01,
                words: words)
        }
        return TranscriptDocument(
            Recording(
                segments: segments, language: "en", languageProbability: 0.98, durationSeconds: 4.25,
                speechSeconds: 3, findings: []))
    }()
}
