import Foundation
import HTTPTypes
import Hummingbird
import Store
import Transcript

/// Translations by text number: one, or many at once.
struct TranslationRoutes {
    let desk: Desk

    func add(to router: RouterGroup<Visit>) {
        router.get("translations/{language}/{text_number}/{source}", use: one)
        router.post("translations/batch", use: batch)
    }

    struct Found: Encodable {
        let language: Language
        let textNumber: String
        let source: TextSource
        let taskID: String
        let publishedAt: String
        let text: String
        let sentences: [TranslatedText.Sentence]

        enum CodingKeys: String, CodingKey {
            case language, source, text, sentences
            case textNumber = "text_number"
            case taskID = "task_id"
            case publishedAt = "published_at"
        }

        init(_ found: Results.Found) {
            language = found.text.language
            textNumber = found.textNumber
            source = found.text.source
            taskID = found.task.rawValue
            publishedAt = rfc3339(found.publishedMs)
            text = found.text.text
            sentences = found.text.sentences
        }
    }

    @Sendable private func one(_ request: Request, _ visit: Visit) async throws -> Response {
        let query = try TranslationRoutes.query(
            language: visit.parameters.get("language") ?? "", number: visit.parameters.get("text_number") ?? "",
            source: visit.parameters.get("source") ?? "")
        let found = try await desk.storage.results.translation(query, visibleTo: TranslationRoutes.owner(visit))
        guard let found else {
            throw Absent.translation(language: query.language, textNumber: query.textNumber, source: query.source)
        }
        return .json(Found(found))
    }

    /// A translation is its task's, and that is its key's; nil for whoever sees all.
    private static func owner(_ visit: Visit) -> String? {
        if visit.caller.seesAll { return nil }
        // Without a key nothing is theirs, as nothing is of a key without a name.
        return visit.caller.key?.id ?? ""
    }

    private static func query(language: String, number: String, source: String) throws -> Results.Query {
        guard let known = Language(named: language) else {
            throw Malformed.parameter(name: "language", why: "\(language.prefix(32)) is no language of this service")
        }
        guard TextNumber.isValid(number) else {
            throw Malformed.parameter(name: "text_number", why: "it has letters, digits, `.`, `_` and `-` only")
        }
        guard let text = TextSource(rawValue: source.uppercased()) else {
            throw Malformed.parameter(name: "source", why: "it has to be AUDIO or TEXT")
        }
        return Results.Query(language: known, textNumber: number, source: text)
    }

    private struct Batch: Decodable {
        struct Query: Decodable {
            let language: String
            let textNumber: String
            let source: String

            enum CodingKeys: String, CodingKey {
                case language, source
                case textNumber = "text_number"
            }
        }
        let queries: [Query]
    }

    private struct Answer: Encodable {
        struct Failure: Encodable {
            let code: String
            let detail: String
        }
        let language: String
        let textNumber: String
        let source: String
        let translation: Found?
        let error: Failure?

        enum CodingKeys: String, CodingKey {
            case language, source, translation, error
            case textNumber = "text_number"
        }
    }

    @Sendable private func batch(_ request: Request, _ visit: Visit) async throws -> Response {
        let body = try await desk.body(request, bytesMax: RequestLimits.jsonBytesMax)
        let batch: Batch
        do { batch = try JSONDecoder().decode(Batch.self, from: Data(body.readableBytesView)) } catch {
            throw Malformed.json(why: "it needs `queries`, each with `language`, `text_number` and `source`")
        }
        guard batch.queries.count <= RequestLimits.batchMax else {
            throw Malformed.field(name: "queries", why: "there are more than \(RequestLimits.batchMax)")
        }
        // Each query has its own result or error.
        let queries = batch.queries.map { asked in
            Result {
                try TranslationRoutes.query(language: asked.language, number: asked.textNumber, source: asked.source)
            }
        }
        let found = try await desk.storage.results.translations(
            queries.compactMap { try? $0.get() }, visibleTo: TranslationRoutes.owner(visit))
        var answers: [Answer] = []
        for (asked, query) in zip(batch.queries, queries) {
            var translation: Found?
            var problem: Problem?
            switch query {
            case .failure(let error): problem = Problem(error)
            case .success(let query):
                translation = found[query].map { Found($0) }
                if translation == nil {
                    problem = Problem(
                        Absent.translation(
                            language: query.language, textNumber: query.textNumber, source: query.source))
                }
            }
            answers.append(
                Answer(
                    language: asked.language, textNumber: asked.textNumber, source: asked.source,
                    translation: translation, error: problem.map { .init(code: $0.code, detail: $0.detail) }))
        }
        return .json(["results": answers])
    }
}
