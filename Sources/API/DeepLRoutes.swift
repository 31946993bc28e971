import HTTPTypes
import Hummingbird
import Store
import Transcript

/// Translation as DeepL's clients ask for it.
///
/// - Source: DeepL API reference, translate text.
struct DeepLRoutes {
    let desk: Desk

    func add(to router: RouterGroup<Visit>) {
        router.post("translate", use: translate)
    }

    private struct Answer: Encodable {
        struct Translation: Encodable {
            let detected: String
            let text: String
            /// Of the source; clients want it, nobody is billed.
            let characters: Int

            enum CodingKeys: String, CodingKey {
                case text
                case characters = "billed_characters"
                case detected = "detected_source_language"
            }
        }
        let translations: [Translation]
    }

    @Sendable private func translate(_ request: Request, _ visit: Visit) async throws -> Response {
        try await desk.gate.check()
        return try await request.answerWhileConnected { request in
            let body = try await desk.body(request, bytesMax: RequestLimits.deepLBytesMax)
            let fields = try await Fields.read(body, type: request.headers[.contentType])
            guard let texts = try fields.texts("text")?.texts, !texts.isEmpty else {
                throw Malformed.fieldMissing(name: "text")
            }
            guard texts.count <= RequestLimits.textsMax else {
                throw Malformed.field(name: "text", why: "there are more than \(RequestLimits.textsMax)")
            }
            guard let name = try fields.text("target_lang") else { throw Malformed.fieldMissing(name: "target_lang") }
            guard let target = Language(named: name) else { throw Malformed.language(name: "target_lang", code: name) }
            let source = try DeepLRoutes.source(fields)
            try DeepLRoutes.checkOptions(fields)
            let done = try await TextTranslations(desk: desk, visit: visit).translate(texts, from: source, to: target)
            return .json(
                Answer(
                    translations: zip(texts, done).map { asked, done in
                        // Where nothing was found out, the text says nothing in any language.
                        .init(
                            detected: (done.source ?? target).deepLCode, text: done.text, characters: asked.count)
                    }))
        }
    }

    private static func source(_ fields: Fields) throws -> Language? {
        guard let name = try fields.text("source_lang"), !name.isEmpty else { return nil }
        guard let source = Language(named: name) else { throw Malformed.language(name: "source_lang", code: name) }
        return source
    }

    /// What would change the translation and is not done here is refused rather than passed over.
    private static func checkOptions(_ fields: Fields) throws {
        for name in ["glossary_id", "tag_handling", "style_id", "custom_instructions"] where fields.has(name) {
            throw Malformed.field(name: name, why: "it cannot be had here; leave it out")
        }
        if let formality = try fields.text("formality"), formality != "default", !formality.hasPrefix("prefer_") {
            throw Malformed.field(name: "formality", why: "it cannot be had here; leave it out")
        }
    }
}
