import HTTPTypes
import Hummingbird
import Store
import Text
import Transcript

/// Translation as LibreTranslate's clients ask for it.
///
/// - Source: LibreTranslate API.
struct LibreTranslateRoutes {
    let desk: Desk

    func add(to router: some RouterMethods<Visit>) {
        router.post("translate", use: translate)
        router.post("detect", use: detect)
        router.get("languages", use: languages)
    }

    private struct Detected: Encodable {
        let language: String
        /// Percent.
        let confidence: Double

        init(of text: String) {
            let found = LanguageIdentification(of: text)
            language = found.language?.rawValue ?? found.code
            confidence = (found.confidence * 100).rounded()
        }
    }

    private struct One: Encodable {
        let translatedText: String
        let detectedLanguage: Detected?
        let alternatives: [String]?
    }

    private struct Many: Encodable {
        let translatedText: [String]
        let detectedLanguage: [Detected]?
        let alternatives: [[String]]?
    }

    @Sendable private func translate(_ request: Request, _ visit: Visit) async throws -> Response {
        try await desk.gate.check()
        return try await request.answerWhileConnected { request in
            let body = try await desk.body(request, bytesMax: desk.settings.textBytesMax)
            let fields = try await Fields.read(body, type: request.headers[.contentType])
            guard let (texts, isList) = try fields.texts("q") else { throw Malformed.fieldMissing(name: "q") }
            guard texts.count <= RequestLimits.textsMax else {
                throw Malformed.field(name: "q", why: "there are more than \(RequestLimits.textsMax)")
            }
            guard let name = try fields.text("target") else { throw Malformed.fieldMissing(name: "target") }
            guard let target = Language(named: name) else { throw Malformed.language(name: "target", code: name) }
            guard try fields.text("format") ?? "text" == "text" else {
                throw Malformed.field(name: "format", why: "only `text` can be had here")
            }
            // There is one translation of a text here.
            let asksAlternatives = (try fields.integer("alternatives", 0...100) ?? 0) > 0
            let source = try LibreTranslateRoutes.source(fields)
            let done = try await TextTranslations(desk: desk, visit: visit).translate(texts, from: source, to: target)
            let detected =
                source == nil ? try await BlockingWork.run { texts.map(Detected.init(of:)) } : nil
            guard isList else {
                return .json(
                    One(
                        translatedText: done[0].text, detectedLanguage: detected?[0],
                        alternatives: asksAlternatives ? [] : nil))
            }
            return .json(
                Many(
                    translatedText: done.map(\.text), detectedLanguage: detected,
                    alternatives: asksAlternatives ? done.map { _ in [] } : nil))
        }
    }

    private static func source(_ fields: Fields) throws -> Language? {
        guard let name = try fields.text("source") else { throw Malformed.fieldMissing(name: "source") }
        guard name != "auto" else { return nil }
        guard let source = Language(named: name) else { throw Malformed.language(name: "source", code: name) }
        return source
    }

    @Sendable private func detect(_ request: Request, _ visit: Visit) async throws -> Response {
        let body = try await desk.body(request, bytesMax: desk.settings.textBytesMax)
        let fields = try await Fields.read(body, type: request.headers[.contentType])
        guard let text = try fields.texts("q")?.texts.first else { throw Malformed.fieldMissing(name: "q") }
        let found = try await BlockingWork.run { Detected(of: text) }
        return .json(found.language.isEmpty ? [] : [found])
    }

    private struct Known: Encodable {
        let code: String
        let name: String
        let targets: [String]
    }

    @Sendable private func languages(_ request: Request, _ visit: Visit) async throws -> Response {
        let reach = try await desk.reach.reach()
        return .json(
            Language.allCases.map { language in
                Known(
                    code: language.rawValue, name: language.name,
                    targets: reach.targets(from: language).map(\.rawValue))
            })
    }
}
