/// What the door is told once, when it is opened.
package struct APISettings: Sendable, Equatable {
    package var host = "127.0.0.1"
    /// 0 for any that is free.
    package var port = 8000
    /// Bytes of an uploaded recording: two hours of ordinary MP3.
    package var uploadBytesMax = 100 << 20
    /// Bytes of a text, a reference or a text file: ten novels.
    package var textBytesMax = 8 << 20
    /// Tasks that may be unfinished at once.
    package var tasksMax = 200
    /// Jobs that may wait in all queues together: what 200 tasks in ten languages can make, and as much again.
    package var queueMax = 8_000
    /// Share of the memory in use from which no task is accepted; nil never refuses.
    package var memoryThreshold: Double? = 0.9
    /// Share of the processors' time in use from which no task is accepted while others wait; nil never refuses.
    package var processorThreshold: Double? = 0.95
    /// Requests a minute from one address while no key exists: it holds off a loop run wild, not a load test.
    package var openRequestsPerMinuteMax = 600_000
    /// Failed authentications a minute from one address.
    package var keyAttemptsPerMinuteMax = 30
    /// Seconds a connection may lie idle.
    package var idleSeconds = 75
    /// Seconds until the whole of a form has to be there, with its recording.
    package var formSecondsMax = 3_600
    /// Seconds until the whole of any other body has to be there.
    package var bodySecondsMax = 60
    /// Seconds an awaited task may take before its caller is told to submit it as a task.
    package var awaitedSecondsMax = 600
    /// Milliseconds between comments that keep an event stream open.
    package var heartbeatMs = 15_000
    /// How long what workers report counts as present.
    package var workerPresentMs: Int64 = 15_000

    package init() {}
}

/// Limits of requests that nobody needs to set.
package enum RequestLimits {
    /// Bytes of one header line.
    package static let headerBytesMax = 16 << 10
    /// Bytes of all header lines together.
    package static let headersBytesMax = 64 << 10
    package static let headerCountMax = 100
    /// Fields of a form beside its file.
    package static let fieldCountMax = 40
    /// Bytes of a form's field that is no text to work on.
    package static let fieldBytesMax = 16 << 10
    /// Bytes of a form beside its file and texts: delimiters, names, short fields.
    package static let formOverheadBytesMax = 1 << 20
    /// Bytes of the header of one part.
    package static let partHeaderBytesMax = 8 << 10
    /// Tasks a page.
    package static let pageMax = 200
    package static let pageDefault = 50
    /// Queries of a batch.
    package static let batchMax = 1_000
    /// Dead letters listed.
    package static let deadLettersMax = 100
    package static let callbackLengthMax = 2_048
    package static let textNumberLengthMax = 64
    package static let idempotencyKeyLengthMax = 255
    /// Characters of a prompt: a model reads its last 223 tokens.
    package static let promptLengthMax = 4_096
    /// Bytes of a body in DeepL's shape, as there.
    package static let deepLBytesMax = 128 << 10
    /// Texts of one call in DeepL's shape, as there.
    package static let textsMax = 50
    /// Bytes of a JSON body that holds no text to work on.
    package static let jsonBytesMax = 1 << 20
}
