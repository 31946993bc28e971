import Transcript

extension TaskID: SQLRepresentable {}
extension TaskKind: SQLRepresentable {}
extension TaskStatus: SQLRepresentable {}
extension BlobKey: SQLRepresentable {}
extension Language: SQLRepresentable {}
extension TextSource: SQLRepresentable {}

/// Languages in a column: codes with commas between.
struct LanguageList: SQLRepresentable {
    let languages: [Language]

    init(_ languages: [Language]) { self.languages = languages }

    var sqlValue: SQLValue { .text(languages.map(\.rawValue).joined(separator: ",")) }

    init?(sqlValue: SQLValue) {
        guard case .text(let text) = sqlValue else { return nil }
        let codes = text.split(separator: ",")
        languages = codes.compactMap { Language(rawValue: String($0)) }
        guard languages.count == codes.count else { return nil }
    }
}

extension TaskRecord {
    /// What `init(columns:)` reads, of `tables`; where there is a text it is read as an empty string.
    static let columns = columns(text: "case when x.task_id is not null then '' end")
    /// The same with the text.
    static let columnsWithText = columns(text: "x.text")

    private static func columns(text: String) -> String {
        """
        t.id, t.kind, t.status, t.languages, t.source_language, t.text_number, t.priority, \(text), t.upload_blob,
        t.upload_hash, t.upload_size_bytes, t.model, t.translates_to_english, t.prompt, t.temperature,
        t.accuracy_threshold, t.callback_url, t.key_id, t.trace_id, t.detected_language, t.created_ms, t.started_ms,
        t.finished_ms, t.transcribing_ms, t.translating_ms, t.packaging_ms, t.audio_seconds, t.transcribed,
        t.translations_done, t.translations_total, t.accuracy, t.word_error_rate, t.character_error_rate,
        t.failure_code, t.failure_message, t.package_blob, t.package_size_bytes, t.languages_named
        """
    }

    static let tables = "tasks t left join task_texts x on x.task_id = t.id"

    init(columns: inout Columns) throws {
        id = try columns.next()
        let kind: TaskKind = try columns.next()
        status = try columns.next()
        request = TaskRequest(kind: kind, languages: try columns.next(LanguageList.self).languages)
        try request.read(&columns)
        detectedLanguage = try columns.nextIfAny()
        createdMs = try columns.next()
        startedMs = try columns.nextIfAny()
        finishedMs = try columns.nextIfAny()
        stageStartedMs = [:]
        for stage in [TaskStatus.transcribing, .translating, .packaging] {
            stageStartedMs[stage] = try columns.nextIfAny()
        }
        audioSeconds = try columns.nextIfAny()
        transcribed = try columns.next()
        translationsDone = try columns.next()
        translationsTotal = try columns.next()
        accuracy = try columns.nextIfAny()
        wordErrorRate = try columns.nextIfAny()
        characterErrorRate = try columns.nextIfAny()
        let (code, message): (String?, String?) = (try columns.nextIfAny(), try columns.nextIfAny())
        if let code, let message { failure = TaskFailure(code: code, message: message) }
        let (blob, sizeBytes): (BlobKey?, Int?) = (try columns.nextIfAny(), try columns.nextIfAny())
        if let blob, let sizeBytes { package = Package(blob: blob, sizeBytes: sizeBytes) }
        request.languagesAreNamed = try columns.next()
    }

    /// A task that was just handed in.
    init(id: TaskID, request: TaskRequest, createdMs: Int64, translationsDone: Int, translationsTotal: Int) {
        self.id = id
        self.request = request
        status = .pending
        self.createdMs = createdMs
        stageStartedMs = [:]
        transcribed = 0
        self.translationsDone = translationsDone
        self.translationsTotal = translationsTotal
    }
}

extension TaskRequest {
    fileprivate mutating func read(_ columns: inout Columns) throws {
        sourceLanguage = try columns.nextIfAny()
        textNumber = try columns.nextIfAny()
        priority = try columns.next()
        text = try columns.nextIfAny()
        let blob: BlobKey? = try columns.nextIfAny()
        let (hash, sizeBytes): (String?, Int?) = (try columns.nextIfAny(), try columns.nextIfAny())
        if let blob, let hash, let sizeBytes { upload = Upload(blob: blob, hash: hash, sizeBytes: sizeBytes) }
        transcription.model = try columns.nextIfAny()
        transcription.translatesToEnglish = try columns.next()
        transcription.prompt = try columns.nextIfAny()
        transcription.temperature = try columns.next()
        accuracyThreshold = try columns.nextIfAny()
        callbackURL = try columns.nextIfAny()
        keyID = try columns.nextIfAny()
        traceID = try columns.nextIfAny()
    }
}

extension Transaction {
    /// A task without the words of its text.
    func task(_ id: TaskID) throws -> TaskRecord? { try task(id, TaskRecord.columns) }

    func taskWithText(_ id: TaskID) throws -> TaskRecord? { try task(id, TaskRecord.columnsWithText) }

    private func task(_ id: TaskID, _ columns: String) throws -> TaskRecord? {
        try row("select \(columns) from \(TaskRecord.tables) where t.id = $1", id) { try TaskRecord(columns: &$0) }
    }

    func insert(_ task: TaskRecord) throws {
        let request = task.request
        try execute(
            """
            insert into tasks
              (id, kind, status, priority, text_number, languages, source_language, model, translates_to_english,
               prompt, temperature, upload_blob, upload_hash, upload_size_bytes, accuracy_threshold, callback_url,
               key_id, trace_id, created_ms, transcribed, translations_done, translations_total, languages_named)
            values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
              $23)
            """,
            task.id, request.kind, task.status, request.priority, request.textNumber, LanguageList(request.languages),
            request.sourceLanguage, request.transcription.model, request.transcription.translatesToEnglish,
            request.transcription.prompt, request.transcription.temperature, request.upload?.blob,
            request.upload?.hash, request.upload?.sizeBytes, request.accuracyThreshold, request.callbackURL,
            request.keyID, request.traceID, task.createdMs, task.transcribed, task.translationsDone,
            task.translationsTotal, request.languagesAreNamed)
        guard let text = request.text else { return }
        try execute("insert into task_texts (task_id, text) values ($1, $2)", task.id, text)
    }
}
