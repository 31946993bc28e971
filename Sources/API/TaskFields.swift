import Foundation
import Store
import Text
import Transcript

/// What a request says of the task it hands in, checked, and the same for forms and JSON.
struct TaskFields {
    let languages: [Language]?
    let sourceLanguage: String?
    let textNumber: String?
    let priority: Int
    let accuracyThreshold: Double?
    let callbackURL: String?
    let model: String?
    let prompt: String?

    /// Least and most of `priority`.
    static let priorities = -100...100

    /// - Throws: `Malformed`.
    init(_ fields: Fields) throws {
        languages = try fields.names("languages").map { try TaskFields.languages($0, field: "languages") }
        sourceLanguage = try TaskFields.spoken(fields, "source_language")
        textNumber = try fields.label("text_number")
        if let textNumber, !TextNumber.isValid(textNumber) {
            throw Malformed.field(
                name: "text_number",
                why: "it has 1 to \(RequestLimits.textNumberLengthMax) letters, digits, `.`, `_`, `-`"
            )
        }
        priority = try fields.integer("priority", TaskFields.priorities) ?? 0
        accuracyThreshold = try fields.number("accuracy_threshold")
        if let accuracyThreshold, !(0...1).contains(accuracyThreshold) {
            throw Malformed.field(name: "accuracy_threshold", why: "it is a share from 0 to 1")
        }
        callbackURL = try fields.text("callback_url").map(TaskFields.callback)
        model = try fields.text("model")
        prompt = try fields.text("prompt")
        if let prompt, prompt.count > RequestLimits.promptLengthMax {
            throw Malformed.field(name: "prompt", why: "it has more than \(RequestLimits.promptLengthMax) characters")
        }
    }

    static func languages(_ names: [String], field: String) throws -> [Language] {
        var languages: [Language] = []
        for name in names {
            guard let language = Language(named: name) else { throw Malformed.language(name: field, code: name) }
            if !languages.contains(language) { languages.append(language) }
        }
        return languages
    }

    /// The code of a language, nil for `auto` or where it is missing.
    static func spoken(_ fields: Fields, _ name: String) throws -> String? {
        guard let text = try fields.text(name), !text.isEmpty, text.lowercased() != "auto" else { return nil }
        guard let code = SpokenLanguage.code(text) else { throw Malformed.language(name: name, code: text) }
        return code
    }

    /// The address with its scheme in small letters.
    ///
    /// Whether anything may be sent there is checked when it is sent, for names change their addresses.
    private static func callback(_ text: String) throws -> String {
        func invalid(_ why: String) -> Malformed { .field(name: "callback_url", why: why) }
        guard text.utf8.count <= RequestLimits.callbackLengthMax else {
            throw invalid("it has more than \(RequestLimits.callbackLengthMax) bytes")
        }
        guard let url = URLComponents(string: text), let scheme = url.scheme?.lowercased(),
            scheme == "http" || scheme == "https"
        else { throw invalid("it has to begin with http:// or https://") }
        guard let host = url.host, !host.isEmpty else { throw invalid("it names no host") }
        guard host.allSatisfy(\.isASCII) else {
            let plain = url.encodedHost.flatMap { $0.contains("xn--") ? ", \($0)" : nil } ?? ", which begins with xn--"
            throw invalid("its host has letters beyond ASCII; write it in its ASCII form\(plain)")
        }
        guard url.user == nil, url.password == nil else { throw invalid("it must not carry a name or password") }
        guard url.fragment == nil else { throw invalid("it must not have a fragment") }
        return scheme + text.dropFirst(scheme.count)
    }

    /// A request with these, into what the workers reach where no languages are named.
    ///
    /// - Parameter found: what the text is in, where these do not say it.
    /// - Throws: `Malformed.unreachable`, `Malformed.field`, `Malformed.emptyReference`, `Absent.model`.
    func request(
        _ kind: TaskKind, text: String?, reach: Reach, found: Language? = nil
    ) throws -> TaskRequest {
        let source = sourceLanguage.flatMap(Language.init(rawValue:)) ?? found
        if kind == .text, sourceLanguage != nil, source == nil {
            throw Malformed.language(name: "source_language", code: sourceLanguage ?? "")
        }
        let targets = languages ?? reach.targets(from: source)
        if kind == .text, targets.isEmpty {
            let why = source.map { "none is named, and nothing is translated from \($0) here" } ?? "none is named"
            throw Malformed.field(name: "languages", why: why)
        }
        try reach.check(targets, from: source)
        if let model, reach.hasWorkers, !reach.speechModels.contains(model) {
            throw Absent.model(name: model, known: reach.speechModels)
        }
        if accuracyThreshold != nil, kind == .audio, text == nil {
            throw Malformed.field(name: "accuracy_threshold", why: "there is no reference_text to compare with")
        }
        if kind == .audio, let text, !ComparedText.hasAny(in: text) { throw Malformed.emptyReference }
        var request = TaskRequest(kind: kind, languages: targets)
        request.languagesAreNamed = languages != nil
        request.sourceLanguage = sourceLanguage
        request.textNumber = textNumber
        request.priority = priority
        request.text = text
        request.accuracyThreshold = accuracyThreshold
        request.callbackURL = callbackURL
        request.transcription.model = model
        request.transcription.prompt = prompt
        return request
    }
}
