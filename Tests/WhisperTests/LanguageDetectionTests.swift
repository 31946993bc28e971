import Inference
import Testing
import Whisper

struct LanguageVoteTests {
    private func probabilities(_ favourite: Int, _ probability: Double) -> [Double] {
        (0..<99).map { $0 == favourite ? probability : (1 - probability) / 98 }
    }

    @Test func `a window that is sure decides alone`() throws {
        var vote = LanguageVote()
        let heard = vote.add(probabilities(3, 0.51))
        let decision = try #require(heard)
        #expect(decision.language == 3 && decision.probability == 0.51)
    }

    @Test func `a window that is just not sure asks the next`() {
        var vote = LanguageVote()
        let heard = vote.add(probabilities(3, LanguageVote.probabilitySure))
        #expect(heard == nil)
    }

    @Test func `three unsure windows decide by their mean`() throws {
        var vote = LanguageVote()
        for (language, probability) in [(3, 0.4), (5, 0.45)] {
            let undecided = vote.add(probabilities(language, probability))
            #expect(undecided == nil)
        }
        let heard = vote.add(probabilities(3, 0.3))
        let decision = try #require(heard)
        #expect(decision.language == 3)
        #expect(abs(decision.probability - (0.7 + 0.55 / 98) / 3) < 1e-9)
    }

    @Test func `a recording with fewer windows is decided by those it has`() {
        var vote = LanguageVote()
        #expect(vote.decide() == nil)
        _ = vote.add(probabilities(7, 0.4))
        #expect(vote.decide()?.language == 7)
    }
}

extension WithWeights {
    struct LanguageDetectionTests {
        struct Languages: Decodable {
            /// The five likeliest of a clip with their probabilities.
            let languages: [String: [Pair]]

            struct Pair: Decodable {
                let code: String
                let probability: Double

                init(from decoder: any Decoder) throws {
                    var pair = try decoder.unkeyedContainer()
                    code = try pair.decode(String.self)
                    probability = try pair.decode(Double.self)
                }
            }
        }

        @Test func `float32 hears the languages with the reference's probabilities, within 0.002`() throws {
            let golden: Languages = try Golden.read("transcripts.base")
            let ear = try WindowEar(.base, .float32)
            let ids = ["de", "es", "fr", "hi", "it", "ja", "pl", "pt", "zh"].map { $0 + "/pangrama" }
            var checked = 0
            for id in ids {
                guard let expected = golden.languages[id] else { continue }
                // The reference sees a frame more, of the zeros it appends.
                let heard = try ear.languages(ear.window(sample(id) + silence(0.01)))
                for pair in expected {
                    let index = try #require(WhisperLanguage.codes.firstIndex(of: pair.code))
                    #expect(abs(heard[index] - pair.probability) < 0.002, "\(id): \(pair.code)")
                }
                #expect(abs(heard.reduce(0, +) - 1) < 1e-4)
                checked += 1
            }
            #expect(checked >= 8)
        }

        @Test func `int8 hears the language the reference is sure of`() throws {
            let golden: Languages = try Golden.read("transcripts.base")
            let ear = try WindowEar(.base, .int8)
            for (id, expected) in golden.languages where expected[0].probability > 0.6 && !id.hasPrefix("voice") {
                let heard = try ear.languages(ear.window(sample(id)))
                let best = try #require(heard.indices.max { heard[$0] < heard[$1] })
                #expect(WhisperLanguage.codes[best] == expected[0].code, "\(id)")
            }
        }
    }
}
