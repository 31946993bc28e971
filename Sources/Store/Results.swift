import Transcript

/// What tasks gave.
package struct Results: Sendable {
    let database: Database

    /// A translation as queries give it.
    package struct Found: Sendable, Equatable {
        package var task: TaskID
        package var textNumber: String
        package var text: TranslatedText
        /// Milliseconds since 1970: when its task was completed.
        package var publishedMs: Int64
    }

    package struct Query: Sendable, Hashable {
        package var language: Language
        package var textNumber: String
        package var source: TextSource
        package init(language: Language, textNumber: String, source: TextSource) {
            self.language = language
            self.textNumber = textNumber
            self.source = source
        }
    }

    package func transcript(_ task: TaskID) async throws -> TranscriptDocument? {
        try await database.read { transaction in
            try transaction.row("select document from transcripts where task_id = $1", task) {
                try $0.next(StoredJSON<TranscriptDocument>.self).value
            }
        }
    }

    package func accuracy(_ task: TaskID) async throws -> AccuracyReport? {
        try await database.read { transaction in
            try transaction.row("select report from accuracy_reports where task_id = $1", task) {
                try $0.next(StoredJSON<AccuracyReport>.self).value
            }
        }
    }

    /// All translations of a task that are done, in the order of its languages, AUDIO before TEXT.
    package func translations(_ task: TaskID) async throws -> [TranslatedText] {
        try await database.read { transaction in
            let languages = try transaction.row("select languages from tasks where id = $1", task) {
                try $0.next(LanguageList.self).languages
            }
            guard let languages else { return [] }
            let texts = try transaction.rows(
                "select \(TranslatedText.columns) from translations r where r.task_id = $1", task
            ) { try TranslatedText(columns: &$0) }
            return texts.sorted { Results.place($0, in: languages) < Results.place($1, in: languages) }
        }
    }

    private static func place(_ text: TranslatedText, in languages: [Language]) -> Int {
        let place = languages.firstIndex(of: text.language) ?? languages.count
        return place * TextSource.allCases.count + (text.source == .audio ? 0 : 1)
    }

    /// The newest translation of a text number whose task is completed.
    ///
    /// - Parameter visibleTo: the id of the API key whose tasks are looked at; nil for all tasks.
    package func translation(_ query: Query, visibleTo keyID: String? = nil) async throws -> Found? {
        try await database.read { try $0.translation(query, visibleTo: keyID) }
    }

    /// - Parameter visibleTo: as of `translation`.
    package func translations(
        _ queries: [Query], visibleTo keyID: String? = nil
    ) async throws -> [Query: Found] {
        try await database.read { transaction in
            var found: [Query: Found] = [:]
            for query in queries { found[query] = try transaction.translation(query, visibleTo: keyID) }
            return found
        }
    }
}

extension Transaction {
    fileprivate func translation(_ query: Results.Query, visibleTo keyID: String?) throws -> Results.Found? {
        // Two statements, so that each has its index.
        let owned = keyID == nil ? "" : "and r.key_id = $4"
        let values: [(any SQLRepresentable)?] = [query.textNumber, query.language, query.source]
        return try rows(
            """
            select r.task_id, r.text_number, \(TranslatedText.columns), r.published_ms from translations r
            where r.text_number = $1 and r.language = $2 and r.source = $3 \(owned)
              and r.published_ms is not null
            order by r.published_ms desc, r.task_id desc limit 1
            """, list: keyID.map { values + [$0] } ?? values
        ) { columns in
            Results.Found(
                task: try columns.next(), textNumber: try columns.next(), text: try TranslatedText(columns: &columns),
                publishedMs: try columns.next())
        }.first
    }
}
