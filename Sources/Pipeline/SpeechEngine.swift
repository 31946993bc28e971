import Audio
import Foundation
import Transcript
import Whisper

/// A recording to be transcribed.
package struct SpeechJob: Sendable {
    /// Of the file, whatever it holds.
    package var path: String
    /// A name of the catalog.
    package var model: String
    package var options: TranscriptionOptions
    /// Higher first.
    package var priority = 0
    /// Windows that were decoded before, of the same audio by the same model and options.
    package var done: [WindowRecord] = []

    package init(path: String, model: String, options: TranscriptionOptions) {
        self.path = path
        self.model = model
        self.options = options
    }
}

/// What is told of a recording on its way.
package enum SpeechEvent: Sendable {
    /// - Parameter durationSeconds: as far as the file tells it beforehand; exact for WAV and where it was decoded.
    case progress(secondsDone: Double, durationSeconds: Double?)
    case window(WindowRecord)
    /// The last one.
    case finished(Recording, findings: [AudioFinding])
}

/// Turns recordings of any number of callers into text, their windows decoded together.
package final class SpeechEngine: Sendable {
    /// Recordings that ffmpeg decodes at once; each takes a process and up to `AudioLimits.decoderMemoryBytesMax`.
    package static let decodersMax = 8

    private let pool: ModelPool
    private let work: SpeechWork
    private let limits: AudioLimits
    private let searchPath: String
    private let decoders = BlockingThreads("decode", countMax: SpeechEngine.decodersMax)
    /// Files are looked at beside those that are decoded.
    private let files = BlockingThreads("open", countMax: 2)

    /// - Parameter searchPath: folders of ffmpeg, ffprobe and prlimit.
    package init(
        pool: ModelPool, executor: ComputeExecutor, limits: AudioLimits = AudioLimits(),
        searchPath: String = AudioReader.programs
    ) {
        self.pool = pool
        work = SpeechWork(executor)
        self.limits = limits
        self.searchPath = searchPath
    }

    /// Recordings that are being transcribed, or wait for their turn; not those that are being decoded.
    package var underWay: Int { work.jobCount }

    /// Transcribes a recording. What was begun is dropped within a step when the stream is let go or the task that reads
    /// it is cancelled; it ends without `finished` then.
    ///
    /// The stream throws `AudioError`, `TranscriptionError`, `ModelError`, `SafetensorsError` and `CatalogError`
    /// (`unknownModel`, `notInstalled`, `altered`) as they are.
    package func transcribe(_ job: SpeechJob) -> AsyncThrowingStream<SpeechEvent, any Error> {
        AsyncThrowingStream { continuation in
            let task = Task {
                do {
                    let audio = try await open(job.path)
                    let recording = try await pool.withSpeech(job.model) { model in
                        try await work.transcribe(audio, job, by: model) { continuation.yield($0) }
                    }
                    continuation.yield(.finished(recording, findings: audio.findings))
                    continuation.finish()
                } catch {
                    // Whoever stopped it is not told so as if something had gone wrong.
                    continuation.finish(throwing: Task.isCancelled ? nil : error)
                }
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    /// Loads a model and runs it once, so that its first recording finds it warm.
    ///
    /// - Throws: what loading does.
    package func warm(_ name: String) async throws {
        var options = TranscriptionOptions()
        options.language = "en"
        options.usesVoiceActivity = false
        options.decoding.tokensMax = 1
        options.decoding.temperatures = [0]
        let job = SpeechJob(path: "", model: name, options: options)
        try await pool.withSpeech(name) { model in
            _ = try await work.transcribe(.second, job, by: model) { _ in }
        }
    }

    /// Opens a recording, and decodes it where that takes another program: one that hangs holds one of `decodersMax`
    /// places until `AudioLimits.stallSecondsMax`, and nobody who computes.
    private func open(_ path: String) async throws -> OpenAudio {
        let direct = try await files.run { [limits, searchPath] _ -> OpenAudio? in
            guard try AudioFile(path: path, limits: limits).wavHeader()?.format != nil else { return nil }
            return OpenAudio(try AudioReader(path: path, limits: limits, searchPath: searchPath))
        }
        if let direct { return direct }
        return try await decoders.run { [limits, searchPath] stop in
            let reader = try AudioReader(path: path, limits: limits, searchPath: searchPath)
            return OpenAudio(try SpooledSamples(reader) { stop.isAsked })
        }
    }
}

/// Audio that can be read without waiting.
///
/// Unchecked: made by one thread, then read by the compute thread alone; its findings are asked for after the last
/// read.
final class OpenAudio: @unchecked Sendable {
    let read: SampleReader
    let durationSeconds: Double?
    private let found: () -> [AudioFinding]

    /// A second of silence.
    static var second: OpenAudio {
        var left = AudioReader.sampleRateHz
        return OpenAudio(durationSeconds: 1, found: { [] }) { countMax in
            let count = min(countMax, left)
            left -= count
            return [Float](repeating: 0, count: count)
        }
    }

    convenience init(_ reader: AudioReader) {
        self.init(durationSeconds: reader.durationSeconds, found: { reader.findings }) { try reader.read(upTo: $0) }
    }

    convenience init(_ samples: SpooledSamples) {
        self.init(
            durationSeconds: Double(samples.count) / Double(AudioReader.sampleRateHz), found: { samples.findings }
        ) { try samples.read(upTo: $0) }
    }

    private init(durationSeconds: Double?, found: @escaping () -> [AudioFinding], read: @escaping SampleReader) {
        self.read = read
        self.durationSeconds = durationSeconds
        self.found = found
    }

    var findings: [AudioFinding] { found() }
}
