import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Metrics
import NIOCore
import Store

/// The outermost layer: names the request, turns errors into answers of the right shape, sets the headers every answer has,
/// counts and logs. What people said, file names and keys are in no log.
struct Answers: RouterMiddleware {
    let metrics: PrometheusMetrics
    let routes: KnownRoutes

    func handle(
        _ request: Request, context: Visit, next: (Request, Visit) async throws -> Response
    ) async throws -> Response {
        let started = ContinuousClock.now
        var visit = context
        visit.requestID = Answers.requestID(request.headers[.requestID])
        visit.traceID = Answers.traceID(request.headers[.traceParent])
        visit.logger[metadataKey: "request"] = "\(visit.requestID)"
        if let traceID = visit.traceID { visit.logger[metadataKey: "trace"] = "\(traceID)" }
        var response: Response
        do { response = try await next(request, visit) } catch {
            let last = error as? LastOfConnection
            let error = last?.reason ?? error
            // Its caller is gone.
            if error is CancellationError { throw error }
            let problem = Problem(routes.judge(error, request))
            if problem.status.code >= 500 { visit.logger.error("request failed", metadata: ["error": "\(error)"]) }
            response = ErrorShape(path: request.uri.path)
                .response(problem, path: request.uri.path, requestID: visit.requestID)
            if last != nil { response.headers[.connection] = "close" }
            if problem.status == .requestTimeout {
                // The rest of a body that comes too slowly would be waited for before the connection is used again.
                response.headers[.connection] = "close"
                visit.channel.close(mode: .input, promise: nil)
            }
        }
        if request.method == .head { response = response.createHeadResponse() }
        setHeaders(&response, visit, request)
        count(request, context, response, started)
        return response
    }

    private func setHeaders(_ response: inout Response, _ visit: Visit, _ request: Request) {
        response.headers[.requestID] = visit.requestID
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.referrerPolicy] = "no-referrer"
        response.headers[.frameOptions] = "DENY"
        if response.headers[.contentSecurityPolicy] == nil {
            response.headers[.contentSecurityPolicy] = "default-src 'none'; frame-ancestors 'none'"
        }
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
    }

    private func count(_ request: Request, _ context: Visit, _ response: Response, _ started: ContinuousClock.Instant) {
        // Of the routes there are, so that strangers cannot make series without end.
        let route = context.endpointPath.map { $0 == "NotFound" ? "none" : $0 } ?? "none"
        let labels = [("method", routes.method(request.method)), ("route", route)]
        let seconds = (ContinuousClock.now - started) / .seconds(1)
        metrics.add("voicelingua_http_requests_total", labels + [("status", String(response.status.code))], 1)
        metrics.observe("voicelingua_http_request_duration_seconds", labels, seconds)
        context.logger.debug(
            "answered",
            metadata: [
                "method": "\(request.method)", "route": "\(route)", "status": "\(response.status.code)",
                "ms": "\(Int(seconds * 1_000))",
            ])
    }

    /// The caller's where it is short and plain, else a new one.
    static func requestID(_ asked: String?) -> String {
        guard let asked, (1...128).contains(asked.count),
            asked.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) })
        else { return UUID().uuidString.lowercased() }
        return asked
    }

    /// The trace id of `version-trace-parent-flags`.
    ///
    /// - Source: W3C Trace Context, §3.2.
    static func traceID(_ parent: String?) -> String? {
        let parts = (parent ?? "").split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, parts[0].count == 2, parts[0] != "ff", parts[1].count == 32, parts[2].count == 16,
            parts[1].contains(where: { $0 != "0" }),
            parts[1].allSatisfy({ $0.isHexDigit && !$0.isUppercase })
        else { return nil }
        return String(parts[1])
    }
}

extension HTTPField.Name {
    static let contentSecurityPolicy = HTTPField.Name("Content-Security-Policy")!
    static let xContentTypeOptions = HTTPField.Name("X-Content-Type-Options")!
}

/// Which paths take which methods, to tell a wrong method from a wrong path.
struct KnownRoutes: Sendable {
    private struct Route {
        let parts: [Substring]
        let method: HTTPRequest.Method
        /// Of each part, whether it takes any text.
        let captures: [Bool]

        func fits(_ path: [Substring]) -> Bool {
            path.count == parts.count && zip(zip(parts, captures), path).allSatisfy { $0.1 || $0.0 == $1 }
        }
    }

    private let routes: [Route]

    init(_ routes: [(path: String, method: HTTPRequest.Method)]) {
        self.routes = routes.map { path, method in
            let parts = path[...].split(separator: "/")
            return Route(parts: parts, method: method, captures: parts.map { $0.hasPrefix("{") || $0.hasPrefix(":") })
        }
    }

    /// What the router calls not found may be a method that does not go there.
    func judge(_ error: any Error, _ request: Request) -> any Error {
        guard let found = error as? HTTPError, found.status == .notFound else { return error }
        let path = request.uri.path.split(separator: "/")
        let fitting = routes.filter { $0.fits(path) }
        // As the router has it: from left to right, what is written out goes before what takes any text.
        let nearest = fitting.min { $0.captures.lexicographicallyPrecedes($1.captures) { !$0 && $1 } }
        guard let nearest else { return Absent.route(path: request.uri.path) }
        var allowed = Set(fitting.filter { $0.parts == nearest.parts }.map(\.method))
        if allowed.contains(.get) { allowed.insert(.head) }
        return Absent.method(request.method.rawValue, allowed: allowed.map(\.rawValue).sorted())
    }

    func method(_ method: HTTPRequest.Method) -> String {
        [.get, .post, .delete, .head].contains(method) ? method.rawValue : "other"
    }
}
