import Foundation
import Inference

/// Silero's voice activity network, version 6, 16 kHz: the probability that somebody speaks, every 32 ms.
///
/// - Source: snakers4/silero-vad 6.2 (a spectrum, four convolutions, one LSTM cell).
package struct VoiceActivityModel: Sendable {
    /// Samples of one frame: 32 ms.
    package static let frameSamples = 512
    /// Samples of the former frame each frame sees again.
    static let contextSamples = 64
    /// Frames whose convolutions are computed together: two seconds.
    static let blockFrames = 64

    /// Bins of the spectrum, padded to what the kernels take.
    private static let bins = 129
    private static let binsPadded = 144
    static let hiddenSize = 128

    fileprivate let spectrum: PackedMatrix
    fileprivate let convolutions: [Linear]
    fileprivate let input: Linear
    fileprivate let recurrent: PackedMatrix
    fileprivate let output: [Float]
    fileprivate let outputBias: Float
    fileprivate let kernels: Kernels

    /// - Throws: `SafetensorsError` naming the tensor that is missing or misshapen.
    package init(path: String, kernels: Kernels = .best) throws(SafetensorsError) {
        let file = try Safetensors(path: path)
        self.kernels = kernels
        func packed(_ rows: Int, _ columns: Int, _ value: (Int, Int) -> Float) -> PackedMatrix {
            let matrix = Matrix<Float>(rows: rows, columns: columns)
            for row in 0..<rows { matrix.setRow(row, (0..<columns).map { value(row, $0) }) }
            return PackedMatrix(matrix, precision: .float32, kernels: kernels)
        }
        let basis = try file.floats("stft_conv.weight", [258, 1, 256])
        spectrum = packed(258, 256) { basis[$0 * 256 + $1] }
        // [out, in, 3] to rows of three neighbouring steps, each padded to `depth` channels.
        func convolution(_ name: String, _ out: Int, _ channels: Int, depth: Int) throws(SafetensorsError) -> Linear {
            let weight = try file.floats(name + ".weight", [out, channels, 3])
            return Linear(
                weights: packed(out, 3 * depth) { row, column in
                    let (tap, channel) = (column / depth, column % depth)
                    return channel < channels ? weight[(row * channels + channel) * 3 + tap] : 0
                }, bias: try file.floats(name + ".bias", [out]))
        }
        let last = try file.floats("conv4.weight", [128, 64, 3])
        convolutions = [
            try convolution("conv1", 128, VoiceActivityModel.bins, depth: VoiceActivityModel.binsPadded),
            try convolution("conv2", 64, 128, depth: 128), try convolution("conv3", 64, 64, depth: 64),
            // A single step is left, with padding on both sides: only the middle tap ever sees it.
            Linear(
                weights: packed(128, 64) { last[($0 * 64 + $1) * 3 + 1] }, bias: try file.floats("conv4.bias", [128])),
        ]
        let size = VoiceActivityModel.hiddenSize
        let fromInput = try file.floats("lstm_cell.weight_ih", [4 * size, size])
        let fromHidden = try file.floats("lstm_cell.weight_hh", [4 * size, size])
        let inputBias = try file.floats("lstm_cell.bias_ih", [4 * size])
        let hiddenBias = try file.floats("lstm_cell.bias_hh", [4 * size])
        input = Linear(
            weights: packed(4 * size, size) { fromInput[$0 * size + $1] },
            bias: zip(inputBias, hiddenBias).map { $0 + $1 })
        recurrent = packed(4 * size, size) { fromHidden[$0 * size + $1] }
        output = try file.floats("final_conv.weight", [1, size, 1])
        outputBias = try file.floats("final_conv.bias", [1])[0]
    }

    /// A detector for one stream of audio.
    package func detector() -> VoiceActivityDetector { VoiceActivityDetector(self) }
}

/// The state of voice activity detection over one stream.
package struct VoiceActivityDetector {
    private let model: VoiceActivityModel
    private var context = [Float](repeating: 0, count: VoiceActivityModel.contextSamples)
    private let cell = Matrix<Float>(rows: 1, columns: VoiceActivityModel.hiddenSize)
    private let hidden = Matrix<Float>(rows: 1, columns: VoiceActivityModel.hiddenSize)

    // One block's activations; rows that fall between two frames are computed and overwritten with zero or ignored.
    private let samples = Matrix<Float>(rows: 1, columns: VoiceActivityModel.blockFrames * 640 + 256)
    private let spectra = Matrix<Float>(rows: 5 * VoiceActivityModel.blockFrames, columns: 258)
    private let magnitudes = Matrix<Float>(rows: 6 * VoiceActivityModel.blockFrames + 2, columns: 144)
    private let first = Matrix<Float>(rows: 6 * VoiceActivityModel.blockFrames + 2, columns: 128)
    private let second = Matrix<Float>(rows: 3 * VoiceActivityModel.blockFrames + 1, columns: 64)
    private let third = Matrix<Float>(rows: VoiceActivityModel.blockFrames, columns: 64)
    private let fourth = Matrix<Float>(rows: VoiceActivityModel.blockFrames, columns: 128)
    private let gates = Matrix<Float>(rows: VoiceActivityModel.blockFrames, columns: 512)

    fileprivate init(_ model: VoiceActivityModel) { self.model = model }

    /// Probabilities of speech of the next frames of the stream.
    ///
    /// - Parameter audio: whole frames of 512 samples; the last one of a stream padded with zeros by the caller.
    /// - Returns: one number in 0…1 a frame.
    package mutating func probabilities(_ audio: ArraySlice<Float>) -> [Float] {
        precondition(audio.count % VoiceActivityModel.frameSamples == 0)
        var result: [Float] = []
        var rest = audio
        while !rest.isEmpty {
            let count = min(VoiceActivityModel.blockFrames, rest.count / VoiceActivityModel.frameSamples)
            result += block(rest.prefix(count * VoiceActivityModel.frameSamples), count)
            rest = rest.dropFirst(count * VoiceActivityModel.frameSamples)
        }
        return result
    }

    private mutating func block(_ audio: ArraySlice<Float>, _ count: Int) -> [Float] {
        let (kernels, model) = (model.kernels, model)
        lay(audio, count)
        let dummy = QuantizedRows(rows: 0, depth: 16)
        let windows = Matrix(samples.buffer, rows: 5 * count, columns: 256, stride: 128)
        model.spectrum.multiply(
            windows, quantized: dummy, bias: nil, into: spectra.rows(0..<5 * count), kernels: kernels)
        for frame in 0..<count {
            magnitudes.fill(0, row: 6 * frame, columns: 0..<144)
            magnitudes.fill(0, row: 6 * frame + 5, columns: 0..<144)
            for step in 0..<4 {
                let bins = spectra.row(5 * frame + step)
                magnitudes.setRow(
                    6 * frame + step + 1,
                    (0..<129).map { (bins[$0] * bins[$0] + bins[$0 + 129] * bins[$0 + 129]).squareRoot() })
            }
        }
        func apply(_ index: Int, _ x: Matrix<Float>, _ y: Matrix<Float>) {
            let layer = model.convolutions[index]
            layer.weights.multiply(
                x, quantized: dummy, bias: layer.bias, into: y, epilogue: .relu, kernels: kernels)
        }
        apply(
            0, Matrix(magnitudes.buffer, rows: 6 * count, columns: 3 * 144, stride: 144), first.rows(1..<6 * count + 1))
        for frame in 0..<count {
            first.fill(0, row: 6 * frame, columns: 0..<128)
            first.fill(0, row: 6 * frame + 5, columns: 0..<128)
        }
        apply(
            1, Matrix(first.buffer, rows: 3 * count, columns: 3 * 128, stride: 2 * 128), second.rows(1..<3 * count + 1))
        for frame in 0..<count { second.fill(0, row: 3 * frame, columns: 0..<64) }
        apply(2, Matrix(second.buffer, rows: count, columns: 3 * 64, stride: 3 * 64), third.rows(0..<count))
        apply(3, third.rows(0..<count), fourth.rows(0..<count))
        model.input.weights.multiply(
            fourth.rows(0..<count), quantized: dummy, bias: model.input.bias, into: gates.rows(0..<count),
            kernels: kernels)
        return (0..<count).map { frame in
            let own = gates.rows(frame..<frame + 1)
            model.recurrent.multiply(
                hidden, quantized: dummy, bias: nil, into: own, epilogue: .accumulate, kernels: kernels)
            kernels.lstmStep(own, row: 0, cell: cell, hidden: hidden)
            var score = model.outputBias
            for (weight, value) in zip(model.output, hidden.row(0)) { score += weight * max(0, value) }
            return 1 / (1 + exp(-score))
        }
    }

    /// Each frame with the end of the former one before it and its own end mirrored behind it: 640 samples.
    private mutating func lay(_ audio: ArraySlice<Float>, _ count: Int) {
        for frame in 0..<count {
            let start = audio.startIndex + frame * VoiceActivityModel.frameSamples
            let own = audio[start..<start + VoiceActivityModel.frameSamples]
            let seen = context + own
            let mirrored = seen.suffix(65).dropLast().reversed()
            samples.columns(frame * 640..<(frame + 1) * 640).setRow(0, seen + mirrored)
            context = Array(own.suffix(VoiceActivityModel.contextSamples))
        }
    }
}
