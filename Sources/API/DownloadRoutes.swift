import Foundation
import HTTPTypes
import Hummingbird
import LanguagePackage
import NIOCore
import Store
import Transcript

/// What a task gave, in any form it can be had in.
struct DownloadRoutes {
    enum Format: String, CaseIterable {
        case json, text, srt, vtt, tsv, package

        var contentType: String {
            switch self {
            case .json: "application/json; charset=utf-8"
            case .text: "text/plain; charset=utf-8"
            case .srt: "application/x-subrip; charset=utf-8"
            case .vtt: "text/vtt; charset=utf-8"
            case .tsv: "text/tab-separated-values; charset=utf-8"
            case .package: "application/vnd.voicelingua.package"
            }
        }
    }

    let desk: Desk

    func add(to router: RouterGroup<Visit>) {
        router.get("tasks/{id}/download", use: download)
    }

    @Sendable private func download(_ request: Request, _ visit: Visit) async throws -> Response {
        let query = QueryParameters(request)
        let format: Format = try query.value("format") ?? .json
        let language = try DownloadRoutes.language(query)
        let source: TextSource? = try query.value("source")
        let task = try await desk.task(visit)
        guard let package = task.package, task.status == .completed else {
            throw TaskRoutes.missing("package", of: task, isDue: true)
        }
        let path = desk.storage.blobs.path(package.blob)
        guard FileManager.default.fileExists(atPath: path) else { throw Absent.package }
        if format == .package {
            return try await PackageDownload(task: task, path: path, sizeBytes: package.sizeBytes)
                .response(request, visit)
        }
        let text = try await BlockingWork.run {
            let reader = try PackageReader(path: path)
            guard format != .json else { return try reader.contents().compactJSON }
            return try TextDownload(reader: reader, language: language, source: source).text(format)
        }
        var response = Response.text(text, type: format.contentType)
        let name = format == .json ? "\(task.id).json" : "\(task.id).\(format == .text ? "txt" : format.rawValue)"
        response.headers[.contentDisposition] = "attachment; filename=\"\(name)\""
        return response
    }

    private static func language(_ query: QueryParameters) throws -> Language? {
        guard let name = try query.text("language") else { return nil }
        guard let language = Language(named: name) else {
            throw Malformed.parameter(name: "language", why: "\(name.prefix(32)) is no language of this service")
        }
        return language
    }
}

/// One text of a package as a file.
private struct TextDownload {
    let reader: PackageReader
    let language: Language
    let source: TextSource

    /// What is not named is what was spoken, or written.
    init(reader: PackageReader, language: Language?, source: TextSource?) throws {
        self.reader = reader
        self.source = source ?? (reader.task.kind == .audio ? .audio : .text)
        guard let language = language ?? reader.task.sourceLanguage.flatMap(Language.init(named:)) else {
            throw Malformed.parameter(name: "language", why: "it has to be named for this task")
        }
        self.language = language
    }

    /// - Throws: `Absent.result`, `Malformed.parameter`, `PackageError`.
    func text(_ format: DownloadRoutes.Format) throws -> String {
        let isTimed = format == .srt || format == .vtt
        guard !isTimed || source == .audio else {
            throw Malformed.parameter(name: "source", why: "what was written has no times; take tsv or text")
        }
        // What was heard has words with times, which make the better subtitles.
        if source == .audio, reader.task.sourceLanguage.flatMap(Language.init(named:)) == language {
            let recording = try reader.transcript().recording
            return transcriptFormat(format).file(recording, borders: recording.sentenceBorders)
        }
        let text = try reader.text(language, source: source)
        guard source == .audio, format != .text else { return format == .tsv ? table(text) : text.text + "\n" }
        let sentences = text.sentences.map {
            RecordingTranslation.Sentence(
                source: $0.source, text: $0.text, start: $0.start ?? 0, end: $0.end ?? $0.start ?? 0, score: $0.score,
                faults: $0.faults)
        }
        return RecordingTranslation(language: language, sentences: sentences).file(transcriptFormat(format))
    }

    private func transcriptFormat(_ format: DownloadRoutes.Format) -> TranscriptFormat {
        switch format {
        case .srt: .srt
        case .vtt: .vtt
        case .tsv: .tsv
        case .json, .text, .package: .text
        }
    }

    /// Sentences beside what they were, for what has no times.
    private func table(_ text: TranslatedText) -> String {
        func cell(_ text: String) -> String {
            text.split(whereSeparator: { $0.isNewline || $0 == "\t" }).joined(separator: " ")
        }
        return "source\ttext\n" + text.sentences.map { "\(cell($0.source))\t\(cell($0.text))\n" }.joined()
    }
}
