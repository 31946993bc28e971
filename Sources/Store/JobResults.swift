import Transcript

/// What jobs that succeed lead to.
extension JobQueue {
    /// Settles a transcription job, starts the translations.
    ///
    /// - Parameters:
    ///   - languages: what the task's become, where it named none; nil leaves them.
    ///   - same: texts that are in a language asked for already (they need no job).
    ///   - jobs: translations to do.
    /// - Throws: `StoreError.leaseLost`.
    package func finishTranscription(
        _ lease: Lease, languages: [Language]? = nil, transcript: TranscriptDocument, accuracy: AccuracyReport?,
        same: [TranslatedText], jobs: [TranslationJob]
    ) async throws {
        let recording = transcript.recording
        let (document, report) = (transcript.json, accuracy.map { jsonLine($0) })
        let texts = same.map { EncodedText($0) }
        try await database.write { transaction in
            let job = try transaction.job(leased: lease)
            precondition(job.queue == .transcription, "the lease is of a transcription job")
            let task = try transaction.task(job.task)!  // A job has a task: a foreign key.
            try transaction.complete(job)
            try transaction.execute(
                "insert into transcripts (task_id, document) values ($1, $2)", task.id, document)
            if let report {
                try transaction.execute(
                    "insert into accuracy_reports (task_id, report) values ($1, $2)", task.id, report)
            }
            try transaction.execute(
                """
                update tasks set detected_language = $1, audio_seconds = $2, transcribed = 1, translations_done = $3,
                  translations_total = $4, accuracy = $5, word_error_rate = $6, character_error_rate = $7,
                  languages = coalesce($8, languages)
                where id = $9
                """, recording.language, recording.durationSeconds, texts.count, texts.count + jobs.count,
                accuracy?.accuracy, accuracy?.wordErrorRate, accuracy?.characterErrorRate,
                languages.map(LanguageList.init), task.id)
            for (index, text) in texts.enumerated() {
                try transaction.insert(text, of: task)
                try transaction.tell(
                    TranslationDone(text, done: index + 1, total: texts.count + jobs.count), of: task.id)
            }
            for job in jobs { try transaction.enqueue(.translation, for: task, job) }
            if jobs.isEmpty { try transaction.enqueue(.packaging, for: task) }
            try transaction.move(task.id, from: task.status, to: jobs.isEmpty ? .packaging : .translating)
        }
    }

    /// Settles a translation job; the last of a task starts its packaging.
    ///
    /// - Parameter sourceLanguage: what the text is in, where that was found out.
    /// - Throws: `StoreError.leaseLost`.
    package func finishTranslation(_ lease: Lease, _ text: TranslatedText, sourceLanguage: String?) async throws {
        let encoded = EncodedText(text)
        try await database.write { transaction in
            let job = try transaction.job(leased: lease)
            precondition(
                job.translation == TranslationJob(language: encoded.language, source: encoded.source),
                "the text is that of the job")
            let task = try transaction.task(job.task)!  // A job has a task: a foreign key.
            try transaction.complete(job)
            try transaction.insert(encoded, of: task)
            let done = task.translationsDone + 1
            try transaction.execute(
                """
                update tasks set translations_done = $1, detected_language = coalesce(detected_language, $2) where id = $3
                """, done, sourceLanguage, task.id)
            try transaction.tell(TranslationDone(encoded, done: done, total: task.translationsTotal), of: task.id)
            guard done == task.translationsTotal else { return }
            try transaction.enqueue(.packaging, for: task)
            try transaction.move(task.id, from: task.status, to: .packaging)
        }
    }

    /// Settles a packaging job: the task is completed, its translations are published, its callback is due.
    ///
    /// - Throws: `StoreError.leaseLost`.
    package func finishPackaging(_ lease: Lease, _ package: TaskRecord.Package) async throws {
        try await database.write { transaction in
            let job = try transaction.job(leased: lease)
            precondition(job.queue == .packaging, "the lease is of a packaging job")
            try transaction.complete(job)
            try transaction.complete(transaction.task(job.task)!, package)  // A job has a task: a foreign key.
        }
    }

    /// Settles the delivery of a callback.
    ///
    /// - Throws: `StoreError.leaseLost`.
    package func finishDelivery(_ lease: Lease) async throws {
        try await database.write { transaction in
            let job = try transaction.job(leased: lease)
            precondition(job.queue == .webhook, "the lease is of a callback")
            try transaction.complete(job)
        }
    }
}

/// The event of a translation.
private struct TranslationDone: Encodable {
    let language: Language
    let source: TextSource
    let done: Int
    let total: Int

    init(_ text: EncodedText, done: Int, total: Int) {
        language = text.language
        source = text.source
        self.done = done
        self.total = total
    }
}

extension Transaction {
    fileprivate func tell(_ translation: TranslationDone, of task: TaskID) throws {
        try add(event: "translation", jsonLine(translation), to: task)
    }
}
