import Inference
import TestSupport
import Testing
import Whisper

/// Tests that compute with real weights, one after the other: each takes all cores.
@Suite(.serialized) struct WithWeights {}

/// One model with its workspaces, window by window.
final class WindowEar {
    let model: WhisperModel
    let special: SpecialTokens
    let tokenizer: WhisperTokenizer
    let encoderWorkspace: EncoderWorkspace
    let decoderWorkspace: DecoderWorkspace

    init(_ model: WhisperModel, _ special: SpecialTokens, _ tokenizer: WhisperTokenizer) {
        self.model = model
        self.special = special
        self.tokenizer = tokenizer
        let threads = Engine.threads.count
        encoderWorkspace = EncoderWorkspace(model.dimensions, precision: model.precision, threads: threads)
        decoderWorkspace = DecoderWorkspace(model.dimensions, threads: threads)
    }

    convenience init(_ engine: Engine, _ precision: Precision) throws {
        try self.init(engine.model(precision), engine.special(), engine.tokenizer())
    }

    func mel(_ samples: [Float]) -> Matrix<Float> {
        LogMel(melCount: model.dimensions.melCount).spectrogram(
            samples.prefix(LogMel.samplesMax), kernels: model.kernels, threads: Engine.threads)
    }

    /// `[audioPositions, width]`, good until the next call.
    func encoded(_ samples: [Float], observe: ((Int, Matrix<Float>) -> Void)? = nil) -> Matrix<Float> {
        model.encoder.encode(
            mel(samples), workspace: encoderWorkspace, kernels: model.kernels, threads: Engine.threads,
            observe: observe)
    }

    func window(_ samples: [Float]) -> EncodedWindow {
        model.decoder.window(
            of: encoded(samples), frames: min(LogMel.framesMax, samples.count / LogMel.hopSamples),
            precision: model.precision, workspace: decoderWorkspace, kernels: model.kernels, threads: Engine.threads)
    }

    func languages(_ window: EncodedWindow) -> [Double] {
        model.decoder.languageProbabilities(
            of: window, special: special, workspace: decoderWorkspace, kernels: model.kernels,
            threads: Engine.threads)
    }

    /// - Parameter compressionRatio: of the text of some tokens; nil for the real one.
    func decoder(compressionRatio judged: (([Int]) -> Double)? = nil) -> WindowDecoder {
        let tokenizer = tokenizer
        return WindowDecoder(
            model: model, special: special, threads: Engine.threads, workspace: decoderWorkspace,
            compressionRatio: judged ?? tokenizer.compressionRatio)
    }

    /// - Parameter language: nil for an English-only model.
    func request(
        _ window: EncodedWindow, language: String?, seed: UInt64 = 17, options: DecodingOptions = DecodingOptions()
    ) -> WindowRequest {
        let index = language.flatMap(WhisperLanguage.codes.firstIndex)
        return WindowRequest(
            window: window,
            prompt: [special.startOfTranscript]
                + (index.map { [special.languages.lowerBound + $0, special.transcribe] } ?? []),
            startOfTranscript: 0, seed: seed, options: options)
    }
}
