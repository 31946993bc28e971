import Foundation
import Transcript

/// A translation as it is stored: encoded before the transaction, so that no writer waits for it.
struct EncodedText: Sendable {
    let language: Language
    let source: TextSource
    let text: String
    let sentences: String

    init(_ text: TranslatedText) {
        language = text.language
        source = text.source
        self.text = text.text
        sentences = text.sentences.isEmpty ? "[]" : jsonLine(text.sentences)
    }
}

extension TranslatedText {
    /// What `init(columns:)` reads, of `translations r`.
    static let columns = "r.language, r.source, r.text, r.sentences"

    init(columns: inout Columns) throws {
        self.init(
            language: try columns.next(), source: try columns.next(), text: try columns.next(),
            sentences: try columns.next(StoredJSON<[Sentence]>.self).value)
    }
}

/// A column of JSON.
struct StoredJSON<Value: Codable & Sendable>: SQLRepresentable {
    let value: Value

    init(_ value: Value) { self.value = value }

    var sqlValue: SQLValue { .text(jsonLine(value)) }

    init?(sqlValue: SQLValue) {
        guard case .text(let text) = sqlValue else { return nil }
        // What cannot be decoded is not of the kind, which is what nil says.
        guard let value = try? JSONDecoder().decode(Value.self, from: Data(text.utf8)) else { return nil }
        self.value = value
    }
}

extension Transaction {
    func insert(_ text: EncodedText, of task: TaskRecord) throws {
        try execute(
            """
            insert into translations (task_id, language, source, text, sentences, text_number, key_id)
            values ($1, $2, $3, $4, $5, $6, $7)
            """, task.id, text.language, text.source, text.text, text.sentences, task.request.textNumber,
            task.request.keyID)
    }
}
