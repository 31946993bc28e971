import API
import HTTPTypes
import HummingbirdTesting
import Store
import Testing

struct TranslationShapesTests {
    private func translate(
        _ uri: String, _ body: String, type: String = "application/json"
    ) async throws -> (response: TestResponse, house: House) {
        let house = try await House()
        try await house.employ()
        let worker = TestWorker(storage: house.storage).workOn()
        defer { worker.cancel() }
        return (try await house.ask(.post, uri, headers: [.contentType: type], json: body), house)
    }

    @Test func `texts in DeepL's shape come back in their order`() async throws {
        let (response, house) = try await translate(
            "/v2/translate", "{\"text\": [\"One.\", \"Two.\", \" \"], \"target_lang\": \"FR\"}")
        let done = try #require(try response.json()["translations"] as? [[String: Any]], "\(response.text)")
        #expect(done.map { $0["text"] as? String } == ["fr: One.", "fr: Two.", " "])
        #expect(done[0]["detected_source_language"] as? String == "EN")
        #expect(try await house.storage.tasks.list(.init(), before: nil, limit: 1).isEmpty)
    }

    @Test func `a form in DeepL's shape is understood`() async throws {
        let response = try await translate(
            "/v2/translate", "text=One+%26+two.&text=Three.&target_lang=DE&source_lang=EN",
            type: "application/x-www-form-urlencoded"
        ).response
        let done = try #require(try response.json()["translations"] as? [[String: Any]], "\(response.text)")
        #expect(done.map { $0["text"] as? String } == ["de: One & two.", "de: Three."])
    }

    @Test(arguments: [
        ("{\"text\": [\"a\"]}", 400), ("{\"target_lang\": \"FR\"}", 400),
        ("{\"text\": [\"a\"], \"target_lang\": \"XX\"}", 400),
        ("{\"text\": [\"a\"], \"target_lang\": \"KO\", \"source_lang\": \"EN\"}", 400),
        ("{\"text\": [\"a\"], \"target_lang\": \"FR\", \"glossary_id\": \"1\"}", 400),
    ])
    func `errors in DeepL's shape have a message`(body: String, status: Int) async throws {
        let response = try await translate("/v2/translate", body).response
        #expect(try response.status.code == status && (try response.json()["message"]) is String)
    }

    @Test func `a call in DeepL's shape has so many texts, so many bytes, and no more`() async throws {
        func body(_ count: Int) -> String {
            let texts = Array(repeating: "\"\"", count: count).joined(separator: ",")
            return "{\"text\": [\(texts)], \"target_lang\": \"FR\"}"
        }
        #expect(try await translate("/v2/translate", body(RequestLimits.textsMax)).response.status == .ok)
        #expect(try await translate("/v2/translate", body(RequestLimits.textsMax + 1)).response.status == .badRequest)
        let blank = "{\"text\": \" \", \"target_lang\": \"FR\"}"
        let padding = String(repeating: " ", count: RequestLimits.deepLBytesMax - blank.utf8.count)
        #expect(try await translate("/v2/translate", blank + padding).response.status == .ok)
        #expect(try await translate("/v2/translate", blank + padding + " ").response.status == .contentTooLarge)
    }

    @Test func `LibreTranslate's shape gives a string for a string and a list for a list`() async throws {
        let one = try await translate("/translate", "{\"q\": \"Hello.\", \"source\": \"en\", \"target\": \"fr\"}")
            .response
        #expect(try one.json()["translatedText"] as? String == "fr: Hello.", "\(one.text)")
        let many = try await translate(
            "/translate", "{\"q\": [\"Good morning, how are you today?\"], \"source\": \"auto\", \"target\": \"fr\"}"
        ).response.json()
        #expect(many["translatedText"] as? [String] == ["fr: Good morning, how are you today?"])
        #expect((many["detectedLanguage"] as? [[String: Any]])?.first?["language"] as? String == "en")
        let bad = try await translate(
            "/translate", "{\"q\": \"a\", \"source\": \"en\", \"target\": \"fr\", \"format\": \"html\"}")
        #expect(try bad.response.status == .badRequest && (try bad.response.json()["error"]) is String)
    }

    @Test func `a language is told`() async throws {
        let response = try await translate("/detect", "{\"q\": \"Der Zug nach München fährt heute nicht.\"}").response
        #expect(response.text.contains("\"language\":\"de\""))
        #expect(try await House().ask(.get, "/languages").text.contains("\"code\":\"ja\""))
    }
}
