import Crypto
import Foundation
import Transcript

/// A task before it is written: what there is to do, decided outside the transaction.
struct TaskDraft: Sendable {
    let request: TaskRequest
    /// Of a text task: what is to be translated.
    let jobs: [TranslationJob]
    /// Of a text task: the text, where it is in a language that was asked for.
    let same: [EncodedText]
    /// Of an audio task: what recordings that are transcribed alike share.
    let workKey: [UInt8]?

    init(_ request: TaskRequest) {
        precondition(request.kind == .text ? request.upload == nil && request.text != nil : request.upload != nil)
        var request = request
        // A language asked for twice is asked for.
        var seen: Set<Language> = []
        request.languages = request.languages.filter { seen.insert($0).inserted }
        self.request = request
        guard request.kind == .text else {
            (jobs, same) = ([], [])
            workKey = TaskDraft.workKey(of: request)
            return
        }
        workKey = nil
        let isSame = { (language: Language) in language.rawValue == request.sourceLanguage }
        jobs = request.languages.filter { !isSame($0) }.map { TranslationJob(language: $0, source: .text) }
        same = request.languages.filter(isSame).map {
            EncodedText(TranslatedText(language: $0, source: .text, text: request.text!, sentences: []))
        }
    }

    func record(id: TaskID, createdMs: Int64) -> TaskRecord {
        var accepted = request
        // The key is kept apart, for a day.
        accepted.idempotency = nil
        // Of a recording this is what is expected: its transcript may be in a language that was asked for.
        let sources = request.kind == .audio && request.text != nil ? 2 : 1
        return TaskRecord(
            id: id, request: accepted, createdMs: createdMs, translationsDone: same.count,
            translationsTotal: request.languages.count * sources)
    }

    private static func workKey(of request: TaskRequest) -> [UInt8]? {
        struct Work: Encodable {
            let hash: String
            let transcription: TranscriptionRequest
            let language: String?
        }
        guard let upload = request.upload else { return nil }
        let work = Work(hash: upload.hash, transcription: request.transcription, language: request.sourceLanguage)
        return Array(SHA256.hash(data: Data(jsonLine(work).utf8)))
    }
}
