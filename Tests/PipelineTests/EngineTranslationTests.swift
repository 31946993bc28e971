import Catalog
import Foundation
import Inference
import Pipeline
import TestSupport
import Testing
import TextTranslation
import Transcript

extension EngineTests {
    struct EngineTranslationTests {
        private static let texts = [
            "Good morning.\n\nThe house is big.  The dog is small.\n- 42\n",
            "It was the best of times, it was the worst of times, it was the age of wisdom.",
            "Please look at someone@example.org before you go home. The weather is nice today.",
            "When the train arrived, nobody was waiting at the station, and the lights were off. Good morning.",
            "She bought three books and a lamp for her brother. No.", "", "42 …",
        ]

        private func translator() throws -> TextTranslator {
            TextTranslator(models: try EngineTests.cache(), threads: ComputeThreads(2))
        }

        /// Sentences that are all different.
        private func sentences(_ count: Int, _ name: String) -> [String] {
            (0..<count).map { "The \(name) number \($0) was sold to the old man in the village." }
        }

        /// What is kept between engines.
        private func keeping(_ kept: Locked<[[UInt8]: [UInt8]]>, _ count: Locked<Int>) -> TranslationKeeping {
            TranslationKeeping { keys in
                let all = kept.value
                return Dictionary(uniqueKeysWithValues: keys.compactMap { key in all[key].map { (key, $0) } })
            } keep: { entries in
                kept.change { kept in for entry in entries { kept[entry.key] = entry.value } }
                count.change { $0 += entries.count }
            }
        }

        @Test func `twenty calls at once give what the command gives, each sentence translated once`() async throws {
            let (kept, count) = (Locked<[[UInt8]: [UInt8]]>([:]), Locked(0))
            let engines = Engines(models: try EngineTests.cache(), keeping: keeping(kept, count))
            let texts = Self.texts
            let found = try await withThrowingTaskGroup(of: [TextTranslation].self) { group in
                for index in 0..<20 {
                    group.addTask {
                        let own = (0..<3).map { texts[(index + $0) % texts.count] }
                        return try await engines.translation.translate(
                            texts: own + texts, from: .english, to: .portuguese)
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let expected = try #require(translator().translate(texts, from: .english, to: [.portuguese])[.portuguese])
            for all in found { #expect(Array(all.suffix(texts.count)) == expected) }
            let different = Set(expected.flatMap(\.sentences).map(\.source)).count
            #expect(await EngineTests.wait { kept.value.count == different })
            #expect(count.value == different)
            let command = try ProgramRun(
                ProgramRun.voicelinguaPath(), ["translate", texts[3], "--from", "en", "--to", "pt"])
            #expect(command.output == expected[3].text + "\n")
        }

        @Test func `sentences of others' making come back one for one`() async throws {
            let engines = Engines(models: try EngineTests.cache())
            let sentences = ["A casa é grande. Bom dia.", "", "42", "O tempo está bom hoje."]
            let found = try await engines.translation.translate(sentences: sentences, from: .portuguese, to: .english)
            let expected = try translator().translate(sentences: sentences, from: .portuguese, to: [.english])
            #expect(found == expected[.english])
        }

        @Test func `what was translated before is not again, by this engine or another that keeps with it`()
            async throws
        {
            let (kept, count) = (Locked<[[UInt8]: [UInt8]]>([:]), Locked(0))
            let loads = Locked<[String]>([])
            let engines = Engines(models: try EngineTests.cache(), keeping: keeping(kept, count))
            let first = try await engines.translation.translate(texts: Self.texts, from: .english, to: .portuguese)
            let before = engines.translation.cacheFigures
            #expect(
                try await engines.translation.translate(texts: Self.texts, from: .english, to: .portuguese) == first)
            let after = engines.translation.cacheFigures
            #expect(after.misses == before.misses && after.hits > before.hits)
            #expect(await EngineTests.wait { count.value == kept.value.count && count.value > 5 })
            let other = Engines(
                models: try EngineTests.cache(), keeping: keeping(kept, count),
                loads: { name, _ in loads.change { $0.append(name) } })
            #expect(try await other.translation.translate(texts: Self.texts, from: .english, to: .portuguese) == first)
            #expect(loads.value.isEmpty)
        }

        @Test func `a short text does not wait for the end of a long one, which its caller may drop`() async throws {
            let engines = Engines(models: try EngineTests.cache())
            try await engines.preload(["en-pt"])
            let long = sentences(20_000, "horse")
            let isDone = Locked(false)
            let task = Task {
                defer { isDone.change { $0 = true } }
                return try await engines.translation.translate(sentences: long, from: .english, to: .portuguese)
            }
            #expect(await EngineTests.wait { engines.translation.cacheFigures.sizeBytes > 100_000 })
            let start = ContinuousClock.now
            let short = try await engines.translation.translate(
                texts: ["The cat sleeps. The dog does not. Why?"], from: .english, to: .portuguese)
            print("three sentences beside twenty thousand: \(ContinuousClock.now - start)")
            #expect(short[0].sentences.count == 3 && !isDone.value)
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(ContinuousClock.now - start < .seconds(10))
        }

        @Test func `a pair without models is the command's error`() async throws {
            let engines = Engines(models: try EngineTests.cache())
            await #expect(throws: CatalogError.noRoute(from: .japanese, to: [.korean], models: ["ja-en", "en-ko"])) {
                try await engines.translation.translate(texts: ["x"], from: .japanese, to: .korean)
            }
        }
    }
}
