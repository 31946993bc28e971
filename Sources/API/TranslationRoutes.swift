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

    /// A query of a batch, which has its own result or error.
    private struct Asked {
        let language: String?
        let textNumber: String?
        let source: String?
        let query: Result<Results.Query, any Error>

        /// - Parameter fields: nil where the query is no object.
        init(_ fields: Fields?) {
            // What is of the wrong type the error tells; it is not repeated.
            language = try? fields?.text("language")
            textNumber = try? fields?.label("text_number")
            source = try? fields?.text("source")
            query = Result {
                guard let fields else {
                    throw Malformed.field(
                        name: "queries", why: "each is an object with `language`, `text_number` and `source`")
                }
                func required(_ name: String, _ text: String?) throws -> String {
                    guard let text else { throw Malformed.fieldMissing(name: name) }
                    return text
                }
                return try TranslationRoutes.query(
                    language: required("language", fields.text("language")),
                    number: required("text_number", fields.label("text_number")),
                    source: required("source", fields.text("source")))
            }
        }

        func answer(_ found: [Results.Query: Results.Found]) -> Answer {
            let result = query.flatMap { query -> Result<Found, any Error> in
                guard let translation = found[query] else {
                    return .failure(
                        Absent.translation(
                            language: query.language, textNumber: query.textNumber, source: query.source))
                }
                return .success(Found(translation))
            }
            var answer = Answer(language: language, textNumber: textNumber, source: source)
            switch result {
            case .success(let translation): answer.translation = translation
            case .failure(let error):
                let problem = Problem(error)
                answer.error = .init(code: problem.code, detail: problem.detail)
            }
            return answer
        }
    }

    private struct Answer: Encodable {
        struct Failure: Encodable {
            let code: String
            let detail: String
        }
        let language: String?
        let textNumber: String?
        let source: String?
        var translation: Found?
        var error: Failure?

        enum CodingKeys: String, CodingKey {
            case language, source, translation, error
            case textNumber = "text_number"
        }
    }

    @Sendable private func batch(_ request: Request, _ visit: Visit) async throws -> Response {
        let body = try await desk.body(request, bytesMax: RequestLimits.jsonBytesMax)
        let fields = try await Fields.computed(body) { try Fields(json: body) }
        guard let queries = try fields.objects("queries") else { throw Malformed.fieldMissing(name: "queries") }
        guard queries.count <= RequestLimits.batchMax else {
            throw Malformed.field(name: "queries", why: "there are more than \(RequestLimits.batchMax)")
        }
        let asked = queries.map(Asked.init)
        // Those that are none have their errors already.
        let found = try await desk.storage.results.translations(
            asked.compactMap { try? $0.query.get() }, visibleTo: TranslationRoutes.owner(visit))
        return .json(["results": asked.map { $0.answer(found) }])
    }
}
