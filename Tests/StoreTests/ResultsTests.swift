import Store
import TestSupport
import Testing
import Transcript

struct ResultsTests {
    @Test func `accuracy is kept with its alignment and shown on the task`() async throws {
        let store = try await StoreFixture()
        let task = try await store.tasks.create(StoreFixture.audio(reference: "Good mourning.")).task
        let report = AccuracyReport(
            unit: .word, words: .init(hits: 1, substitutions: 1, deletions: 0, insertions: 0),
            characters: .init(hits: 9, substitutions: 0, deletions: 1, insertions: 0),
            alignment: [.init(kind: .substitution, reference: "mourning", hypothesis: "morning", start: 0.5, end: 1)],
            threshold: 0.9)
        let job = try await store.claim(.transcription)[0]
        try await store.queue.finishTranscription(
            job.lease, transcript: StoreFixture.transcript(), accuracy: report, same: [], jobs: [])
        #expect(try await store.storage.results.accuracy(task.id) == report)
        let record = try #require(try await store.tasks.task(task.id))
        #expect(record.accuracy == 0.5)
        #expect(record.wordErrorRate == 0.5)
        #expect(record.characterErrorRate == 0.1)
        #expect(try await store.storage.results.accuracy(TaskID(rawValue: "none")) == nil)
    }

    @Test func `a query finds the newest translation of a number, each by language and source`() async throws {
        let store = try await StoreFixture()
        let old = try await store.completed(StoreFixture.text([.german], number: "7"))
        store.clock.turn(1)
        let new = try await store.completed(StoreFixture.text([.german], number: "7"))
        store.clock.turn(1)
        _ = try await store.completed(StoreFixture.text([.german]))
        _ = try await store.tasks.create(StoreFixture.text([.german, .french], number: "7"))
        try await store.finish(try await store.claim(.translation)[0])
        let results = store.storage.results
        let german = Results.Query(language: .german, textNumber: "7", source: .text)
        #expect(try await results.translation(german)?.task == new.id)
        let absent = [
            Results.Query(language: .german, textNumber: "7", source: .audio),
            Results.Query(language: .german, textNumber: "8", source: .text),
            Results.Query(language: .french, textNumber: "7", source: .text),
        ]
        let found = try await results.translations([german] + absent)
        #expect(found.keys.map { $0 } == [german])
        _ = try await store.tasks.delete(new.id)
        #expect(try await results.translation(german)?.task == old.id)
    }

    @Test func `a key sees the newest translation of its own, whatever others translate`() async throws {
        let store = try await StoreFixture()
        var request = StoreFixture.text([.german], number: "7")
        var newest: [String?: TaskID] = [:]
        for key in ["a", "b", "a", "b", nil] as [String?] {
            request.keyID = key
            newest[key] = try await store.completed(request).id
            store.clock.turn(1)
        }
        let results = store.storage.results
        let german = Results.Query(language: .german, textNumber: "7", source: .text)
        for key in ["a", "b", nil] as [String?] {
            #expect(try await results.translation(german, visibleTo: key)?.task == newest[key])
            #expect(try await results.translations([german], visibleTo: key)[german]?.task == newest[key])
        }
        for key in ["c", ""] { #expect(try await results.translation(german, visibleTo: key) == nil) }
    }

    @Test func `a cached value lasts its time`() async throws {
        let store = try await StoreFixture()
        let cache = store.storage.cache
        let (first, second): ([UInt8], [UInt8]) = ([1, 2], [])
        try await cache.keep(.translation, [.init(key: first, value: [9]), .init(key: second, value: [])], ttlMs: 100)
        try await cache.keep(.transcription, [.init(key: first, value: [8, 8])], ttlMs: 200)
        #expect(try await cache.values(.translation, [first, second, [3]]) == [first: [9], second: []])
        #expect(
            try await cache.statistics().map { "\($0.kind) \($0.count) \($0.sizeBytes)" } == [
                "transcription 1 2", "translation 2 1",
            ])
        store.clock.turn(100)
        #expect(try await cache.values(.translation, [first, second]).isEmpty)
        #expect(try await cache.values(.transcription, [first]) == [first: [8, 8]])
        #expect(try await cache.prune(limit: 1) == 1)
        #expect(try await cache.prune(limit: 5) == 1)
        try await cache.keep(.transcription, [.init(key: first, value: [7])], ttlMs: 1000)
        store.clock.turn(999)
        #expect(try await cache.values(.transcription, [first]) == [first: [7]])
    }

    @Test func `events of a task are read on from any of them`() async throws {
        let store = try await StoreFixture()
        let task = try await store.tasks.create(StoreFixture.audio([.german])).task
        let job = try await store.claim(.transcription)[0]
        try await store.queue.report(job.lease, transcribed: 0.25, audioSeconds: 60)
        // A second attempt begins at the beginning; those who listen are told of nothing until it is ahead.
        try await store.queue.report(job.lease, transcribed: 0.125, audioSeconds: 60)
        _ = try await store.tasks.create(StoreFixture.text())
        try await store.finish(job)
        try await store.work()
        let events = store.storage.events
        let all = try await events.events(of: task.id, after: 0, limit: 100)
        #expect(
            all.map(\.data) == [
                #"{"status":"pending"}"#, #"{"status":"transcribing"}"#, #"{"transcribed":0.25}"#,
                #"{"status":"translating"}"#, #"{"done":1,"language":"de","source":"AUDIO","total":1}"#,
                #"{"status":"packaging"}"#, #"{"status":"completed"}"#,
            ])
        #expect(zip(all, all.dropFirst()).allSatisfy { $0.id < $1.id })
        #expect(try await events.events(of: task.id, after: all[2].id, limit: 2) == Array(all[3...4]))
        #expect(try await store.tasks.task(task.id)?.audioSeconds == 1.5)
    }

    @Test func `workers are present while they report`() async throws {
        let store = try await StoreFixture()
        let workers = store.storage.workers
        var report = Workers.Report(id: "w", name: "one", host: "h", processID: 7, startedMs: store.clock.now)
        report.concurrency = [.translation: 2]
        report.directions = [.english: [.portuguese]]
        report.loadedModels = [.init(name: "base", sizeBytes: 5, loadSeconds: 0.5)]
        report.caches = [.init(name: "translation", hits: 1, misses: 2, sizeBytes: 3)]
        try await workers.report(report)
        #expect(try await workers.present(withinMs: 1000) == [report])
        store.clock.turn(1001)
        #expect(try await workers.present(withinMs: 1000).isEmpty)
        report.running = [.translation: 1]
        try await workers.report(report)
        #expect(try await workers.present(withinMs: 1000) == [report])
        try await workers.leave("w")
        #expect(try await workers.present(withinMs: 1000).isEmpty)
    }
}
