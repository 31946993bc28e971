import API
import Foundation
import HTTPTypes
import HummingbirdTesting
import Testing

struct DocumentationTests {
    private func document() async throws -> (document: [String: Any], house: House) {
        let house = try await House()
        return (try await house.ask(.get, "/openapi.json").json(), house)
    }

    @Test func `the document has the router's routes and no other`() async throws {
        let (document, house) = try await document()
        let paths = try #require(document["paths"] as? [String: [String: Any]])
        let documented = Set(paths.flatMap { path, methods in methods.keys.map { "\($0.uppercased()) \(path)" } })
        let routed = Set(house.api.routes().map { "\($0.method.rawValue) \($0.path)" })
        #expect(documented == routed)
    }

    @Test func `every route declares what any request may be answered`() async throws {
        let (document, house) = try await document()
        let paths = try #require(document["paths"] as? [String: [String: [String: Any]]])
        for (path, methods) in paths {
            for (method, operation) in methods {
                let codes = Set((operation["responses"] as? [String: Any] ?? [:]).keys)
                let isOpen = (operation["security"] as? [Any])?.isEmpty == true
                let due: Set<String> = isOpen ? ["500"] : ["401", "403", "429", "500", "503"]
                #expect(due.isSubset(of: codes), "\(method) \(path) lacks \(due.subtracting(codes))")
                // A wrong id, and an empty body.
                let uri = path.replacing(#/\{[a-z_]+\}/#, with: "x")
                let response = try await house.ask(
                    HTTPRequest.Method(rawValue: method.uppercased())!, uri, json: method == "post" ? "" : nil)
                #expect(codes.contains("\(response.status.code)"), "\(method) \(path): \(response.status)")
            }
        }
    }

    @Test func `every reference in the document leads somewhere`() async throws {
        let house = try await House()
        let text = try await house.ask(.get, "/openapi.json").text
        let schemas = try #require(
            (try await document().document["components"] as? [String: Any])?["schemas"] as? [String: Any])
        for match in text.matches(of: #/"#\/components\/schemas\/(\w+)"/#) {
            #expect(schemas[String(match.1)] != nil, "\(match.1)")
        }
    }

    @Test func `the page needs nobody else, and may do nothing else`() async throws {
        let response = try await House().ask(.get, "/docs")
        let policy = try #require(response.headers[HTTPField.Name("Content-Security-Policy")!])
        #expect(policy.hasPrefix("default-src 'none'; script-src 'sha256-") && !policy.contains("unsafe"))
        #expect(response.text.matches(of: #/(?:src|href)="(?!\/)/#).isEmpty)
        #expect(!response.text.contains("https://") && !response.text.contains("http://"))
        #expect(!response.text.contains("innerHTML"))
    }
}
