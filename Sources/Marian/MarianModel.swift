import Foundation
import Inference

/// The network of one direction, immutable, one copy for all that a process translates.
package struct MarianModel: Sendable {
    /// Ends a sentence, and stands for text without a piece, in every vocabulary of this kind.
    package static let endToken = 0
    package static let unknownToken = 1
    /// Pieces of one sentence, its end not counted; longer ones are cut into parts.
    package static let piecesMax = 127
    /// Target tokens for each source token, its end counted; what has not ended by then is cut short.
    package static let targetPerSourceMax = 2

    /// With 16, sentences come out as in float32. With eight, a fifth of them do not, in three quarters of the time.
    static let activationBits = ActivationBits.sixteen

    package let dimensions: MarianDimensions
    package let kernels: Kernels
    let sourceVocabulary: SentencePiece
    let targetVocabulary: SentencePiece
    let shortlist: Shortlist
    let encoder: [EncoderLayer]
    let decoder: [DecoderLayer]
    let sourceEmbeddings: Embeddings
    let targetEmbeddings: Embeddings
    /// Rows of the last product, from the mapped file: each sentence packs those it needs.
    let outputRows: RowSource
    let outputBias: Buffer<Float>

    /// Loads `model.*.bin`, `lex.*.bin` and `vocab.*.spm`, or `srcvocab.*.spm` and `trgvocab.*.spm`, of a folder.
    ///
    /// - Throws: `MarianError` naming the file and what is wrong with it.
    package init(folder: String, kernels: Kernels = .best, threads: ComputeThreads) throws(MarianError) {
        let files = try MarianFolder(folder)
        // Vocabularies take the library longer than the weights take us: they are read beside.
        let vocabularies = Vocabularies(files)
        let loader = try WeightLoader(path: files.model, kernels: kernels, threads: threads)
        let d = loader.dimensions
        dimensions = d
        self.kernels = kernels
        encoder = try loader.encoder()
        decoder = try loader.decoder()
        let source = d.isShared ? "Wemb" : "encoder_Wemb"
        let target = d.isShared ? "Wemb" : "decoder_Wemb"
        let root = Float(d.width).squareRoot()
        let positions = Embeddings.positions(
            MarianModel.targetPerSourceMax * (MarianModel.piecesMax + 1), width: d.width)
        sourceEmbeddings = Embeddings(
            table: try loader.embeddings(source, d.sourceVocabulary, factor: root), positions: positions)
        targetEmbeddings = Embeddings(
            table: try loader.embeddings(target, d.targetVocabulary, factor: root), positions: positions)
        outputRows = try loader.embeddings(target, d.targetVocabulary, factor: 1)
        outputBias = Buffer(try loader.file.floats("decoder_ff_logit_out_b", count: d.targetVocabulary))
        shortlist = try Shortlist(
            path: files.shortlist, sourceVocabulary: d.sourceVocabulary, targetVocabulary: d.targetVocabulary)
        (sourceVocabulary, targetVocabulary) = try vocabularies.wait(d)
        loader.file.release()
    }
}

/// The files of a direction, whatever pair of languages their names have in the middle.
private struct MarianFolder {
    let model: String
    let shortlist: String
    let sourceVocabulary: String
    let targetVocabulary: String

    init(_ folder: String) throws(MarianError) {
        let names: [String]
        do { names = try FileManager.default.contentsOfDirectory(atPath: folder) } catch {
            throw .unreadable(path: folder, reason: error.localizedDescription)
        }
        func file(_ start: String, _ end: String) throws(MarianError) -> String {
            let found = names.filter { $0.hasPrefix(start) && $0.hasSuffix(end) }
            guard let name = found.first else { throw .missingFile(folder: folder, name: start + "*" + end) }
            guard found.count == 1 else { throw .severalFiles(folder: folder, name: start + "*" + end) }
            return folder + "/" + name
        }
        model = try file("model.", ".bin")
        shortlist = try file("lex.", ".bin")
        if names.contains(where: { $0.hasPrefix("srcvocab.") }) {
            sourceVocabulary = try file("srcvocab.", ".spm")
            targetVocabulary = try file("trgvocab.", ".spm")
        } else {
            sourceVocabulary = try file("vocab.", ".spm")
            targetVocabulary = sourceVocabulary
        }
    }
}

/// Both vocabularies of a direction, read on a thread each while the caller does other things.
private final class Vocabularies: Sendable {
    private let reading: [Reading]

    init(_ files: MarianFolder) {
        let paths = [files.sourceVocabulary, files.targetVocabulary]
        reading = (paths[0] == paths[1] ? [paths[0]] : paths).map(Reading.init)
    }

    /// - Throws: `MarianError` where one is no vocabulary, or has not the pieces of its model.
    func wait(_ dimensions: MarianDimensions) throws(MarianError) -> (SentencePiece, SentencePiece) {
        let source = try reading[0].wait(pieces: dimensions.sourceVocabulary)
        return (source, try reading.count == 1 ? source : reading[1].wait(pieces: dimensions.targetVocabulary))
    }

    /// Unchecked: `result` is written before `done` is signalled and read after.
    private final class Reading: @unchecked Sendable {
        private let done = DispatchSemaphore(value: 0)
        private var result: Result<SentencePiece, MarianError>?

        init(path: String) {
            Thread.detachNewThread {
                self.result = Result { () throws(MarianError) in try SentencePiece(path: path) }
                self.done.signal()
            }
        }

        func wait(pieces: Int) throws(MarianError) -> SentencePiece {
            done.wait()
            let vocabulary = try result!.get()
            guard vocabulary.count == pieces else {
                throw .mismatch(path: vocabulary.path, what: "pieces", expected: pieces, found: vocabulary.count)
            }
            return vocabulary
        }
    }
}

/// Names and shapes of the weight file, turned into layers.
private struct WeightLoader {
    let file: MarianFile
    let dimensions: MarianDimensions
    private let kernels: Kernels
    private let threads: ComputeThreads

    init(path: String, kernels: Kernels, threads: ComputeThreads) throws(MarianError) {
        file = try MarianFile(path: path)
        dimensions = try MarianDimensions(file)
        self.kernels = kernels
        self.threads = threads
    }

    func encoder() throws(MarianError) -> [EncoderLayer] {
        var layers: [EncoderLayer] = []
        for index in 1...dimensions.encoderLayers {
            let name = "encoder_l\(index)_"
            layers.append(
                EncoderLayer(attention: try attention(name + "self_"), feedForward: try feedForward(name + "ffn_")))
        }
        return layers
    }

    func decoder() throws(MarianError) -> [DecoderLayer] {
        let width = dimensions.width
        var layers: [DecoderLayer] = []
        for index in 1...dimensions.decoderLayers {
            let name = "decoder_l\(index)_"
            layers.append(
                DecoderLayer(
                    recurrence: RecurrentLayer(
                        candidate: try linear(name + "rnn_W", bias: nil, width, width),
                        gate: try linear(name + "rnn_Wf", bias: name + "rnn_bf", width, width),
                        norm: try norm(name + "rnn_ffn_ln")),
                    context: try attention(name + "context_"), feedForward: try feedForward(name + "ffn_")))
        }
        return layers
    }

    /// A table `[tokens, width]` whose values are multiplied by `factor`.
    func embeddings(_ name: String, _ tokens: Int, factor: Float) throws(MarianError) -> RowSource {
        try file.rows(name, shape: [tokens, dimensions.width], inputs: dimensions.width, factor: factor)
    }

    private func attention(_ name: String) throws(MarianError) -> AttentionLayer {
        let width = dimensions.width
        func part(_ letter: String) throws(MarianError) -> Linear {
            try linear(name + "W" + letter, bias: name + "b" + letter, width, width)
        }
        return AttentionLayer(
            query: try part("q"), key: try part("k"), value: try part("v"), output: try part("o"),
            norm: try norm(name + "Wo_ln"))
    }

    private func feedForward(_ name: String) throws(MarianError) -> FeedForwardLayer {
        let (width, inner) = (dimensions.width, dimensions.innerWidth)
        return FeedForwardLayer(
            inner: try linear(name + "W1", bias: name + "b1", width, inner),
            outer: try linear(name + "W2", bias: name + "b2", inner, width), norm: try norm(name + "ffn_ln"))
    }

    private func norm(_ name: String) throws(MarianError) -> LayerNorm {
        LayerNorm(
            gamma: try file.floats(name + "_scale", count: dimensions.width),
            beta: try file.floats(name + "_bias", count: dimensions.width), epsilon: 1e-6)
    }

    private func linear(_ name: String, bias: String?, _ inputs: Int, _ outputs: Int) throws(MarianError) -> Linear {
        let rows = try file.rows(name, shape: [inputs, outputs], inputs: inputs)
        var values: [Float]?
        if let bias { values = try file.floats(bias, count: outputs) }
        return Linear(
            weights: PackedMatrix(
                outputs: outputs, inputs: inputs, precision: .int8, kernels: kernels, threads: threads, source: rows),
            bias: values, activationBits: MarianModel.activationBits)
    }
}
