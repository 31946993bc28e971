import Foundation
import Inference
import TestSupport
import Testing
import Transcript
import Whisper

extension WithWeights {
    struct TranscriberTests {
        private func options(_ change: (inout TranscriptionOptions) -> Void = { _ in }) -> TranscriptionOptions {
            var options = TranscriptionOptions()
            change(&options)
            return options
        }

        private func letters(_ text: String) -> String { text.lowercased().filter(\.isLetter) }

        private enum Fault: Error { case broken }

        /// Recordings of one call in the order they were given.
        private func transcribe(
            _ transcriber: Transcriber, _ readers: [SampleReader], _ options: TranscriptionOptions
        ) throws -> [Result<Recording, any Error>] {
            var found: [Int: Result<Recording, any Error>] = [:]
            var waiting = readers[...]
            try transcriber.transcribe(options: options) {
                waiting.popFirst()
            } progress: { _, _ in
            } done: { number, result in
                #expect(found[number] == nil, "recording \(number) was done twice")
                found[number] = result
            }
            return try readers.indices.map { try #require(found[$0]) }
        }

        @Test func `audio without a sample, or of less than a frame, is a recording without words`() throws {
            let transcriber = try Engine.tinyEnglish.transcriber()
            for count in [0, 1, 159, 511, 513] {
                for usesVoiceActivity in [true, false] {
                    let options = options { $0.usesVoiceActivity = usesVoiceActivity }
                    let samples = [Float](repeating: 0.01, count: count)
                    let recording = try transcriber.transcribe(reader(samples), options: options)
                    #expect(recording.durationSeconds == Double(count) / 16_000)
                    #expect(recording.text.isEmpty || count >= 160)
                }
            }
        }

        @Test(arguments: [false, true])
        func `times rise and stay inside the recording`(_ usesVoiceActivity: Bool) throws {
            let transcriber = try Engine.tinyEnglish.transcriber()
            let samples = try sample("voice/two_cities")
            var seconds: [Double] = []
            let recording = try transcriber.transcribe(
                reader(samples), options: options { $0.usesVoiceActivity = usesVoiceActivity }
            ) { seconds.append($0) }
            #expect(recording.segments.count > 3)
            #expect(recording.segments.map(\.index) == Array(recording.segments.indices))
            for (earlier, later) in zip(recording.segments, recording.segments.dropFirst()) {
                #expect(earlier.start <= later.start && earlier.end <= later.end)
            }
            #expect(recording.segments.allSatisfy { $0.start >= 0 && $0.start < $0.end })
            #expect(recording.segments.last!.end <= recording.durationSeconds)
            #expect(zip(seconds, seconds.dropFirst()).allSatisfy(<=))
            #expect(seconds.count > 5 && seconds.allSatisfy { $0 <= recording.durationSeconds })
        }

        @Test func `times go back through removed gaps, words too, within 0.2 s`() throws {
            let transcriber = try Engine.base.transcriber(.float32)
            let clip = try sample("en/quick_brown_fox")
            let options = options {
                $0.language = "en"
                $0.hasWordTimes = true
            }
            let alone = try transcriber.transcribe(reader(clip), options: options)
            let words = alone.segments.flatMap { $0.words ?? [] }
            #expect(words.count == 9)
            // A gap inside a window and one between windows.
            let starts = [5.0, 5 + seconds(clip) + 8, 5 + 2 * seconds(clip) + 8 + 75]
            let audio = silence(5) + clip + silence(8) + clip + silence(75) + clip + silence(7)
            let recording = try transcriber.transcribe(reader(audio), options: options)
            let found = recording.segments.flatMap { $0.words ?? [] }
            #expect(found.count == 27)
            #expect(recording.speechSeconds < 12 && recording.durationSeconds > 100)
            for (index, word) in found.enumerated() where found.count == 27 {
                let expected = words[index % 9]
                // Case and marks depend on what stands beside the words.
                #expect(letters(word.text) == letters(expected.text))
                // A clip's first word may be heard on the other side of the gap: the decoder sees none there.
                if index % 9 == 0 { continue }
                #expect(abs(word.start - starts[index / 9] - expected.start) < 0.2, "\(word) in clip \(index / 9)")
                #expect(abs(word.end - starts[index / 9] - expected.end) < 0.2, "\(word) in clip \(index / 9)")
            }
        }

        @Test func `the clips of a long recording read as each alone, at their times`() throws {
            let transcriber = try Engine.base.transcriber()
            let ids = ["en/counting", "en/hello_world", "en/quick_brown_fox"]
            let options = options {
                $0.language = "en"
                $0.hasWordTimes = true
            }
            let order = [0, 2, 1, 2, 0, 2, 2, 1, 0, 2]
            var audio: [Float] = []
            var starts: [Double] = []
            for (index, clip) in order.enumerated() {
                audio += silence(index % 3 == 0 ? 4.3 : 1.1)
                starts.append(seconds(audio))
                audio += try sample(ids[clip])
            }
            let recording = try transcriber.transcribe(reader(audio), options: options)
            // Two clips may share a segment; a word is of one.
            let fox = recording.segments.flatMap { $0.words ?? [] }.filter { letters($0.text) == "fox" }
            let expected = zip(order, starts).filter { $0.0 == 2 }.map(\.1)
            #expect(fox.count == expected.count)
            for (word, start) in zip(fox, expected) {
                #expect(word.start > start && word.end < start + 4.2, "\(word.start)…\(word.end) for \(start)")
            }
        }

        @Test func `many recordings in one call are each as alone`() throws {
            let transcriber = try Engine.base.transcriber()
            // Auto-detected languages, one recording of several windows, one without speech.
            let ids = ["fr/pangrama", "voice/two_cities", "zh/pangrama", "es/pangrama", "en/counting", "it/pangrama"]
            let audio =
                try ids.map(sample) + [silence(40)] + ["ja/pangrama", "pt/pangrama", "en/hello_world"].map(sample)
            let options = options { $0.hasWordTimes = true }
            let together = try transcribe(transcriber, audio.map(reader), options)
            for (index, samples) in audio.enumerated() {
                #expect(
                    try together[index].get() == transcriber.transcribe(reader(samples), options: options), "\(index)")
            }
        }

        @Test func `a reader that fails ends its own recording only`() throws {
            let transcriber = try Engine.tinyEnglish.transcriber()
            let clip = try sample("en/quick_brown_fox")
            var blocks = 0
            let broken: SampleReader = { count in
                blocks += 1
                if blocks > 12 { throw Fault.broken }
                return [Float](clip.prefix(count))
            }
            let found = try transcribe(
                transcriber, [reader(clip), broken, { _ in throw Fault.broken }, reader(clip)], options())
            #expect(throws: Fault.broken) { try found[1].get() }
            #expect(throws: Fault.broken) { try found[2].get() }
            #expect(try found[0].get().text.contains("fox"))
            #expect(try found[0].get() == found[3].get())
            #expect(throws: Fault.broken) { try transcriber.transcribe { _ in throw Fault.broken } }
        }

        @Test func `a prompt gives the spelling of a name`() throws {
            let transcriber = try Engine.base.transcriber()
            let clip = try sample("en/quick_brown_fox")
            func text(_ prompt: String?) throws -> String {
                let options = options {
                    $0.language = "en"
                    $0.prompt = prompt
                }
                return try transcriber.transcribe(reader(clip), options: options).text
            }
            #expect(try !text(nil).contains("FOX"))
            #expect(try text("THE QUICK RED FOX. A LAZY DOG. THE BROWN FOX AND THE DOG.").contains("FOX"))
        }

        struct Prompted: Decodable { let greedyPrompted: Golden.Transcripts }

        @Test func `a prompted transcript is the reference's`() throws {
            let golden: Prompted = try Golden.read("transcripts.base")
            let options = options {
                $0.language = "en"
                $0.prompt = "Notes from the theatre."
                $0.usesVoiceActivity = false
                $0.decoding.beamSize = 1
            }
            let found = try Engine.base.transcriber(.float32).transcribe(
                reader(sample("voice/beckett")), options: options)
            #expect(found.segments.flatMap(\.tokens) == golden.greedyPrompted["voice/beckett"]?.tokens)
        }

        struct Translated: Decodable { let greedyTranslate: Golden.Transcripts }

        @Test func `translations are the reference's`() throws {
            let golden: Translated = try Golden.read("transcripts.base")
            let transcriber = try Engine.base.transcriber(.float32)
            let greedy = golden.greedyTranslate.filter { $1.isGreedy }
            #expect(greedy.count >= 3)
            for (id, segments) in greedy {
                let options = options {
                    $0.language = String(id.prefix(2))
                    $0.task = .translate
                    $0.usesVoiceActivity = false
                    $0.decoding.beamSize = 1
                }
                let found = try transcriber.transcribe(reader(sample(id)), options: options)
                #expect(found.segments.flatMap(\.tokens) == segments.tokens, "\(id)")
            }
        }

        @Test func `what a model cannot do is refused before any audio is read`() throws {
            let english = try Engine.tinyEnglish.transcriber()
            let never: SampleReader = { _ in throw Fault.broken }
            #expect(throws: TranscriptionError.unknownLanguage(code: "xx")) {
                try english.transcribe(never, options: options { $0.language = "xx" })
            }
            #expect(throws: TranscriptionError.englishOnly(asked: "de")) {
                try english.transcribe(never, options: options { $0.language = "de" })
            }
            #expect(throws: TranscriptionError.englishOnly(asked: "translation")) {
                try english.transcribe(never, options: options { $0.task = .translate })
            }
            // Base knows 99 languages; Cantonese came with large-v3.
            let base = try Engine.base.transcriber()
            #expect(throws: TranscriptionError.unknownLanguage(code: "yue")) {
                try base.transcribe(never, options: options { $0.language = "yue" })
            }
            let deaf = try Transcriber(
                model: Engine.tinyEnglish.model(.int8), tokenizer: Engine.tinyEnglish.tokenizer(), voiceActivity: nil,
                threads: Engine.threads)
            #expect(throws: TranscriptionError.noVoiceActivityModel) { try deaf.transcribe(never) }
        }

        @Test func `a tokenizer of another model is refused`() throws {
            #expect(throws: ModelError.self) {
                let folder = try TemporaryFolder()
                let small = SmallModel()
                try folder.write(small.file.data, to: "model.bin")
                try folder.write("{}", to: "config.json")
                _ = try Transcriber(
                    model: WhisperModel(folder: folder.path, threads: Engine.threads),
                    tokenizer: Engine.base.tokenizer(), voiceActivity: nil, threads: Engine.threads)
            }
        }

        @Test func `the second ten minutes of a recording need no more memory than the first`() throws {
            let transcriber = try Engine.tinyEnglish.transcriber()
            let clip = try sample("voice/two_cities") + silence(1)
            var rest = 20 * 60 * 16_000
            var at = 0
            var (first, second) = (0, 0)
            let recording = try transcriber.transcribe { count in
                let count = min(count, rest, clip.count - at)
                defer {
                    rest -= count
                    at = (at + count) % clip.count
                }
                return Array(clip[at..<at + count])
            } progress: { seconds in
                if seconds < 600 {
                    first = max(first, residentBytes())
                } else {
                    second = max(second, residentBytes())
                }
            }
            #expect(recording.durationSeconds == 1_200)
            print("resident: \(first >> 20) MB in the first ten minutes, \(second >> 20) MB in the second")
            // The samples of ten minutes are 38 MB.
            #expect(second - first < 16 << 20)
        }

        private func residentBytes() -> Int {
            let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ")
            return (pages.flatMap { Int($0[1]) } ?? 0) * 4_096
        }
    }
}
