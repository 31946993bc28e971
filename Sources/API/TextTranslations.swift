import Store
import Transcript

/// Texts that are translated while their caller waits, each a task of its own.
struct TextTranslations {
    let desk: Desk
    let visit: Visit

    struct Done: Sendable {
        /// What the text is in; nil where it has no words.
        let source: Language?
        let text: String
    }

    /// - Throws: `Malformed.unreachable`, and what `AwaitedTask` does.
    func translate(_ texts: [String], from source: Language?, to target: Language) async throws -> [Done] {
        try await desk.reach.reach().check([target], from: source)
        return try await withThrowingTaskGroup(of: (Int, Done).self) { group in
            for (index, text) in texts.enumerated() {
                group.addTask { (index, try await translate(text, from: source, to: target)) }
            }
            return try await group.reduce(into: [Int: Done]()) { $0[$1.0] = $1.1 }.sorted { $0.key < $1.key }
                .map(\.value)
        }
    }

    private func translate(_ text: String, from source: Language?, to target: Language) async throws -> Done {
        // Nothing to say is the same in every language.
        guard text.contains(where: { !$0.isWhitespace }) else { return Done(source: source, text: text) }
        var request = TaskRequest(kind: .text, languages: [target])
        request.sourceLanguage = source?.rawValue
        request.text = text
        return try await AwaitedTask(desk: desk, visit: visit).run(request) { task in
            let found = try await desk.storage.results.translations(task.id)
            guard let translation = found.first(where: { $0.language == target }) else {
                throw Absent.result(what: "translation")
            }
            let heard = (task.detectedLanguage ?? task.request.sourceLanguage).flatMap(Language.init(named:))
            return Done(source: heard, text: translation.text)
        }
    }
}
