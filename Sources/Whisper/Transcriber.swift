import Foundation
import Inference
import Transcript

/// Turns recordings into text: loads a model once, then decodes windows of any number of recordings side by side.
///
/// Owned by one computation at a time; weights are shared by all that are made from the same `WhisperModel`.
package final class Transcriber {
    /// Recordings whose windows are decoded together.
    package static let openRecordingsMax = 8

    package let model: WhisperModel
    package let tokenizer: WhisperTokenizer
    private let voiceActivity: VoiceActivityModel?
    private let threads: ComputeThreads
    private let special: SpecialTokens
    private let logMel: LogMel
    private let encoderWorkspace: EncoderWorkspace
    private let decoderWorkspace: DecoderWorkspace

    /// Loads a model folder, and the voice activity network where its path is given.
    ///
    /// - Parameter loading: threads to load with, where `threads` are others' meanwhile.
    /// - Throws: `ModelError` or `SafetensorsError`, naming the file.
    package convenience init(
        modelFolder: String, voiceActivityPath: String?, precision: Precision = .int8, kernels: Kernels = .best,
        threads: ComputeThreads, loadedBy loading: ComputeThreads? = nil
    ) throws {
        let tokenizer = Loading { () throws(ModelError) in try WhisperTokenizer(path: modelFolder + "/tokenizer.json") }
        let model = try WhisperModel(
            folder: modelFolder, precision: precision, kernels: kernels, threads: loading ?? threads)
        let voiceActivity = try voiceActivityPath.map { path throws(SafetensorsError) in
            try VoiceActivityModel(path: path, kernels: kernels)
        }
        try self.init(model: model, tokenizer: tokenizer.value(), voiceActivity: voiceActivity, threads: threads)
    }

    /// - Throws: `ModelError.malformed` when tokenizer and weights do not belong together.
    package init(
        model: WhisperModel, tokenizer: WhisperTokenizer, voiceActivity: VoiceActivityModel?, threads: ComputeThreads
    ) throws(ModelError) {
        let d = model.dimensions
        special = SpecialTokens(
            vocabularyCount: d.vocabularyCount, endOfText: tokenizer.endOfText, isMultilingual: d.isMultilingual)
        guard (1...WhisperLanguage.codes.count).contains(special.languages.count) else {
            throw .malformed(
                path: tokenizer.path,
                what: "its \(tokenizer.endOfText) text tokens do not fit a model of \(d.vocabularyCount)")
        }
        guard 2 * d.audioPositions == LogMel.framesMax, d.melCount == 80 || d.melCount == 128 else {
            throw .notTranscribing(positions: d.audioPositions, melCount: d.melCount)
        }
        self.model = model
        self.tokenizer = tokenizer
        self.voiceActivity = voiceActivity
        self.threads = threads
        logMel = LogMel(melCount: d.melCount)
        encoderWorkspace = EncoderWorkspace(d, precision: model.precision, threads: threads.count)
        decoderWorkspace = DecoderWorkspace(d, threads: threads.count)
    }

    /// Transcribes one recording.
    ///
    /// - Parameters:
    ///   - read: gives the audio; called from this thread, never for more than two seconds at once.
    ///   - progress: seconds of audio done so far.
    /// - Throws: what `read` throws; `TranscriptionError`.
    package func transcribe(
        _ read: @escaping SampleReader, options: TranscriptionOptions = TranscriptionOptions(),
        progress: (Double) -> Void = { _ in }
    ) throws -> Recording {
        var result: Result<Recording, any Error>?
        var source: SampleReader? = read
        try transcribe(options: options) {
            defer { source = nil }
            return source
        } progress: { _, seconds in
            progress(seconds)
        } done: {
            result = $1
        }
        // Every source that was opened is done when the call returns.
        return try result!.get()
    }

    /// Transcribes recordings, up to `openRecordingsMax` at a time, their windows decoded together.
    ///
    /// - Parameters:
    ///   - next: the reader of the next recording; nil when there are no more.
    ///   - progress: number of a recording and seconds of it done so far.
    ///   - done: number of a recording and what came of it; one that fails does not stop the others.
    /// - Throws: `TranscriptionError` for options the model cannot meet; `ModelError` for an unusable prompt.
    package func transcribe(
        options: TranscriptionOptions, next: () -> SampleReader?, progress: (Int, Double) -> Void,
        done: (Int, Result<Recording, any Error>) -> Void
    ) throws {
        let scheduler = TranscriptionScheduler(self)
        var opened = 0
        var hasMore = true
        while hasMore || !scheduler.isIdle {
            if hasMore, scheduler.openCount < Transcriber.openRecordingsMax, scheduler.wantsMore(options.decoding) {
                if let read = next() {
                    // One after the other: a later one fills the room that the earlier ones leave.
                    try scheduler.add(id: opened, read: read, options: options, priority: -opened)
                    opened += 1
                } else {
                    hasMore = false
                }
            }
            for event in scheduler.step() {
                switch event {
                case .progress(let number, let seconds): progress(number, seconds)
                case .window: break
                case .finished(let number, let result): done(number, result)
                }
            }
        }
    }

    /// The tokens of the prompt of options that the model can meet.
    func checkedPrompt(of options: TranscriptionOptions) throws -> [Int] {
        try check(options)
        let prompt = (options.prompt ?? "").trimmingCharacters(in: .whitespacesAndNewlines)
        guard !prompt.isEmpty else { return [] }
        return try tokenizer.encode(" " + prompt.suffix(TranscriptionOptions.promptCharactersMax))
    }

    private func check(_ options: TranscriptionOptions) throws(TranscriptionError) {
        if let code = options.language {
            guard let index = WhisperLanguage.codes.firstIndex(of: code), index < special.languages.count else {
                throw .unknownLanguage(code: code)
            }
            guard special.isMultilingual || code == "en" else { throw .englishOnly(asked: code) }
        }
        guard special.isMultilingual || options.task == .transcribe else { throw .englishOnly(asked: "translation") }
        guard !options.usesVoiceActivity || voiceActivity != nil else { throw .noVoiceActivityModel }
    }

    func session(_ read: @escaping SampleReader, _ options: TranscriptionOptions, _ promptTokens: [Int])
        -> RecordingSession
    {
        let session = RecordingSession(
            read: read, options: options, promptTokens: promptTokens,
            detector: options.usesVoiceActivity ? voiceActivity?.detector() : nil)
        if !special.isMultilingual { session.language = ("en", 1) }
        return session
    }

    func decoder() -> WindowDecoder {
        let tokenizer = tokenizer
        return WindowDecoder(model: model, special: special, threads: threads, workspace: decoderWorkspace) {
            tokenizer.compressionRatio($0)
        }
    }

    /// Log-mel, encoder, and the keys and values of the decoder's cross-attention.
    func encode(before: ArraySlice<Float>, own: ArraySlice<Float>, after: ArraySlice<Float>) -> EncodedWindow {
        let mel = logMel.spectrogram(own, before: before, after: after, kernels: model.kernels, threads: threads)
        let encoded = model.encoder.encode(mel, workspace: encoderWorkspace, kernels: model.kernels, threads: threads)
        return model.decoder.window(
            of: encoded, frames: mel.rows, precision: model.precision, workspace: decoderWorkspace,
            kernels: model.kernels, threads: threads)
    }

    func languageProbabilities(_ window: EncodedWindow) -> [Double] {
        model.decoder.languageProbabilities(
            of: window, special: special, workspace: decoderWorkspace, kernels: model.kernels, threads: threads)
    }

    /// The tokens that say what is to be written.
    func startOfTranscript(language: String, task: TranscriptionOptions.Task) -> [Int] {
        // Checked against the model's languages when it was asked for.
        guard special.isMultilingual, let index = WhisperLanguage.codes.firstIndex(of: language) else {
            return [special.startOfTranscript]
        }
        return [
            special.startOfTranscript, special.languages.lowerBound + index,
            task == .translate ? special.translate : special.transcribe,
        ]
    }

    /// The request of a window whose past is `past`.
    func request(
        _ window: EncodedWindow, past: [Int], start: [Int], seed: UInt64, options: DecodingOptions
    ) -> WindowRequest {
        let past = past.suffix(model.dimensions.textPositions / 2 - 1)
        let prompt = (past.isEmpty ? [] : [special.startOfPrevious]) + past + start
        return WindowRequest(
            window: window, prompt: prompt, startOfTranscript: prompt.count - start.count, seed: seed,
            options: options)
    }

    /// How a decoded window becomes segments of its recording.
    func reading(_ session: RecordingSession, _ options: TranscriptionOptions) -> WindowReading {
        let language = session.languageCode
        return WindowReading(
            special: special, tokenizer: tokenizer, language: options.task == .translate ? "en" : language,
            options: options,
            timing: options.hasWordTimes
                ? WordTiming(
                    decoder: model.decoder, heads: model.configuration.alignmentHeads, special: special,
                    tokenizer: tokenizer, workspace: decoderWorkspace, kernels: model.kernels, threads: threads) : nil,
            startOfTranscript: startOfTranscript(language: language, task: options.task))
    }
}

/// A value that another thread works out meanwhile.
private final class Loading<Value: Sendable>: @unchecked Sendable {
    // Written before the semaphore is signalled, read after it was waited for.
    private var result: Result<Value, ModelError>?
    private let isDone = DispatchSemaphore(value: 0)

    init(_ work: @escaping @Sendable () throws(ModelError) -> Value) {
        let thread = Thread { [self] in
            result = Result(catching: work)
            isDone.signal()
        }
        thread.stackSize = 8 << 20
        thread.start()
    }

    /// Waits for the value; call it once.
    func value() throws(ModelError) -> Value {
        isDone.wait()
        return try result!.get()
    }
}
