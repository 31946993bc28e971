import Foundation
import HTTPTypes
import Hummingbird
import Store

/// Finds out who asks, whether they may, and how often they did lately.
///
/// While no key exists the door is open, for then it stands on loopback, to those who ask for it by a name of loopback and
/// to no page of another place; a limit for each address holds all the same.
struct Authentication: RouterMiddleware {
    let keyring: Keyring
    let settings: APISettings

    func handle(
        _ request: Request, context: Visit, next: (Request, Visit) async throws -> Response
    ) async throws -> Response {
        var visit = context
        guard let scope = Access.scope(method: request.method, path: request.uri.path) else {
            return try await next(request, visit)
        }
        let limit: RateLimit.Answer?
        if try await keyring.isOpen() {
            guard Access.isLocal(request) else { throw Refused.foreign }
            visit.caller = .anybody
            limit = keyring.take("address " + visit.address, perMinute: settings.openRequestsPerMinuteMax)
        } else {
            guard let secret = Access.secret(request) else { throw Refused.keyMissing }
            let key = try await keyring.key(
                secret: secret, address: visit.address, attemptsPerMinuteMax: settings.keyAttemptsPerMinuteMax)
            visit.caller = Caller(key: key)
            visit.logger[metadataKey: "key"] = "\(key.id)"
            limit = key.requestsPerMinute.map { keyring.take("key " + key.id, perMinute: $0) }
        }
        if let limit, !limit.isAllowed { throw Refused.rate(retryAfterSeconds: limit.waitSeconds) }
        guard visit.caller.may(scope) else { throw Refused.scope(scope) }
        var response = try await next(request, visit)
        if let limit, visit.caller.key != nil {
            response.headers[.rateLimit] = String(limit.perMinute)
            response.headers[.rateRemaining] = String(limit.remaining)
            response.headers[.rateReset] = String(limit.waitSeconds)
        }
        return response
    }
}

/// What a route asks of a key, and where a request carries one.
enum Access {
    /// Routes that are open to all: whether it lives, and what it can do.
    private static let open: Set<String> = [
        "/", "/docs", "/openapi.json", "/health", "/health/live", "/health/ready", "/api/v1/health",
        "/api/v1/health/live", "/api/v1/health/ready", "/languages",
    ]
    /// Routes that ask a question with a POST.
    private static let questions: Set<String> = ["/api/v1/translations/batch", "/detect"]

    /// Nil where no key is needed.
    static func scope(method: HTTPRequest.Method, path: String) -> APIKeys.Scope? {
        let path = routedPath(path)
        if open.contains(path) { return nil }
        if method == .get || method == .head || questions.contains(path) { return .read }
        return path.hasPrefix("/api/v1/jobs/") ? .admin : .submit
    }

    /// Whether a request is for loopback, by its name, and of no page that came from elsewhere: a browser asks for any page
    /// it shows, and a name of anybody's may lead to loopback.
    static func isLocal(_ request: Request) -> Bool {
        let origin = request.headers[.origin].map { URL(string: $0)?.host ?? "" }
        let name = request.head.authority.flatMap { $0.isEmpty ? nil : URL(string: "http://\($0)")?.host ?? "" }
        return [origin, name].allSatisfy { $0.map(isLoopback) ?? true }
    }

    private static func isLoopback(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return ["localhost", "::1", "[::1]"].contains(host.lowercased())
            || parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    /// The key in a header of any of the shapes; a field of the body that holds one becomes a header by `KeyField`.
    static func secret(_ request: Request) -> String? {
        if let key = request.headers[.apiKey], !key.isEmpty { return key }
        let parts = (request.headers[.authorization] ?? "").split(separator: " ", maxSplits: 1)
        guard parts.count == 2, ["bearer", "deepl-auth-key"].contains(parts[0].lowercased()) else { return nil }
        return parts[1].trimmingCharacters(in: .whitespaces)
    }
}
