import Foundation
import Inference

/// The weights of one Whisper model, immutable, one copy for all that a process transcribes.
package struct WhisperModel: Sendable {
    package let dimensions: WhisperDimensions
    package let encoder: AudioEncoder
    package let decoder: TextDecoder
    package let configuration: WhisperConfiguration
    package let precision: Precision
    package let kernels: Kernels

    /// Loads a CTranslate2 folder (`model.bin`, `config.json`) and packs its weights.
    ///
    /// - Throws: `ModelError` naming the file and what is wrong with it.
    package init(
        folder: String, precision: Precision = .int8, kernels: Kernels = .best, threads: ComputeThreads
    ) throws(ModelError) {
        let file = try CTranslate2File(path: folder + "/model.bin")
        guard file.specification == "WhisperSpec" else {
            throw .notWhisper(path: file.path, specification: file.specification)
        }
        let loader = try WeightLoader(file: file, precision: precision, kernels: kernels, threads: threads)
        dimensions = loader.dimensions
        configuration = try WhisperConfiguration(path: folder + "/config.json", dimensions: dimensions)
        encoder = try loader.encoder()
        decoder = try loader.decoder()
        self.precision = precision
        self.kernels = kernels
        file.release()
    }
}

/// `config.json`: token lists the converter fixed, and the heads that follow words.
package struct WhisperConfiguration: Sendable {
    package let suppressed: [Int]
    package let suppressedAtBegin: [Int]
    package let alignmentHeads: [AlignmentHead]

    /// Largest `config.json` read; published ones have 2 kB.
    package static let bytesMax = 1 << 20

    private struct File: Decodable {
        var suppressed: [Int]?
        var suppressedAtBegin: [Int]?
        var alignmentHeads: [[Int]]?

        enum CodingKeys: String, CodingKey {
            case suppressed = "suppress_ids"
            case suppressedAtBegin = "suppress_ids_begin"
            case alignmentHeads = "alignment_heads"
        }
    }

    package init(path: String, dimensions: WhisperDimensions) throws(ModelError) {
        let data = try Data(modelFile: path, bytesMax: WhisperConfiguration.bytesMax)
        let file: File
        do { file = try JSONDecoder().decode(File.self, from: data) } catch {
            throw .malformed(path: path, what: "it is no JSON object of token lists")
        }
        let tokens = 0..<dimensions.vocabularyCount
        suppressed = file.suppressed ?? []
        suppressedAtBegin = file.suppressedAtBegin ?? []
        guard (suppressed + suppressedAtBegin).allSatisfy(tokens.contains) else {
            throw .malformed(path: path, what: "it suppresses tokens past the vocabulary of \(tokens.count)")
        }
        // Unknown models: all heads of the upper half of the layers.
        let pairs =
            file.alignmentHeads
            ?? (dimensions.decoderLayers / 2..<dimensions.decoderLayers).flatMap { layer in
                (0..<dimensions.heads).map { [layer, $0] }
            }
        guard
            pairs.allSatisfy({
                $0.count == 2 && (0..<dimensions.decoderLayers).contains($0[0])
                    && (0..<dimensions.heads).contains($0[1])
            })
        else { throw .malformed(path: path, what: "it names alignment heads the model does not have") }
        guard Set(pairs).count == pairs.count else { throw .malformed(path: path, what: "it names a head twice") }
        alignmentHeads = pairs.map { AlignmentHead(layer: $0[0], head: $0[1]) }
    }
}

/// Names and shapes of the weight file, turned into layers.
private struct WeightLoader {
    let file: CTranslate2File
    let precision: Precision
    let kernels: Kernels
    let threads: ComputeThreads
    let dimensions: WhisperDimensions

    /// Largest sizes of a published model (large-v3), with room; they keep a hostile header from asking for more.
    private static let widthMax = 8_192
    private static let layersMax = 128

    init(
        file: CTranslate2File, precision: Precision, kernels: Kernels, threads: ComputeThreads
    ) throws(ModelError) {
        self.file = file
        self.precision = precision
        self.kernels = kernels
        self.threads = threads
        let convolution = try file.shape("encoder/conv1/weight")
        guard convolution.count == 3, convolution[2] == 3 else {
            throw .wrongShape(path: file.path, name: "encoder/conv1/weight", expected: [0, 0, 3], found: convolution)
        }
        func matrix(_ name: String) throws(ModelError) -> [Int] {
            let shape = try file.shape(name)
            guard shape.count == 2 else {
                throw .wrongShape(path: file.path, name: name, expected: [0, convolution[0]], found: shape)
            }
            return shape
        }
        var layers = [0, 0]
        for (index, side) in ["encoder", "decoder"].enumerated() {
            while layers[index] < WeightLoader.layersMax,
                file.has("\(side)/layer_\(layers[index])/ffn/linear_0/weight")
            { layers[index] += 1 }
        }
        dimensions = WhisperDimensions(
            melCount: convolution[1],
            audioPositions: try file.has("encoder/position_encodings/encodings")
                ? matrix("encoder/position_encodings/encodings")[0] : 1_500,
            width: convolution[0],
            heads: try file.scalar("encoder/num_heads"), encoderLayers: layers[0], decoderLayers: layers[1],
            textPositions: try matrix("decoder/position_encodings/encodings")[0],
            vocabularyCount: try matrix("decoder/embeddings/weight")[0])
        let d = dimensions
        guard d.width == d.heads * Kernels.headSize, d.width <= WeightLoader.widthMax, d.melCount % 16 == 0,
            d.melCount > 0, (1...8_192).contains(d.audioPositions), (8...8_192).contains(d.textPositions),
            (1_600...1_000_000).contains(d.vocabularyCount), layers.allSatisfy({ $0 > 0 })
        else { throw .malformed(path: file.path, what: "its sizes are no Whisper model's: \(d)") }
    }

    func encoder() throws(ModelError) -> AudioEncoder {
        let d = dimensions
        var layers: [AudioEncoder.Layer] = []
        for index in 0..<d.encoderLayers {
            let name = "encoder/layer_\(index)"
            // What the first layer rounds, all others amplify: half of the encoder's error comes from these products.
            let bits: ActivationBits = index == 0 ? .sixteen : .eight
            layers.append(
                AudioEncoder.Layer(
                    attentionNorm: try norm(name + "/self_attention/layer_norm"),
                    queryKeyValue: try linear(name + "/self_attention/linear_0", [3 * d.width, d.width], bits: bits),
                    attentionOut: try linear(name + "/self_attention/linear_1", [d.width, d.width], bits: bits),
                    feedForwardNorm: try norm(name + "/ffn/layer_norm"),
                    feedForward1: try linear(name + "/ffn/linear_0", [4 * d.width, d.width], bits: bits),
                    feedForward2: try linear(name + "/ffn/linear_1", [d.width, 4 * d.width], bits: bits)))
        }
        return AudioEncoder(
            dimensions: d, convolution1: try convolution("encoder/conv1", inputs: d.melCount),
            convolution2: try convolution("encoder/conv2", inputs: d.width),
            positions: try encoderPositions(), layers: layers, norm: try norm("encoder/layer_norm"))
    }

    /// Activations of 16 bits in every step: reading the weights is the work, and a token once wrong stays wrong. Keys
    /// and values of the audio are made of whole windows, at the encoder's cost, and keep to 8.
    func decoder() throws(ModelError) -> TextDecoder {
        let d = dimensions
        var layers: [TextDecoder.Layer] = []
        for index in 0..<d.decoderLayers {
            let name = "decoder/layer_\(index)"
            layers.append(
                TextDecoder.Layer(
                    selfNorm: try norm(name + "/self_attention/layer_norm"),
                    selfQueryKeyValue: try linear(
                        name + "/self_attention/linear_0", [3 * d.width, d.width], bits: .sixteen),
                    selfOut: try linear(name + "/self_attention/linear_1", [d.width, d.width], bits: .sixteen),
                    crossNorm: try norm(name + "/attention/layer_norm"),
                    crossQuery: try linear(name + "/attention/linear_0", [d.width, d.width], bits: .sixteen),
                    crossKeyValue: try linear(name + "/attention/linear_1", [2 * d.width, d.width]),
                    crossOut: try linear(name + "/attention/linear_2", [d.width, d.width], bits: .sixteen),
                    feedForwardNorm: try norm(name + "/ffn/layer_norm"),
                    feedForward1: try linear(name + "/ffn/linear_0", [4 * d.width, d.width], bits: .sixteen),
                    feedForward2: try linear(name + "/ffn/linear_1", [d.width, 4 * d.width], bits: .sixteen)))
        }
        try file.expect("decoder/embeddings/weight", [d.vocabularyCount, d.width])
        try file.expect("decoder/projection/weight", [d.vocabularyCount, d.width])
        return TextDecoder(
            dimensions: d, embeddings: try file.rows("decoder/embeddings/weight"),
            positions: try table("decoder/position_encodings/encodings", rows: d.textPositions), layers: layers,
            norm: try norm("decoder/layer_norm"),
            projection: Linear(weights: try packed("decoder/projection/weight"), bias: nil, activationBits: .sixteen))
    }

    private func norm(_ name: String) throws(ModelError) -> LayerNorm {
        LayerNorm(
            gamma: try file.vector(name + "/gamma", count: dimensions.width, kernels: kernels),
            beta: try file.vector(name + "/beta", count: dimensions.width, kernels: kernels))
    }

    private func linear(
        _ name: String, _ shape: [Int], bits: ActivationBits = .eight
    ) throws(ModelError) -> Linear {
        try file.expect(name + "/weight", shape)
        return Linear(
            weights: try packed(name + "/weight"),
            bias: try file.vector(name + "/bias", count: shape[0], kernels: kernels), activationBits: bits)
    }

    private func packed(_ name: String) throws(ModelError) -> PackedMatrix {
        let source = try file.rows(name)
        return PackedMatrix(
            outputs: source.rows, inputs: source.columns,
            precision: precision, kernels: kernels, threads: threads,
            source: source)
    }

    /// `[out, in, 3]` in the file; its rows here read three frames of `in` values each.
    private func convolution(_ name: String, inputs: Int) throws(ModelError) -> Linear {
        let width = dimensions.width
        try file.expect(name + "/weight", [width, inputs, 3])
        let source = try file.rows(name + "/weight")
        let turned = Matrix<Float>(rows: width, columns: 3 * inputs)
        let row = Matrix<Float>(rows: 1, columns: 3 * inputs)
        for output in 0..<width {
            source.widen(output, row, kernels)
            let values = row.row(0)
            turned.setRow(output, (0..<3 * inputs).map { values[$0 % inputs * 3 + $0 / inputs] })
        }
        return Linear(
            weights: PackedMatrix(turned, precision: precision, kernels: kernels),
            bias: try file.vector(name + "/bias", count: width, kernels: kernels), activationBits: .sixteen)
    }

    private func encoderPositions() throws(ModelError) -> Matrix<Float> {
        let d = dimensions
        if file.has("encoder/position_encodings/encodings") {
            return try table("encoder/position_encodings/encodings", rows: d.audioPositions)
        }
        // Files without the table: sines then cosines of geometrically spaced frequencies.
        let half = d.width / 2
        let table = Matrix<Float>(rows: d.audioPositions, columns: d.width)
        for position in 0..<d.audioPositions {
            let angles = (0..<half).map { Double(position) * exp(-log(10_000) * Double($0) / Double(half - 1)) }
            table.setRow(position, angles.map { Float(sin($0)) } + angles.map { Float(cos($0)) })
        }
        return table
    }

    private func table(_ name: String, rows: Int) throws(ModelError) -> Matrix<Float> {
        try file.expect(name, [rows, dimensions.width])
        let source = try file.rows(name)
        let table = Matrix<Float>(rows: rows, columns: dimensions.width)
        for row in 0..<rows { source.widen(row, table.rows(row..<row + 1), kernels) }
        return table
    }
}
