import Foundation
import FoundationNetworking

/// One file of a server, received over as many connections as it takes.
struct FileDownload {
    let url: URL
    /// Whose redirects are followed.
    let server: ServerAddress
    let file: ExpectedFile
    /// Where it comes to lie.
    let path: String
    let options: PullOptions

    /// - Throws: `CatalogError`; what was received stays as `NAME.part`, unless it is wrong.
    func run() throws(CatalogError) {
        let part = try PartFile(file, path: path, options: options)
        let tag = path + ".part.etag"
        var hasTag: Bool { FileManager.default.fileExists(atPath: tag) }
        if hasTag { try part.takeUp() }
        for connection in 1... {
            if part.isWhole { break }
            // Without a tag nobody can say whether the server still has the same file.
            if !hasTag { try part.startOver() }
            let before = part.count
            do throws(CatalogError) {
                try Transfer(part: part, tagPath: tag, server: server, options: options).run(url)
                break
            } catch {
                switch error {
                case .interrupted, .stalled:
                    guard part.count != before, connection < options.connectionsMax else { throw error }
                case .tooLarge, .wrongSize:
                    try part.discard()
                    try remove(tag)
                    throw error
                default: throw error
                }
            }
        }
        try options.beforeDiskStep(tag)
        try remove(tag)
        try part.finish()
    }
}

/// One connection: a request, its redirects and the bytes of the answer.
///
/// Unchecked: the caller's thread sleeps while the session's serial queue works on the state, and reads it afterwards.
private final class Transfer: NSObject, URLSessionDataDelegate, @unchecked Sendable {
    private let part: PartFile
    private let tagPath: String
    private let server: ServerAddress
    private let options: PullOptions
    private let done = DispatchSemaphore(value: 0)
    private var failure: CatalogError?
    /// Whether the answer was one whose bytes count.
    private var hasBegun = false

    init(part: PartFile, tagPath: String, server: ServerAddress, options: PullOptions) {
        self.part = part
        self.tagPath = tagPath
        self.server = server
        self.options = options
    }

    func run(_ url: URL) throws(CatalogError) {
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = TimeInterval(options.stallSecondsMax)
        configuration.timeoutIntervalForResource = TimeInterval(options.transferSecondsMax)
        configuration.httpCookieStorage = nil
        // A cache would hold the whole file in memory.
        configuration.urlCache = nil
        let queue = OperationQueue()
        queue.maxConcurrentOperationCount = 1
        let session = URLSession(configuration: configuration, delegate: self, delegateQueue: queue)
        defer { session.invalidateAndCancel() }
        var request = URLRequest(url: url)
        request.setValue("identity", forHTTPHeaderField: "Accept-Encoding")
        if part.count > 0 {
            do {
                request.setValue(try String(contentsOfFile: tagPath, encoding: .utf8), forHTTPHeaderField: "If-Range")
            } catch { throw .disk(path: tagPath, reason: error.localizedDescription) }
            request.setValue("bytes=\(part.count)-", forHTTPHeaderField: "Range")
        }
        session.dataTask(with: request).resume()
        done.wait()
        if let failure { throw failure }
    }

    func urlSession(
        _: URLSession, task: URLSessionTask, willPerformHTTPRedirection _: HTTPURLResponse,
        newRequest request: URLRequest, completionHandler: @escaping (URLRequest?) -> Void
    ) {
        guard let target = request.url, server.allowsRedirect(to: target) else {
            let target = request.url
            failure = .redirectRefused(
                file: part.file.name, scheme: target?.scheme ?? "nothing", host: target?.host ?? "nowhere")
            completionHandler(nil)
            task.cancel()
            return
        }
        completionHandler(request)
    }

    func urlSession(
        _: URLSession, dataTask task: URLSessionDataTask, didReceive response: URLResponse,
        completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
    ) {
        // A refused redirect comes here as an answer.
        if failure == nil { attempt(task) { () throws(CatalogError) in try self.begin(response) } }
        completionHandler(failure == nil ? .allow : .cancel)
    }

    func urlSession(_: URLSession, dataTask task: URLSessionDataTask, didReceive data: Data) {
        guard failure == nil else { return }
        attempt(task) { () throws(CatalogError) in try self.part.append(data) }
    }

    func urlSession(_: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
        if failure == nil {
            if let error {
                failure = fact(of: error as NSError, host: task.currentRequest?.url?.host ?? "the server")
            } else if let size = part.sizeBytes, part.count < size {
                failure = interrupted()
            }
        }
        done.signal()
    }

    private func attempt(_ task: URLSessionTask, _ step: () throws(CatalogError) -> Void) {
        do throws(CatalogError) { try step() } catch {
            failure = error
            task.cancel()
        }
    }

    /// Looks at status, tag and length before the first byte is written.
    private func begin(_ response: URLResponse) throws(CatalogError) {
        let host = response.url?.host ?? "the server"
        guard let answer = response as? HTTPURLResponse else {
            throw .unreachable(host: host, reason: "it speaks no HTTP")
        }
        let tag = answer.value(forHTTPHeaderField: "ETag")
        switch answer.statusCode {
        case 206:
            let range = answer.value(forHTTPHeaderField: "Content-Range") ?? ""
            let total = range.split(separator: "/").last.flatMap { Int($0) } ?? 0
            let known: String
            do { known = try String(contentsOfFile: tagPath, encoding: .utf8) } catch {
                throw .disk(path: tagPath, reason: error.localizedDescription)
            }
            guard tag == known, range == "bytes \(part.count)-\(total - 1)/\(total)",
                total == part.sizeBytes ?? total, part.file.sizes.contains(total)
            else { throw try otherFile() }
            try part.announce(total)
        case 416 where part.count > 0: throw try otherFile()
        case 200:
            try part.startOver()
            let length = answer.expectedContentLength
            if length >= 0 { try part.announce(Int(length)) }
            try options.beforeDiskStep(tagPath)
            if let tag, !tag.hasPrefix("W/") {
                do { try tag.write(toFile: tagPath, atomically: true, encoding: .utf8) } catch {
                    throw .disk(path: tagPath, reason: error.localizedDescription)
                }
            } else {
                try remove(tagPath)
            }
        case let status: throw .httpStatus(file: part.file.name, host: host, status: status)
        }
        hasBegun = true
    }

    /// The rest the server has is that of another file: the start is thrown away, the next connection begins anew.
    private func otherFile() throws(CatalogError) -> CatalogError {
        try part.startOver()
        try remove(tagPath)
        return interrupted()
    }

    private func interrupted() -> CatalogError {
        .interrupted(file: part.file.name, received: part.count, expected: part.sizeBytes)
    }

    private func fact(of error: NSError, host: String) -> CatalogError {
        if error.code == NSURLErrorTimedOut { return .stalled(host: host, seconds: options.stallSecondsMax) }
        return hasBegun
            ? interrupted()
            : .unreachable(host: host, reason: error.localizedDescription)
    }
}
