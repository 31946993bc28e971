import Inference
import Synchronization
import Transcript
import Whisper

/// The recordings that are being transcribed, on the compute thread.
final class SpeechWork: ComputeSource {
    fileprivate struct Job: Sendable {
        let model: PooledTranscriber
        let audio: OpenAudio
        let asked: SpeechJob
        let tell: @Sendable (SpeechEvent) -> Void
        let answer: Answer<Recording>
    }

    fileprivate enum Message: Sendable {
        case begin(Int, Job)
        case cancel(Int)
    }

    fileprivate struct Inbox {
        var messages: [Message] = []
        var jobCount = 0
    }

    /// What the compute thread alone looks at.
    fileprivate struct Desk {
        var jobs: [Int: Job] = [:]
        /// Those that have work.
        var models: [ObjectIdentifier: PooledTranscriber] = [:]
        var turns = FairTurns<ObjectIdentifier>()
    }

    private let executor: ComputeExecutor
    private let inbox = Mutex(Inbox())
    private let desk = Mutex(Desk())
    private let present = Atomic<Int>(0)

    init(_ executor: ComputeExecutor) { self.executor = executor }

    /// What the compute thread has not done with.
    var jobCount: Int { present.load(ordering: .relaxed) }

    /// - Throws: what reading the audio does; `TranscriptionError`, `ModelError`; `CancellationError`.
    func transcribe(
        _ audio: OpenAudio, _ job: SpeechJob, by model: PooledTranscriber,
        tell: @escaping @Sendable (SpeechEvent) -> Void
    ) async throws -> Recording {
        let answer = Answer<Recording>()
        let job = Job(model: model, audio: audio, asked: job, tell: tell, answer: answer)
        let id = inbox.withLock { inbox in
            inbox.jobCount += 1
            return inbox.jobCount
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                guard answer.wait(continuation) else { return }
                send(.begin(id, job))
            }
        } onCancel: {
            answer.give(.failure(CancellationError()))
            send(.cancel(id))
        }
    }

    private func send(_ message: Message) {
        inbox.withLock { $0.messages.append(message) }
        executor.wake(self)
    }

    func compute(_ threads: ComputeThreads) -> Bool {
        let messages = inbox.withLock { inbox in
            defer { inbox.messages = [] }
            return inbox.messages
        }
        return desk.withLock { desk in
            for message in messages { desk.take(message) }
            desk.step()
            present.store(desk.jobs.count, ordering: .relaxed)
            return !desk.models.isEmpty
        }
    }
}

extension SpeechWork.Desk {
    fileprivate mutating func take(_ message: SpeechWork.Message) {
        switch message {
        case .begin(let id, let job):
            // It may have been cancelled on its way here, and the word of that have overtaken it.
            guard job.answer.isAwaited else { return }
            do {
                try job.model.scheduler.add(
                    id: id, read: job.audio.read, options: job.asked.options, priority: job.asked.priority,
                    done: job.asked.done)
            } catch { return job.answer.give(.failure(error)) }
            jobs[id] = job
            let model = ObjectIdentifier(job.model)
            if models[model] == nil {
                models[model] = job.model
                turns.join(model)
            }
        case .cancel(let id):
            guard let job = jobs.removeValue(forKey: id) else { return }
            job.model.scheduler.cancel(id)
            rest(job.model)
        }
    }

    /// One step of the model that has had fewest.
    fileprivate mutating func step() {
        guard let id = turns.next(), let model = models[id] else { return }
        turns.charge(id, 1)
        for event in model.scheduler.step() {
            switch event {
            case .progress(let id, let seconds):
                guard let job = jobs[id] else { continue }
                job.tell(.progress(secondsDone: seconds, durationSeconds: job.audio.durationSeconds))
            case .window(let id, let record): jobs[id]?.tell(.window(record))
            case .finished(let id, let result): jobs.removeValue(forKey: id)?.answer.give(result)
            }
        }
        rest(model)
    }

    private mutating func rest(_ model: PooledTranscriber) {
        guard model.scheduler.isIdle else { return }
        models[ObjectIdentifier(model)] = nil
        turns.leave(ObjectIdentifier(model))
    }
}
