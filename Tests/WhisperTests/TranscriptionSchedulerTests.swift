import Foundation
import TestSupport
import Testing
import Transcript
import Whisper

extension WithWeights {
    struct TranscriptionSchedulerTests {
        private func options(_ change: (inout TranscriptionOptions) -> Void = { _ in }) -> TranscriptionOptions {
            var options = TranscriptionOptions()
            change(&options)
            return options
        }

        /// What came of recordings, and their windows in the order they were decoded.
        private struct Outcome {
            var recordings: [Int: Recording] = [:]
            var windows: [(id: Int, record: WindowRecord)] = []
        }

        private func finish(
            _ scheduler: TranscriptionScheduler, until isEnough: (Outcome) -> Bool = { _ in false }
        ) throws -> Outcome {
            var outcome = Outcome()
            while !scheduler.isIdle, !isEnough(outcome) {
                for event in scheduler.step() {
                    switch event {
                    case .progress: break
                    case .window(let id, let record): outcome.windows.append((id, record))
                    case .finished(let id, let result): outcome.recordings[id] = try result.get()
                    }
                }
            }
            return outcome
        }

        private func looped(_ clip: [Float], seconds: Int) -> SampleReader {
            var (rest, at) = (seconds * 16_000, 0)
            return { count in
                let count = min(count, rest, clip.count - at)
                defer {
                    rest -= count
                    at = (at + count) % clip.count
                }
                return Array(clip[at..<at + count])
            }
        }

        @Test func `a clip behind ten long recordings is done before any window begun after it came`() throws {
            let scheduler = TranscriptionScheduler(try Engine.tinyEnglish.transcriber())
            let long = try sample("voice/two_cities")
            let options = options { $0.language = "en" }
            for id in 0..<10 { try scheduler.add(id: id, read: looped(long, seconds: 600), options: options) }
            let before = try finish(scheduler) { $0.windows.count >= 12 }
            #expect(Set(before.windows.map(\.id)).count >= 8)
            try scheduler.add(id: 99, read: reader(sample("en/quick_brown_fox")), options: options)
            let after = try finish(scheduler) { $0.recordings[99] != nil }
            #expect(after.recordings[99]?.text.contains("fox") == true)
            // The decoder holds eight.
            #expect(after.windows.count <= 9, "\(after.windows.count - 1) windows came first")
            for id in 0..<10 { scheduler.cancel(id) }
            #expect(scheduler.isIdle && scheduler.step().isEmpty)
        }

        @Test func `the higher priority goes first, and what has had no turn was not read`() throws {
            let scheduler = TranscriptionScheduler(try Engine.tinyEnglish.transcriber())
            let clip = try sample("en/counting")
            var opened: [Int] = []
            for id in 0..<20 {
                let read = reader(clip)
                let first: SampleReader = { count in
                    if opened.last != id { opened.append(id) }
                    return try read(count)
                }
                try scheduler.add(id: id, read: first, options: options(), priority: id == 13 ? 1 : 0)
            }
            _ = scheduler.step()
            #expect(opened == [13])
            let outcome = try finish(scheduler)
            #expect(outcome.recordings.count == 20 && Set(outcome.recordings.values.map(\.text)).count == 1)
        }

        @Test func `recordings with options of their own come out as each alone`() throws {
            let transcriber = try Engine.base.transcriber()
            let jobs: [(String, TranscriptionOptions)] = [
                ("fr/pangrama", options { $0.hasWordTimes = true }),
                (
                    "es/pangrama",
                    options {
                        $0.task = .translate
                        $0.decoding.beamSize = 1
                    }
                ),
                ("voice/two_cities", options { $0.usesVoiceActivity = false }),
                (
                    "en/quick_brown_fox",
                    options {
                        $0.language = "en"
                        $0.prompt = "THE QUICK RED FOX. A LAZY DOG. THE BROWN FOX AND THE DOG."
                        $0.decoding.beamSize = 8
                    }
                ),
                ("en/counting", options { $0.decoding.begin(at: 0.4) }),
            ]
            let scheduler = TranscriptionScheduler(transcriber)
            for (id, (name, options)) in jobs.enumerated() {
                try scheduler.add(id: id, read: reader(sample(name)), options: options)
            }
            let together = try finish(scheduler).recordings
            for (id, (name, options)) in jobs.enumerated() {
                let alone = try transcriber.transcribe(reader(sample(name)), options: options)
                #expect(together[id] == alone, "\(name)")
            }
            #expect(together[4]?.segments.allSatisfy { $0.temperature >= 0.4 } == true)
        }

        private static let broken: [(name: String, usesVoiceActivity: Bool, language: String?)] = [
            ("voice activity", true, nil), ("one stretch", false, nil), ("told language", true, "fr"),
        ]

        @Test(arguments: broken.indices)
        func `a recording broken off after any of its windows goes on behind it to the same end`(_ way: Int) throws {
            let (_, usesVoiceActivity, language) = Self.broken[way]
            let transcriber = try Engine.base.transcriber()
            let clip = try sample("fr/pangrama")
            let audio = clip + silence(13) + clip + silence(11) + clip + clip + silence(12) + clip
            let options = options {
                $0.usesVoiceActivity = usesVoiceActivity
                $0.language = language
                $0.hasWordTimes = true
            }
            func run(_ done: [WindowRecord]) throws -> (Recording?, [WindowRecord]) {
                let scheduler = TranscriptionScheduler(transcriber)
                try scheduler.add(id: 0, read: reader(audio), options: options, done: done)
                let outcome = try finish(scheduler)
                return (outcome.recordings[0], outcome.windows.map(\.record))
            }
            let (whole, windows) = try run([])
            #expect(windows.count >= 2 && whole?.language == "fr")
            for count in 0...windows.count {
                // As they come back from where they were kept.
                let done = windows.prefix(count).compactMap { WindowRecord(json: $0.json) }
                let (resumed, rest) = try run(done.reversed())
                #expect(done == Array(windows.prefix(count)))
                #expect(resumed == whole, "broken off after \(count) windows")
                #expect(rest.count == windows.count - count, "after \(count) windows")
            }
        }

        @Test func `a recording that is dropped gives nothing more, and its neighbour is as alone`() throws {
            let transcriber = try Engine.tinyEnglish.transcriber()
            let clip = try sample("en/quick_brown_fox")
            let alone = try transcriber.transcribe(reader(clip))
            let scheduler = TranscriptionScheduler(transcriber)
            try scheduler.add(id: 1, read: looped(clip, seconds: 600), options: options())
            try scheduler.add(id: 2, read: reader(clip), options: options())
            for _ in 0..<4 { _ = scheduler.step() }
            scheduler.cancel(1)
            let outcome = try finish(scheduler)
            #expect(outcome.recordings == [2: alone] && outcome.windows.allSatisfy { $0.id == 2 })
        }

        @Test func `an hour of silence is read in turns`() throws {
            let scheduler = TranscriptionScheduler(try Engine.tinyEnglish.transcriber())
            var reads = 0
            let silence = looped(silence(60), seconds: 3_600)
            let counted: SampleReader = { count in
                reads += 1
                return try silence(count)
            }
            try scheduler.add(id: 1, read: counted, options: options())
            try scheduler.add(id: 2, read: reader(sample("en/hello_world")), options: options())
            _ = scheduler.step()
            #expect(reads <= 16)
            let outcome = try finish(scheduler) { $0.recordings[2] != nil }
            #expect(outcome.recordings[1] == nil)
        }
    }
}
