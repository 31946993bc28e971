import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Takes the key out of the body, where LibreTranslate's clients put it (`api_key`), and hands it on as a header.
///
/// Who asks is not known yet: nothing is read while no key is needed, and nothing but the key is decoded.
struct KeyField: RouterMiddleware {
    private static let routes: Set<String> = ["/translate", "/detect"]
    let keyring: Keyring
    let settings: APISettings

    func handle(
        _ request: Request, context: Visit, next: (Request, Visit) async throws -> Response
    ) async throws -> Response {
        guard KeyField.routes.contains(routedPath(request.uri.path)), Access.secret(request) == nil,
            try await !keyring.isOpen()
        else { return try await next(request, context) }
        var request = request
        let bytes = try await request.wholeBody(
            bytesMax: settings.textBytesMax, secondsMax: settings.bodySecondsMax)
        request.body = .init(buffer: bytes)
        let type = request.headers[.contentType]
        // What is wrong with the body the route tells.
        guard let key = try await Fields.computed(bytes, { KeyField.key(in: bytes, type: type) }) else {
            return try await next(request, context)
        }
        var head = request.head
        head.headerFields[.apiKey] = key
        return try await next(Request(head: head, body: request.body), context)
    }

    private struct Keyed: Decodable {
        let key: String?

        enum CodingKeys: String, CodingKey { case key = "api_key" }
    }

    /// Nil where there is none, and where the body is of no type that has one.
    private static func key(in bytes: ByteBuffer, type: String?) -> String? {
        switch Fields.kind(type) {
        case nil, "application/json":
            return (try? JSONDecoder().decode(Keyed.self, from: Data(bytes.readableBytesView)))?.key
        case "application/x-www-form-urlencoded":
            var found: String?
            Fields.eachPair(of: String(buffer: bytes)) { name, value in
                if found == nil, name == "api_key", !value.isEmpty { found = Fields.decoded(value) }
            }
            return found
        default: return nil
        }
    }
}
