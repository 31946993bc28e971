import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The document of the interface, and a page that shows it.
struct Documentation {
    /// The OpenAPI document.
    static let document = ByteBuffer(bytes: PackageResources.openapi_json)

    private static let page = ByteBuffer(bytes: PackageResources.docs_html)

    /// The page may run its own script and style and nothing else; their hashes say which.
    private static let policy: String = {
        let text = String(buffer: page)
        let script = hash(of: text, between: "<script>", "</script>")
        let style = hash(of: text, between: "<style>", "</style>")
        return "default-src 'none'; script-src '\(script)'; style-src '\(style)'; connect-src 'self'; "
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    }()

    func add(to router: some RouterMethods<Visit>) {
        router.get("openapi.json") { _, _ in
            Response(
                status: .ok, headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "no-cache"],
                body: .init(byteBuffer: Documentation.document))
        }
        router.get("docs") { _, _ in
            Response(
                status: .ok,
                headers: [
                    .contentType: "text/html; charset=utf-8", .contentSecurityPolicy: Documentation.policy,
                    .cacheControl: "no-cache",
                ], body: .init(byteBuffer: Documentation.page))
        }
    }

    private static func hash(of text: String, between start: String, _ end: String) -> String {
        guard let from = text.firstRange(of: start)?.upperBound, let to = text[from...].firstRange(of: end)?.lowerBound
        else { preconditionFailure("docs.html has no \(start)") }
        return "sha256-" + Data(SHA256.hash(data: Data(text[from..<to].utf8))).base64EncodedString()
    }
}
