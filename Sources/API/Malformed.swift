import HTTPTypes
import Transcript

/// What is wrong with a request itself.
package enum Malformed: Error, Equatable {
    case json(why: String)
    case multipart(MultipartError)
    case contentType(found: String?, wanted: String)
    case fieldMissing(name: String)
    case field(name: String, why: String)
    /// A query parameter, a header or a part of the path.
    case parameter(name: String, why: String)
    case language(name: String, code: String)
    /// No worker gets from here to there.
    case unreachable(source: Language?, target: Language, models: [String])
    case tooLarge(bytesMax: Int)
    case notAudio(field: String)
    case emptyFile(name: String)
    /// A reference that has nothing a transcript could be compared with.
    case emptyReference
    /// A range of bytes outside the file.
    case range(sizeBytes: Int)
}

extension Problem {
    init(_ error: Malformed) {
        switch error {
        case .json(let why): self.init(.badRequest, "bad_json", "The body is not the JSON it should be: \(why).")
        case .multipart(let error): self.init(.badRequest, "bad_multipart", "\(error)")
        case .contentType(let found, let wanted):
            self.init(
                .unsupportedMediaType, "unsupported_media_type",
                "The body is \(found ?? "of no type"); send \(wanted).")
        case .fieldMissing(let name):
            self.init(.unprocessableContent, "field_missing", "\(name) is missing.", field: name)
        case .field(let name, let why):
            self.init(.unprocessableContent, "field_invalid", "\(name): \(why).", field: name)
        case .parameter(let name, let why):
            self.init(.badRequest, "parameter_invalid", "\(name): \(why).", field: name)
        case .language(let name, let code):
            self.init(
                .unprocessableContent, "language_unknown",
                "\(name): \(code) is no language of this service; /api/v1/translation/engine/languages lists them.",
                field: name)
        case .unreachable(let source, let target, let models):
            let from = source.map { " from \($0.rawValue)" } ?? ""
            self.init(
                .unprocessableContent, "language_unsupported",
                "No worker translates\(from) into \(target.rawValue); `voicelingua models pull "
                    + "\(models.joined(separator: " "))` installs what is needed.", field: "languages")
        case .tooLarge(let bytesMax):
            self.init(.contentTooLarge, "too_large", "The body has more than \(bytesMax) bytes, which is the limit.")
        case .notAudio(let field):
            self.init(
                .unsupportedMediaType, "not_audio",
                "\(field) is no recording; send WAV, MP3, FLAC, Ogg, MP4, WebM, AAC, AMR, AIFF, CAF or WMA.",
                field: field)
        case .range(let sizeBytes):
            self.init(.rangeNotSatisfiable, "range_not_satisfiable", "The file has \(sizeBytes) bytes.")
            headers[.contentRange] = "bytes */\(sizeBytes)"
        case .emptyReference:
            self.init(
                .unprocessableContent, "reference_empty",
                "reference_text has no word to compare with; write what should be heard, or leave it out.",
                field: "reference_text")
        case .emptyFile(let name):
            self.init(.unprocessableContent, "empty_file", "\(name) is empty.", field: name)
        }
    }
}
