import Transcript

/// A task as callers see it, when they ask and when they are called back.
package struct TaskView: Encodable {
    package struct Links: Encodable {
        let own: String
        let events: String
        let download: String
        let transcript: String?
        let accuracy: String?
        let deliveries: String?

        enum CodingKeys: String, CodingKey {
            case events, download, transcript, accuracy, deliveries
            case own = "self"
        }

        package init(_ task: TaskRecord) {
            own = "/api/v1/tasks/\(task.id)"
            events = own + "/events"
            download = own + "/download"
            let isAudio = task.request.kind == .audio
            transcript = isAudio ? own + "/transcript" : nil
            accuracy = isAudio && task.request.text != nil ? own + "/accuracy" : nil
            deliveries = task.request.callbackURL != nil ? own + "/deliveries" : nil
        }
    }

    struct Progress: Encodable {
        struct Translations: Encodable {
            let done: Int
            let total: Int
        }
        /// 0…1; missing where nothing is to be heard.
        let transcription: Double?
        let translations: Translations
        /// 0 or 1.
        let packaging: Double
    }

    struct Accuracy: Encodable {
        let accuracy: Double
        let wordErrorRate: Double?
        let characterErrorRate: Double?
        let threshold: Double?
        let passed: Bool?

        enum CodingKeys: String, CodingKey {
            case accuracy, threshold, passed
            case wordErrorRate = "word_error_rate"
            case characterErrorRate = "character_error_rate"
        }
    }

    struct Failure: Encodable {
        let code: String
        let message: String
    }

    let id: String
    let kind: TaskKind
    let status: TaskStatus
    let languages: [Language]
    let sourceLanguage: String?
    let textNumber: String?
    let priority: Int
    let createdAt: String
    let startedAt: String?
    let finishedAt: String?
    /// When each stage began.
    let stages: [String: String]
    let progress: Progress
    let audioSeconds: Double?
    let accuracy: Accuracy?
    let error: Failure?
    let packageBytes: Int?
    let links: Links

    enum CodingKeys: String, CodingKey {
        case status, languages, priority, stages, progress, accuracy, error, links
        case id = "task_id"
        case kind = "task_type"
        case sourceLanguage = "source_language"
        case textNumber = "text_number"
        case createdAt = "created_at"
        case startedAt = "started_at"
        case finishedAt = "finished_at"
        case audioSeconds = "audio_seconds"
        case packageBytes = "package_bytes"
    }

    package init(_ task: TaskRecord) {
        let request = task.request
        id = task.id.rawValue
        kind = request.kind
        status = task.status
        languages = request.languages
        sourceLanguage = task.detectedLanguage ?? request.sourceLanguage
        textNumber = request.textNumber
        priority = request.priority
        createdAt = rfc3339(task.createdMs)
        startedAt = task.startedMs.map(rfc3339)
        finishedAt = task.finishedMs.map(rfc3339)
        stages = Dictionary(uniqueKeysWithValues: task.stageStartedMs.map { ($0.key.rawValue, rfc3339($0.value)) })
        progress = Progress(
            transcription: request.kind == .audio ? task.transcribed : nil,
            translations: .init(done: task.translationsDone, total: task.translationsTotal),
            packaging: task.package == nil ? 0 : 1)
        audioSeconds = task.audioSeconds
        accuracy = task.accuracy.map { share in
            Accuracy(
                accuracy: share, wordErrorRate: task.wordErrorRate, characterErrorRate: task.characterErrorRate,
                threshold: request.accuracyThreshold, passed: request.accuracyThreshold.map { share >= $0 })
        }
        error = task.failure.map { Failure(code: $0.code, message: $0.message) }
        packageBytes = task.package?.sizeBytes
        links = Links(task)
    }
}
