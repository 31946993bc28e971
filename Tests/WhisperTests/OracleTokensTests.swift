import Foundation
import Inference
import TestSupport
import Testing
import Transcript
import Whisper

extension WithWeights {
    struct OracleTokensTests {
        /// A recording with what the reference wrote for it.
        struct Clip {
            let id: String
            let language: String
            let samples: [Float]
            let segments: [Golden.Segment]
        }

        /// Transcribes clips as the reference did: language given, no voice activity.
        private func transcribe(
            _ clips: [Clip], _ engine: Engine, _ precision: Precision, beamSize: Int = 1
        ) throws -> [Recording] {
            let transcriber = try engine.transcriber(precision)
            var found: [Recording?] = clips.map { _ in nil }
            // One call a language: options hold for all recordings of a call.
            for (language, group) in Dictionary(grouping: clips.indices, by: { clips[$0].language }) {
                var options = TranscriptionOptions()
                options.language = language
                options.usesVoiceActivity = false
                options.decoding.beamSize = beamSize
                var waiting = group[...]
                try transcriber.transcribe(options: options) {
                    waiting.popFirst().map { reader(clips[$0].samples) }
                } progress: { _, _ in
                } done: { number, result in
                    found[group[number]] = try? result.get()
                }
            }
            return try found.map { try #require($0) }
        }

        /// Compares token by token and lists every clip that differs with the reason.
        ///
        /// - Returns: the share of clips that are equal.
        private func agreement(_ clips: [Clip], _ recordings: [Recording], _ what: String) -> Double {
            var equal = 0
            for (clip, recording) in zip(clips, recordings) {
                let (found, expected) = (recording.segments.flatMap(\.tokens), clip.segments.tokens)
                guard found != expected else {
                    equal += 1
                    continue
                }
                let place =
                    zip(found, expected).enumerated().first { $1.0 != $1.1 }?.offset
                    ?? min(found.count, expected.count)
                let temperature = recording.segments.map(\.temperature).max() ?? 0
                print(
                    "\(what): \(clip.id) differs from token \(place) of \(expected.count) on: "
                        + "\(found.dropFirst(place).prefix(6)) for \(expected.dropFirst(place).prefix(6)); "
                        + "temperature \(temperature), log probability "
                        + "\(recording.segments.last?.averageLogProbability ?? 0) for \(clip.segments.last?.avgLogprob ?? 0)"
                )
            }
            print("\(what): \(equal) of \(clips.count) clips have the reference's tokens")
            return Double(equal) / Double(clips.count)
        }

        struct Transcripts: Decodable {
            struct Clip: Decodable { let language: String }
            let clips: [String: Clip]
            let greedy: Golden.Transcripts
            let beam5: Golden.Transcripts
        }

        @Test(arguments: Engine.allCases, [1, 5])
        func `float32 gives the reference's tokens on every sample`(_ engine: Engine, _ beamSize: Int) throws {
            let golden: Transcripts = try Golden.read("transcripts.\(engine.rawValue)")
            let expected = beamSize == 1 ? golden.greedy : golden.beam5
            // What the reference drew at random cannot be compared token by token.
            let clips = try expected.filter { $1.isGreedy }.sorted { $0.key < $1.key }.map { id, segments in
                Clip(
                    id: id, language: try #require(golden.clips[id]).language, samples: try sample(id),
                    segments: segments)
            }
            #expect(clips.count >= (engine == .base ? 27 : 6))
            let recordings = try transcribe(clips, engine, .float32, beamSize: beamSize)
            let share = agreement(clips, recordings, "\(engine.rawValue), beam \(beamSize), float32")
            #expect(share >= (engine == .base ? 0.97 : 1))
            for (clip, recording) in zip(clips, recordings)
            where recording.segments.flatMap(\.tokens) == clip.segments.tokens {
                for (found, wanted) in zip(recording.segments, clip.segments) {
                    // Times here end with the audio; the reference's may point into the padding behind it.
                    let end = min(wanted.end, recording.durationSeconds)
                    #expect(
                        abs(found.start - wanted.start) < 0.021 && abs(found.end - end) < 0.021, "\(clip.id)")
                    #expect(abs(found.averageLogProbability - wanted.avgLogprob) < 0.005, "\(clip.id)")
                    #expect(abs(found.noSpeechProbability - wanted.noSpeechProb) < 0.005, "\(clip.id)")
                    #expect(abs(found.compressionRatio - wanted.compressionRatio) < 1e-4, "\(clip.id)")
                }
            }
        }

        // MARK: the clips beside the repository

        private struct Entry: Decodable {
            let clip: String
            let language: String
            let reference: String
            let text: String
            let segments: [Golden.Segment]
        }

        private func sharedEntries(_ oracle: String) throws -> [Entry] {
            let folder = try #require(Shared.path(oracle))
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map {
                try decoder.decode(Entry.self, from: Data(contentsOf: URL(fileURLWithPath: folder + "/" + $0)))
            }
        }

        private func clips(_ entries: [Entry]) throws -> [Clip] {
            try entries.map {
                Clip(
                    id: $0.clip, language: $0.language,
                    samples: try pcm(#require(Shared.path("audio/clips/\($0.clip).wav"))), segments: $0.segments)
            }
        }

        @Test(.enabled(if: Shared.path("oracle/beam1") != nil, "needs ../shared/oracle/beam1"))
        func `float32 gives the oracle's tokens on at least 97 of 100 clips`() throws {
            let clips = try clips(sharedEntries("oracle/beam1"))
            #expect(clips.count >= 90)
            let share = try agreement(clips, transcribe(clips, .base, .float32), "oracle, float32")
            #expect(share >= 0.97)
        }

        @Test(.enabled(if: Shared.path("oracle/beam1") != nil, "needs ../shared/oracle/beam1"))
        func `the default configuration errs at most 0.3 points more than the oracle`() throws {
            // The default is a beam of five.
            let entries = try sharedEntries("oracle/beam5")
            let transcriber = try Engine.base.transcriber()
            var texts: [String] = entries.map { _ in "" }
            for (language, group) in Dictionary(grouping: entries.indices, by: { entries[$0].language }) {
                var options = TranscriptionOptions()
                options.language = language
                var waiting = try group.map { try pcm(#require(Shared.path("audio/clips/\(entries[$0].clip).wav"))) }[
                    ...]
                try transcriber.transcribe(options: options) {
                    waiting.popFirst().map(reader)
                } progress: { _, _ in
                } done: { number, result in
                    texts[group[number]] = (try? result.get().text) ?? ""
                }
            }
            var (ours, theirs) = (ErrorRate(), ErrorRate())
            var byLanguage: [String: (ours: ErrorRate, theirs: ErrorRate)] = [:]
            for (entry, text) in zip(entries, texts) {
                var own = byLanguage[entry.language] ?? (ErrorRate(), ErrorRate())
                own.ours.add(text, reference: entry.reference, language: entry.language)
                own.theirs.add(entry.text, reference: entry.reference, language: entry.language)
                byLanguage[entry.language] = own
                ours.add(text, reference: entry.reference, language: entry.language)
                theirs.add(entry.text, reference: entry.reference, language: entry.language)
                if ErrorRate.units(text, entry.language) != ErrorRate.units(entry.text, entry.language) {
                    print("default: \(entry.clip) reads “\(text)”, the oracle “\(entry.text)”")
                }
            }
            for (language, rates) in byLanguage.sorted(by: { $0.key < $1.key }) {
                print(
                    "default, \(language): \(rates.ours.percent) % errors in \(rates.ours.length), oracle \(rates.theirs.percent) %"
                )
            }
            print("default, all: \(ours.percent) % errors in \(ours.length), oracle \(theirs.percent) %")
            #expect(ours.length > 1_000)
            #expect(ours.percent <= theirs.percent + 0.3)
        }

        /// 27 clips of a few words are too few for 0.3 points; a broken configuration loses far more than five.
        @Test func `the default configuration errs at most five points more than the reference on the samples`() throws
        {
            let golden: Transcripts = try Golden.read("transcripts.base")
            let (transcriber, tokenizer) = (try Engine.base.transcriber(), try Engine.base.tokenizer())
            var (ours, theirs) = (ErrorRate(), ErrorRate())
            for clip in try Samples.clips() {
                let name = URL(fileURLWithPath: clip.path).deletingPathExtension().lastPathComponent
                guard let expected = golden.beam5[clip.language + "/" + name], expected.isGreedy else { continue }
                var options = TranscriptionOptions()
                options.language = clip.language
                let recording = try transcriber.transcribe(reader(pcm(clip.path)), options: options)
                ours.add(recording.text, reference: clip.reference, language: clip.language)
                theirs.add(tokenizer.text(expected.tokens), reference: clip.reference, language: clip.language)
            }
            print("default, samples: \(ours.percent) % errors in \(ours.length), reference \(theirs.percent) %")
            #expect(ours.length > 150)
            #expect(ours.percent <= theirs.percent + 5)
        }
    }
}
