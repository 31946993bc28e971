import Foundation
import FoundationNetworking

/// One file of a hub repository, received over as many connections as it takes.
struct HubDownload {
    let repository: HubRepository
    let file: ModelFile
    let folder: String
    let options: PullOptions

    /// - Throws: `CatalogError`; what was received stays as `NAME.part`, unless it is wrong.
    func run() throws(CatalogError) {
        let path = folder + "/" + file.name
        let part = try PartFile(file, path: path, options: options)
        let tag = path + ".part.etag"
        var hasTag: Bool { FileManager.default.fileExists(atPath: tag) }
        if hasTag { try part.takeUp() }
        for connection in 1... {
            if part.count == file.sizeBytes, part.count > 0 { break }
            // Without a tag nobody can say whether the server still has the same file.
            if !hasTag { try part.startOver() }
            let before = part.count
            do throws(CatalogError) {
                try HubTransfer(part: part, tagPath: tag, options: options).run(
                    options.hub.url(of: file.name, in: repository))
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
private final class HubTransfer: NSObject, URLSessionDataDelegate, @unchecked Sendable {
    private let part: PartFile
    private let tagPath: String
    private let options: PullOptions
    private let done = DispatchSemaphore(value: 0)
    private var failure: CatalogError?
    /// Whether the answer was one whose bytes count.
    private var hasBegun = false

    init(part: PartFile, tagPath: String, options: PullOptions) {
        self.part = part
        self.tagPath = tagPath
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
        guard let target = request.url, options.hub.allowsRedirect(to: target) else {
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
            let (count, size) = (part.count, part.file.sizeBytes)
            if let error {
                failure = fact(of: error as NSError, host: task.currentRequest?.url?.host ?? "the hub")
            } else if count < size {
                failure = .interrupted(file: part.file.name, received: count, expected: size)
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
        let file = part.file
        let host = response.url?.host ?? "the hub"
        guard let answer = response as? HTTPURLResponse else {
            throw .unreachable(host: host, reason: "it speaks no HTTP")
        }
        let tag = answer.value(forHTTPHeaderField: "ETag")
        switch answer.statusCode {
        case 206:
            let range = answer.value(forHTTPHeaderField: "Content-Range") ?? ""
            let known: String
            do { known = try String(contentsOfFile: tagPath, encoding: .utf8) } catch {
                throw .disk(path: tagPath, reason: error.localizedDescription)
            }
            guard tag == known, range == "bytes \(part.count)-\(file.sizeBytes - 1)/\(file.sizeBytes)" else {
                // The rest of another file: throw the start away, the next connection begins anew.
                try part.startOver()
                try remove(tagPath)
                throw .interrupted(file: file.name, received: 0, expected: file.sizeBytes)
            }
        case 200:
            try part.startOver()
            let length = answer.expectedContentLength
            guard length < 0 || length == file.sizeBytes else {
                throw .wrongSize(file: file.name, expected: file.sizeBytes, found: Int(length))
            }
            try options.beforeDiskStep(tagPath)
            if let tag, !tag.hasPrefix("W/") {
                do { try tag.write(toFile: tagPath, atomically: true, encoding: .utf8) } catch {
                    throw .disk(path: tagPath, reason: error.localizedDescription)
                }
            } else {
                try remove(tagPath)
            }
        case let status: throw .httpStatus(file: file.name, host: host, status: status)
        }
        hasBegun = true
    }

    private func fact(of error: NSError, host: String) -> CatalogError {
        if error.code == NSURLErrorTimedOut { return .stalled(host: host, seconds: options.stallSecondsMax) }
        return hasBegun
            ? .interrupted(file: part.file.name, received: part.count, expected: part.file.sizeBytes)
            : .unreachable(host: host, reason: error.localizedDescription)
    }
}
