import Foundation
import HTTPTypes
import Hummingbird
import LanguagePackage
import NIOCore
import Store
import Text
import Transcript

/// What a task gave, in any form it can be had in.
struct DownloadRoutes {
    enum Format: String, CaseIterable {
        case json, text, srt, vtt, tsv, zip, package

        var contentType: String {
            switch self {
            case .json: "application/json; charset=utf-8"
            case .text: "text/plain; charset=utf-8"
            case .srt: "application/x-subrip; charset=utf-8"
            case .vtt: "text/vtt; charset=utf-8"
            case .tsv: "text/tab-separated-values; charset=utf-8"
            case .zip: "application/zip"
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
        let bytes = try await BlockingWork.run {
            let contents = try PackageReader(path: path).contents()
            return try TaskFile(contents: contents, package: path, language: language, source: source).bytes(format)
        }
        let name = "\(task.id).\(format == .text ? "txt" : format.rawValue)"
        return Response(
            status: .ok,
            headers: [.contentType: format.contentType, .contentDisposition: "attachment; filename=\"\(name)\""],
            body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    private static func language(_ query: QueryParameters) throws -> Language? {
        guard let name = try query.text("language") else { return nil }
        guard let language = Language(named: name) else {
            throw Malformed.parameter(name: "language", why: "\(name.prefix(32)) is no language of this service")
        }
        return language
    }
}

/// What came of a task as a file.
private struct TaskFile {
    let contents: PackageContents
    /// Where the package lies.
    let package: String
    /// What is not named is what was spoken, or written.
    let language: Language?
    let source: TextSource?

    /// - Throws: `Malformed.parameter`, `PackageError`.
    func bytes(_ format: DownloadRoutes.Format) throws -> [UInt8] {
        switch format {
        case .json: Array(try contents.compactJSON.utf8)
        case .text: try text(.text)
        case .srt: try text(.srt)
        case .vtt: try text(.vtt)
        case .tsv: try text(.tsv)
        case .zip: try zip()
        case .package: try Array(Data(contentsOf: URL(fileURLWithPath: package)))
        }
    }

    private func text(_ format: TranscriptFormat) throws -> [UInt8] {
        let source = source ?? (contents.kind == .audio ? .audio : .text)
        let spoken = contents.sourceLanguage.flatMap(Language.init(named:))
        guard let language = language ?? spoken else {
            // Spoken in a language that is translated from and not into: the transcript is all there is.
            return Array(try contents.transcript(format, borders: TaskFile.borders).utf8)
        }
        do { return Array(try contents.file(format, language, source, borders: TaskFile.borders).utf8) } catch {
            guard case .noTimes = error else { throw error }
            throw Malformed.parameter(name: "source", why: "what was written has no times; take tsv or text")
        }
    }

    private func zip() throws -> [UInt8] {
        let path = FileManager.default.temporaryDirectory.path + "/voicelingua-\(UUID().uuidString).zip"
        // A file that was not written need not be removed.
        defer { try? FileManager.default.removeItem(atPath: path) }
        let package = try Array(Data(contentsOf: URL(fileURLWithPath: package)))
        try PackageZip.write(contents, package: package, to: path, borders: TaskFile.borders)
        return try Array(Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// Sentences by the rules of a text's language; one sentence where there are none.
    private static func borders(_ text: String, _ code: String) -> [Range<String.Index>] {
        guard let language = Language(named: code) else { return [text.startIndex..<text.endIndex] }
        return SentenceBreaks.of(language).ranges(of: text)
    }
}
