import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Takes the key out of the body, where LibreTranslate's clients put it (`api_key`), and hands it on as a header.
struct KeyField: RouterMiddleware {
    private static let routes: Set<String> = ["/translate", "/detect"]
    let settings: APISettings

    func handle(
        _ request: Request, context: Visit, next: (Request, Visit) async throws -> Response
    ) async throws -> Response {
        guard KeyField.routes.contains(request.uri.path), Access.secret(request) == nil else {
            return try await next(request, context)
        }
        var request = request
        let bytes = try await request.collectBody(upTo: settings.textBytesMax)
        guard let key = try? Fields(bytes, type: request.headers[.contentType]).text("api_key") else {
            // What is wrong with the body the route tells.
            return try await next(request, context)
        }
        var head = request.head
        head.headerFields[.apiKey] = key
        return try await next(Request(head: head, body: request.body), context)
    }
}
