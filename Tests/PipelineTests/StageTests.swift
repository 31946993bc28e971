import Audio
import Catalog
import Foundation
import LanguagePackage
import Logging
import Metrics
import Pipeline
import Store
import TestSupport
import Testing
import Transcript

/// The stages with real models and a real store.
struct StageTests {
    private static let all: [QueueName: Int] = [.transcription: 32, .translation: 16, .packaging: 4]

    private func stages(
        _ place: Workplace, _ engines: Engines, ttlMs: Int64 = 3_600_000,
        memory: ByteLimitedCache<[UInt8], TranscriptDocument> = ByteLimitedCache("transcription", bytesMax: 1 << 20)
    ) -> Stages {
        let measures = PipelineMetrics(factory: NOOPMetricsHandler.instance)
        return Stages(
            transcribe: Transcribe(
                storage: place.storage, engines: engines, standardModel: "base",
                memory: memory, ttlMs: ttlMs, metrics: measures, log: Logger(label: "test")),
            translate: Translate(storage: place.storage, engine: engines.translation),
            assemble: Assemble(
                storage: place.storage, models: engines.pool, standardModel: "base", now: Workplace.now),
            deliver: Deliver(storage: place.storage, addresses: AddressGuard(), secret: [1], now: Workplace.now))
    }

    private func engines(searchPath: String = AudioReader.programs, limits: AudioLimits = AudioLimits()) -> Engines {
        Engines(
            models: ModelCache(environment: ProcessInfo.processInfo.environment), threads: 2, limits: limits,
            searchPath: searchPath)
    }

    private func english() throws -> Samples.Clip {
        try #require(try Samples.clips().first { $0.reference.contains("quick brown fox") })
    }

    @Test func `a recording with a reference becomes a package of transcript, accuracy and translations`() async throws
    {
        let place = try await Workplace()
        let clip = try english()
        let stages = stages(place, engines())
        let task = try await place.audioTask(clip.path, into: [.english, .portuguese], reference: clip.reference)
        let end = try await serving(place.worker(slots: StageTests.all) { try await stages.run($0) }) {
            try await place.end(of: task.id)
        }
        #expect(end.status == .completed, "\(end.failure?.message ?? "")")
        #expect(end.detectedLanguage == "en")
        #expect(end.translationsDone == 4)
        let report = try #require(try await place.storage.results.accuracy(task.id))
        #expect(end.accuracy == report.accuracy && end.accuracy == 1)
        let texts = try await place.storage.results.translations(task.id)
        #expect(texts.map(\.language) == [.english, .english, .portuguese, .portuguese])
        #expect(texts.map(\.source) == [.audio, .text, .audio, .text])
        #expect(texts[0].text == (try await place.storage.results.transcript(task.id)?.recording.text))
        #expect(texts[1].text == clip.reference)
        #expect(texts[2].sentences.allSatisfy { $0.start != nil && $0.end != nil && !$0.text.isEmpty })
        let package = try #require(end.package)
        let contents = try PackageReader(path: place.storage.blobs.path(package.blob)).contents()
        #expect(contents.translations == texts)
        #expect(contents.models.map(\.name) == ["base", "en-pt"])
        #expect(contents.accuracy?.accuracy == end.accuracy)
        #expect(try await place.storage.inspect().isEmpty)
    }

    @Test func `the same recording handed in fifty times at once is decoded once`() async throws {
        let place = try await Workplace()
        let path = try english().path
        let memory = ByteLimitedCache<[UInt8], TranscriptDocument>("transcription", bytesMax: 1 << 20)
        let stages = stages(place, engines(), memory: memory)
        var tasks: [TaskID] = []
        for _ in 0..<50 { tasks.append(try await place.audioTask(path, language: "en").id) }
        let first = ContinuousClock.now
        try await serving(place.worker(slots: StageTests.all) { try await stages.run($0) }) {
            for task in tasks {
                let end = try await place.end(of: task)
                #expect(end.status == .completed)
            }
        }
        print("fifty equal recordings took \(ContinuousClock.now - first)")
        // Whoever does not find it transcribes; every other one found it.
        #expect(memory.figures.misses == 1 && memory.figures.hits == 49, "\(memory.figures)")
        let texts = try await Set(
            tasks.asyncMap { try await place.storage.results.transcript($0) }.map(\.?.recording.text))
        #expect(texts.count == 1)
    }

    @Test func `windows that an earlier attempt kept are not decoded again`() async throws {
        let place = try await Workplace()
        let shared = engines()
        let stages = stages(place, shared, ttlMs: 0)
        let whole = try await place.audioTask(try Samples.twoCities(), language: "en")
        let wholeEnd = try await serving(place.worker(slots: StageTests.all) { try await stages.run($0) }) {
            try await place.end(of: whole.id)
        }
        #expect(wholeEnd.status == .completed)
        let cut = try await place.audioTask(try Samples.twoCities(), language: "en")
        let job = try #require(try await place.storage.queue.jobs(of: cut.id).first?.id)
        // Stopped as soon as a window is kept.
        try await serving(place.worker("first", slots: StageTests.all) { try await stages.run($0) }) {
            try await within(60) {
                while try await place.storage.queue.kept(job).isEmpty { await Task.yield() }
            }
        }
        let kept = try await place.storage.queue.kept(job)
        #expect(!kept.isEmpty)
        let cutEnd = try await serving(place.worker("second", slots: StageTests.all) { try await stages.run($0) }) {
            try await place.end(of: cut.id)
        }
        #expect(cutEnd.status == .completed)
        let texts = try await [whole.id, cut.id].asyncMap { try await place.storage.results.transcript($0) }
        #expect(texts[0] == texts[1])
    }

    @Test func `a text whose language nobody said is found out, and stays as it is in its own`() async throws {
        let place = try await Workplace()
        let stages = stages(place, engines())
        var request = TaskRequest(kind: .text, languages: [.english, .portuguese])
        let text = "The old lighthouse stood on the cliff.\n\nNobody had lit it for years.\n"
        request.text = text
        let task = try await place.storage.tasks.create(request).task
        let end = try await serving(place.worker(slots: StageTests.all) { try await stages.run($0) }) {
            try await place.end(of: task.id)
        }
        #expect(end.status == .completed, "\(end.failure?.message ?? "")")
        #expect(end.detectedLanguage == "en")
        let texts = try await place.storage.results.translations(task.id)
        #expect(texts[0].text == text)
        #expect(texts[1].text.split(separator: "\n", omittingEmptySubsequences: false).count == 4)
    }

    @Test func `languages nobody named are those that are reached from what is heard`() async throws {
        let place = try await Workplace()
        let stages = stages(place, engines())
        let clip = try #require(try Samples.clips().first { $0.language == "fr" })
        func task(_ language: String?, isNamed: Bool) async throws -> TaskRecord {
            try await place.audioTask(
                clip.path, into: [.english, .portuguese], reference: clip.reference, language: language
            ) { $0.languagesAreNamed = isNamed }
        }
        let all = try await task(nil, isNamed: false)
        let named = try await task(nil, isNamed: true)
        // Nothing is translated from Polish.
        let foreign = try await task("pl", isNamed: false)
        try await serving(place.worker(slots: StageTests.all) { try await stages.run($0) }) {
            let end = try await place.end(of: all.id)
            #expect(end.status == .completed, "\(end.failure?.message ?? "")")
            #expect(end.request.languages == [.french] && end.translationsTotal == 2)
            let texts = try await place.storage.results.translations(all.id)
            #expect(texts.map(\.source) == [.audio, .text])
            #expect(texts.last?.text == clip.reference)
            #expect(try await place.end(of: named.id).failure?.code == "model_missing")
            let plain = try await place.end(of: foreign.id)
            #expect(plain.status == .completed && plain.request.languages.isEmpty, "\(plain.failure?.message ?? "")")
        }
        #expect(try await place.storage.inspect().isEmpty)
    }

    @Test func `noise that is no audio fails for good, and says nothing of paths`() async throws {
        let place = try await Workplace()
        let stages = stages(place, engines())
        let file = try place.folder.write(Data("this is no sound at all".utf8), to: "noise.mp3")
        let task = try await place.audioTask(file)
        let end = try await serving(place.worker(slots: StageTests.all) { try await stages.run($0) }) {
            try await place.end(of: task.id)
        }
        #expect(end.failure?.code == "bad_audio")
        #expect(end.failure?.message.contains(place.folder.path) == false, "\(end.failure?.message ?? "")")
        #expect(end.failure?.message.hasPrefix("the recording ") == true)
    }

    @Test func `a model that is missing fails the task at once, with the command that gets it`() async throws {
        let place = try await Workplace()
        let stages = stages(place, engines())
        let task = try await place.textTask(into: [.french])
        let end = try await serving(place.worker(slots: StageTests.all) { try await stages.run($0) }) {
            try await place.end(of: task.id)
        }
        #expect(end.failure?.code == "model_missing")
        #expect(end.failure?.message.contains("voicelingua models pull en-fr") == true)
        let dead = try #require(try await place.storage.queue.dead(limit: 1).first)
        #expect(dead.failures.count == 1)
    }

    @Test(arguments: ["hangs", "crashes"])
    func `an ffmpeg that fails takes nobody else with it`(how: String) async throws {
        let place = try await Workplace()
        let programs = try fakeFFmpeg(place.folder, how)
        var limits = AudioLimits()
        limits.stallSecondsMax = 0.5
        let stages = stages(place, engines(searchPath: programs + ":" + AudioReader.programs, limits: limits))
        let bad = try await place.audioTask(
            Recordings(in: place.folder).convert(try english().path, to: "clip.flac"))
        let good = try await place.audioTask(
            Recordings(in: place.folder).convert(
                try english().path, to: "clip.wav", "-ar", "16000", "-ac", "1", "-c:a", "pcm_s16le"), language: "en")
        try await serving(place.worker(slots: StageTests.all) { try await stages.run($0) }) {
            #expect(try await place.end(of: good.id).status == .completed)
            let end = try await place.end(of: bad.id)
            #expect(end.status == .failed)
            #expect(
                end.failure?.code == (how == "hangs" ? "decoder_stopped" : "bad_audio"), "\(end.failure?.code ?? "")")
        }
    }

    /// A folder with an ffmpeg that never gives a sample, or ends at once; ffprobe is the real one.
    private func fakeFFmpeg(_ folder: TemporaryFolder, _ how: String) throws -> String {
        let program = how == "hangs" ? "#!/bin/sh\nexec tail -f /dev/null\n" : "#!/bin/sh\nexit 1\n"
        let path = try folder.write(program, to: "programs/ffmpeg")
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
        return (path as NSString).deletingLastPathComponent
    }
}

extension Sequence {
    func asyncMap<Value>(_ change: (Element) async throws -> Value) async rethrows -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await change(element)) }
        return values
    }
}
