import Store
import TestSupport
import Testing
import Transcript

struct TaskLifeTests {
    @Test func `a text task goes from its translations to its package`() async throws {
        let store = try await StoreFixture()
        let task = try await store.tasks.create(StoreFixture.text(number: "7")).task
        #expect(task.status == .pending)
        #expect(task.translationsTotal == 2)
        let jobs = try await store.claim(.translation, count: 5)
        #expect(jobs.map(\.translation?.language) == [.portuguese, .german])
        #expect(jobs.map(\.attempt) == [1, 1])
        #expect(jobs[0].task.status == .translating)
        #expect(try await store.claim(.packaging).isEmpty)
        store.clock.turn(1000)
        for job in jobs { try await store.finish(job) }
        let packaging = try await store.claim(.packaging)
        #expect(packaging.count == 1)
        #expect(
            try await store.storage.results.translation(.init(language: .german, textNumber: "7", source: .text)) == nil
        )
        store.clock.turn(1000)
        try await store.finish(packaging[0])
        let ended = try #require(try await store.tasks.task(task.id))
        #expect(ended.status == .completed)
        #expect(ended.package == StoreFixture.package)
        #expect(ended.detectedLanguage == "en")
        #expect(ended.startedMs == task.createdMs)
        #expect(ended.finishedMs == task.createdMs + 2000)
        #expect(ended.stageStartedMs == [.translating: task.createdMs, .packaging: task.createdMs + 1000])
        let found = try #require(
            try await store.storage.results.translation(.init(language: .german, textNumber: "7", source: .text)))
        #expect(found.text == StoreFixture.translated(TranslationJob(language: .german, source: .text)))
        #expect(found.publishedMs == ended.finishedMs)
        #expect(try await store.storage.database.inspect().isEmpty)
    }

    @Test func `an audio task with a reference is translated twice into each language`() async throws {
        let store = try await StoreFixture()
        let task = try await store.completed(StoreFixture.audio(reference: "Good morning!"))
        #expect(task.status == .completed)
        #expect(task.translationsDone == 4)
        #expect(task.detectedLanguage == "en")
        #expect(task.audioSeconds == 1.5)
        #expect(task.transcribed == 1)
        #expect(try await store.storage.results.transcript(task.id) == StoreFixture.transcript())
        let texts = try await store.storage.results.translations(task.id)
        #expect(texts.map(\.language) == [.portuguese, .portuguese, .german, .german])
        #expect(texts.map(\.source) == [.audio, .text, .audio, .text])
    }

    @Test func `a task whose texts are all in the languages asked for is packaged at once`() async throws {
        let store = try await StoreFixture()
        let text = try await store.tasks.create(StoreFixture.text([.english])).task
        #expect(text.translationsDone == 1)
        #expect(try await store.storage.results.translations(text.id).map(\.text) == ["Good morning."])
        let audio = try await store.tasks.create(StoreFixture.audio([.english])).task
        let job = try await store.claim(.transcription)[0]
        let same = TranslatedText(language: .english, source: .audio, text: "Good morning.", sentences: [])
        try await store.queue.finishTranscription(
            job.lease, transcript: StoreFixture.transcript(), accuracy: nil, same: [same], jobs: [])
        try await store.work()
        for id in [text.id, audio.id] { #expect(try await store.tasks.task(id)?.status == .completed) }
    }
}
