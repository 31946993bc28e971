import API
import HTTPTypes
import HummingbirdTesting
import Store
import Testing
import Transcript

struct TranslationRoutesTests {
    @Test func `a translation is found by its number, the newest first`() async throws {
        let house = try await House()
        for text in ["Old.", "New."] {
            _ = try await house.submit(text, "\"languages\": [\"fr\"], \"text_number\": \"12\"")
            try await TestWorker(storage: house.storage).work()
        }
        // Handed in and not completed: not to be had yet.
        _ = try await house.submit("Coming.", "\"languages\": [\"fr\"], \"text_number\": \"12\"")
        let found = try await house.ask(.get, "/api/v1/translations/fr/12/TEXT").json()
        #expect(found["text"] as? String == "fr: New." && found["text_number"] as? String == "12")
        #expect((found["sentences"] as? [[String: Any]])?.first?["source"] as? String == "New.")
        let missing = try await house.ask(.get, "/api/v1/translations/fr/12/AUDIO")
        #expect(try missing.status == .notFound && (try missing.code()) == "translation_not_found")
        for bad in ["xx/12/TEXT", "fr/1%2F2/TEXT", "fr/12/BOTH"] {
            #expect(try await house.ask(.get, "/api/v1/translations/" + bad).code() == "parameter_invalid")
        }
    }

    @Test func `each query of a batch has its own answer`() async throws {
        let house = try await House()
        _ = try await house.submit("Hi.", "\"languages\": [\"fr\", \"zh-Hant\"], \"text_number\": \"1\"")
        try await TestWorker(storage: house.storage).work()
        let response = try await house.ask(
            .post, "/api/v1/translations/batch",
            json: """
                {"queries": [{"language": "fr", "text_number": "1", "source": "TEXT"},
                {"language": "xx", "text_number": "1", "source": "TEXT"},
                {"language": "zh-tw", "text_number": "1", "source": "text"},
                {"language": "fr", "text_number": "2", "source": "TEXT"}]}
                """)
        let results = try #require(try response.json()["results"] as? [[String: Any]])
        #expect(
            results.map { ($0["translation"] as? [String: Any])?["text"] as? String } == [
                "fr: Hi.", nil, "zh-tw: Hi.", nil,
            ])
        #expect(
            results.map { ($0["error"] as? [String: String])?["code"] }
                == [nil, "parameter_invalid", nil, "translation_not_found"])
    }

    @Test func `a query that is none has its error in its place`() async throws {
        let house = try await House()
        _ = try await house.submit("Hi.", "\"languages\": [\"fr\"], \"text_number\": 12")
        try await TestWorker(storage: house.storage).work()
        let response = try await house.ask(
            .post, "/api/v1/translations/batch",
            json: """
                {"queries": [5, {"language": "fr", "text_number": 12, "source": "TEXT"}, {"language": "fr"},
                {"language": ["fr"], "text_number": "12", "source": "TEXT"}, null,
                {"language": "fr", "text_number": 1.5, "source": "TEXT"}]}
                """)
        let results = try #require(try response.json()["results"] as? [[String: Any]], "\(response.text)")
        #expect(
            results.map { ($0["error"] as? [String: String])?["code"] } == [
                "field_invalid", nil, "field_missing", "field_invalid", "field_invalid", "field_invalid",
            ])
        #expect((results[1]["translation"] as? [String: Any])?["text"] as? String == "fr: Hi.")
        #expect(results[1]["text_number"] as? String == "12")
        #expect(results[3]["language"] == nil && results[3]["text_number"] as? String == "12")
    }

    @Test(arguments: [
        ("[]", "bad_json"), ("{}", "field_missing"), ("{\"queries\": {}}", "field_invalid"),
        ("{\"queries\": \"fr\"}", "field_invalid"), ("{\"queries\": null}", "field_missing"),
    ])
    func `a batch that is no list of queries is refused whole`(body: String, code: String) async throws {
        #expect(try await House().ask(.post, "/api/v1/translations/batch", json: body).code() == code)
    }

    @Test func `a batch has so many queries and no more`() async throws {
        let house = try await House()
        for (count, status) in [(RequestLimits.batchMax, 200), (RequestLimits.batchMax + 1, 422)] {
            let query = "{\"language\": \"fr\", \"text_number\": \"1\", \"source\": \"TEXT\"}"
            let queries = Array(repeating: query, count: count).joined(separator: ",")
            let response = try await house.ask(
                .post, "/api/v1/translations/batch", json: "{\"queries\": [\(queries)]}")
            #expect(response.status.code == status)
        }
    }

    @Test func `the engines tell what they can do`() async throws {
        let house = try await House()
        #expect(
            try await house.ask(.get, "/api/v1/translation/engine/status").json()["status"] as? String == "no_workers")
        let other = try await House()
        try await other.employ()
        let status = try await other.ask(.get, "/api/v1/translation/engine/status").json()
        #expect(status["status"] as? String == "ready" && (status["workers"] as? [Any])?.count == 1)
        let languages = try await other.ask(.get, "/api/v1/translation/engine/languages").json()
        let english = (languages["languages"] as? [[String: Any]])?.first { $0["code"] as? String == "en" }
        #expect(english?["targets"] as? [String] == ["fr", "de"])
        let models = try await other.ask(.get, "/api/v1/translation/engine/models").json()
        #expect((models["speech"] as? [[String: Any]])?.first?["name"] as? String == "base")
    }
}
