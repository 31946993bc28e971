import HTTPTypes
import Hummingbird
import Store

/// The file of a package, whole or a part of it.
struct PackageDownload {
    let task: TaskRecord
    let path: String
    let sizeBytes: Int

    /// - Throws: `Malformed.range`.
    func response(_ request: Request, _ visit: Visit) async throws -> Response {
        // A package is written once and never changed.
        let tag = "\"\(task.id)\""
        var headers: HTTPFields = [
            .contentType: DownloadRoutes.Format.package.contentType, .eTag: tag, .acceptRanges: "bytes",
            .contentDisposition: "attachment; filename=\"\(task.id).vlpk\"", .cacheControl: "private, max-age=3600",
        ]
        let known = request.headers[.ifNoneMatch]?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        if let known, known.contains(tag) || known.contains("*") {
            return Response(status: .notModified, headers: headers)
        }
        guard let range = try range(request, tag) else {
            let body = try await FileIO().loadFile(path: path, context: visit)
            return Response(status: .ok, headers: headers, body: body)
        }
        headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound)/\(sizeBytes)"
        let body = try await FileIO().loadFile(path: path, range: range, context: visit)
        return Response(status: .partialContent, headers: headers, body: body)
    }

    /// One range of bytes; several at once, and other units, are answered with the whole.
    ///
    /// - Source: RFC 9110, §14.
    private func range(_ request: Request, _ tag: String) throws -> ClosedRange<Int>? {
        guard let text = request.headers[.range], text.hasPrefix("bytes="), !text.contains(",") else { return nil }
        if let condition = request.headers[.ifRange], condition != tag { return nil }
        let ends = text.dropFirst("bytes=".count).split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count == 2 else { return nil }
        let (first, last) = (Int(ends[0]), Int(ends[1]))
        // One that ends before it begins means nothing, and is as good as none.
        if let first, let last, last < first { return nil }
        let range: (Int, Int)
        switch (first, last) {
        case (let first?, let last?): range = (first, min(last, sizeBytes - 1))
        case (let first?, nil) where ends[1].isEmpty: range = (first, sizeBytes - 1)
        case (nil, let count?) where ends[0].isEmpty: range = (max(0, sizeBytes - count), sizeBytes - 1)
        default: return nil
        }
        guard range.0 >= 0, range.0 <= range.1, range.0 < sizeBytes else { throw Malformed.range(sizeBytes: sizeBytes) }
        return range.0...range.1
    }
}
