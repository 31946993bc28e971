import Store

/// The stages, by the queue that feeds each.
package struct Stages: Sendable {
    private let transcribe: Transcribe
    private let translate: Translate
    private let assemble: Assemble
    private let deliver: Deliver

    package init(transcribe: Transcribe, translate: Translate, assemble: Assemble, deliver: Deliver) {
        self.transcribe = transcribe
        self.translate = translate
        self.assemble = assemble
        self.deliver = deliver
    }

    /// Does the work of a job and settles it.
    package func run(_ job: ClaimedJob) async throws {
        switch job.queue {
        case .transcription: try await transcribe.run(job)
        case .translation: try await translate.run(job)
        case .packaging: try await assemble.run(job)
        case .webhook: try await deliver.run(job)
        }
    }
}
