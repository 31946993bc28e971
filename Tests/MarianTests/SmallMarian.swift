import Foundation
import Inference
import Marian
import TestSupport

/// The files of a translation model with random weights, field by field.
struct SmallMarian {
    /// A tensor of the file; bytes as they stand there.
    struct Item {
        var name: String
        var type: UInt64
        var shape: [Int32]
        var bytes: Data
    }

    var dimensions: MarianDimensions
    /// Settings of the YAML that are not what the dimensions say.
    var settings: [(String, String)] = []
    var items: [Item] = []
    /// Instead of how many items there are.
    var promisedItems: UInt64?
    var version: UInt64 = 1
    var firstCount = 6
    /// Target tokens of each source token.
    var lists: [[UInt32]] = []

    init(
        width: Int = 32, innerWidth: Int = 48, heads: Int = 2, encoderLayers: Int = 2, decoderLayers: Int = 2,
        source: Int = 40, target: Int? = nil, seed: UInt64 = 1
    ) {
        dimensions = MarianDimensions(
            width: width, innerWidth: innerWidth, heads: heads, encoderLayers: encoderLayers,
            decoderLayers: decoderLayers, sourceVocabulary: source, targetVocabulary: target ?? source,
            isShared: target == nil)
        var random = SeededRandom(seed: seed)
        addAll(using: &random)
        lists = (0..<source).map { _ in
            (0..<Int.random(in: 0...6, using: &random)).map { _ in
                UInt32.random(in: 0..<UInt32(dimensions.targetVocabulary), using: &random)
            }
        }
    }

    private mutating func addAll(using random: inout SeededRandom) {
        let (d, width) = (dimensions, dimensions.width)
        for (name, count) in d.isShared
            ? [("Wemb", d.targetVocabulary)]
            : [("encoder_Wemb", d.sourceVocabulary), ("decoder_Wemb", d.targetVocabulary)]
        {
            add(name, [count, width], limit: 1 / Float(width).squareRoot(), using: &random)
        }
        add("decoder_ff_logit_out_b", d.targetVocabulary, around: 0, using: &random)
        for layer in 1...d.encoderLayers {
            addAttention("encoder_l\(layer)_self_", using: &random)
            addFeedForward("encoder_l\(layer)_ffn_", using: &random)
        }
        for layer in 1...d.decoderLayers {
            add("decoder_l\(layer)_rnn_W", [width, width], using: &random)
            add("decoder_l\(layer)_rnn_Wf", [width, width], using: &random)
            add("decoder_l\(layer)_rnn_bf", width, around: 0, using: &random)
            addNorm("decoder_l\(layer)_rnn_ffn_ln", using: &random)
            addAttention("decoder_l\(layer)_context_", using: &random)
            addFeedForward("decoder_l\(layer)_ffn_", using: &random)
        }
    }

    private mutating func addAttention(_ name: String, using random: inout SeededRandom) {
        for letter in ["q", "k", "v", "o"] {
            add(name + "W" + letter, [dimensions.width, dimensions.width], using: &random)
            add(name + "b" + letter, dimensions.width, around: 0, using: &random)
        }
        addNorm(name + "Wo_ln", using: &random)
    }

    private mutating func addFeedForward(_ name: String, using random: inout SeededRandom) {
        add(name + "W1", [dimensions.width, dimensions.innerWidth], using: &random)
        add(name + "b1", dimensions.innerWidth, around: 0, using: &random)
        add(name + "W2", [dimensions.innerWidth, dimensions.width], using: &random)
        add(name + "b2", dimensions.width, around: 0, using: &random)
        addNorm(name + "ffn_ln", using: &random)
    }

    private mutating func addNorm(_ name: String, using random: inout SeededRandom) {
        add(name + "_scale", dimensions.width, around: 1, using: &random)
        add(name + "_bias", dimensions.width, around: 0, using: &random)
    }

    /// An intgemm8 item of random bytes, whose largest stands for `limit`.
    private mutating func add(
        _ name: String, _ shape: [Int], limit: Float? = nil, using random: inout SeededRandom
    ) {
        var bytes = Data(
            (0..<shape[0] * shape[1]).map { _ in UInt8(bitPattern: Int8.random(in: -127...127, using: &random)) })
        bytes.append(little: (127 / (limit ?? 2 / Float(shape[0]).squareRoot())).bitPattern)
        items.append(Item(name: name, type: 0x4101, shape: shape.map(Int32.init), bytes: bytes))
    }

    private mutating func add(_ name: String, _ count: Int, around middle: Float, using random: inout SeededRandom) {
        var bytes = Data()
        for value in random.floats(count, limit: 0.3) { bytes.append(little: (middle + value).bitPattern) }
        items.append(Item(name: name, type: 0x404, shape: [1, Int32(count)], bytes: bytes))
    }

    /// The YAML text of the file.
    var yaml: String {
        let d = dimensions
        var values: [(String, String)] = [
            ("dim-emb", "\(d.width)"), ("dim-rnn", "1024"), ("transformer-dim-ffn", "\(d.innerWidth)"),
            ("transformer-heads", "\(d.heads)"), ("enc-depth", "\(d.encoderLayers)"),
            ("dec-depth", "\(d.decoderLayers)"),
            ("dim-vocabs", "\n  - \(d.sourceVocabulary)\n  - \(d.targetVocabulary)"),
            ("type", "transformer"), ("dec-cell", "ssru"), ("transformer-decoder-autoreg", "rnn"),
            ("transformer-postprocess", "dan"), ("transformer-preprocess", "\"\""),
            ("tied-embeddings-all", "\(d.isShared)"), ("tied-embeddings", "\(!d.isShared)"),
        ]
        for (name, value) in settings {
            if let index = values.firstIndex(where: { $0.0 == name }) {
                values[index].1 = value
            } else {
                values.append((name, value))
            }
        }
        return values.map { "\($0): \($1)\n" }.joined()
    }

    var model: Data {
        let all =
            items + [
                Item(
                    name: "special:model.yml", type: 0x101, shape: [Int32(yaml.utf8.count + 1)],
                    bytes: Data(yaml.utf8) + [0])
            ]
        var data = Data()
        data.append(little: version)
        data.append(little: promisedItems ?? UInt64(all.count))
        for item in all {
            data.append(little: UInt64(item.name.utf8.count + 1))
            data.append(little: item.type)
            data.append(little: UInt64(item.shape.count))
            data.append(little: UInt64(item.bytes.count + padding(item.bytes.count)))
        }
        for item in all { data += Data(item.name.utf8) + [0] }
        for item in all { item.shape.forEach { data.append(little: $0) } }
        let gap = padding(data.count + 8)
        data.append(little: UInt64(gap))
        data += Data(count: gap)
        for item in all { data += item.bytes + Data(count: padding(item.bytes.count)) }
        return data
    }

    private func padding(_ count: Int) -> Int { (256 - count % 256) % 256 }

    var shortlist: Data {
        var data = Data()
        for field in [
            0xF11A_48D5_0134_17F5, 0, UInt64(firstCount), 0, UInt64(lists.count + 1), UInt64(lists.joined().count),
        ] {
            data.append(little: field)
        }
        var offset: UInt64 = 0
        data.append(little: offset)
        for list in lists {
            offset += UInt64(list.count)
            data.append(little: offset)
        }
        for id in lists.joined() { data.append(little: id) }
        return data
    }

    /// Writes the files of a direction.
    func write(to folder: TemporaryFolder) throws {
        try folder.write(model, to: "model.aabb.intgemm.alphas.bin")
        try folder.write(shortlist, to: "lex.50.50.aabb.s2t.bin")
        if dimensions.isShared {
            try folder.write(SmallVocabulary(count: dimensions.sourceVocabulary).data, to: "vocab.aabb.spm")
        } else {
            try folder.write(SmallVocabulary(count: dimensions.sourceVocabulary).data, to: "srcvocab.aabb.spm")
            try folder.write(SmallVocabulary(count: dimensions.targetVocabulary).data, to: "trgvocab.aabb.spm")
        }
    }
}

/// A SentencePiece model: the end, the unknown piece, letters that begin a word and letters that do not, by turns.
struct SmallVocabulary {
    var count: Int

    /// Pieces 2, 4, … begin a word; past the alphabet, of two letters.
    static func piece(_ id: Int) -> String {
        let letters = Array("abcdefghijklmnopqrstuvwxyz")
        let index = (id - 2) / 2
        let text = index < 26 ? String(letters[index]) : "\(letters[index / 26 % 26])\(letters[index % 26])"
        return (id % 2 == 0 ? "\u{2581}" : "") + text
    }

    var data: Data {
        var data = Data()
        for id in 0..<count {
            let name = id == 0 ? "</s>" : id == 1 ? "<unk>" : SmallVocabulary.piece(id)
            var piece = Data([0x0a, UInt8(name.utf8.count)]) + Data(name.utf8)
            piece.append(0x15)
            piece.append(little: Float(id < 2 ? 0 : -1 - Float(id) / 100).bitPattern)
            piece += [0x18, id == 0 ? 3 : id == 1 ? 2 : 1]
            data += Data([0x0a, UInt8(piece.count)]) + piece
        }
        // Trainer: unigram, unknown 1, no beginning, end 0. Normalizer: identity.
        let trainer: [UInt8] = [0x18, 1, 0xc0, 2, 1, 0xc8, 2] + [UInt8](repeating: 0xff, count: 9) + [1, 0xd0, 2, 0]
        data += Data([0x12, UInt8(trainer.count)] + trainer)
        let normalizer: [UInt8] = [0x0a, 8] + Array("identity".utf8)
        data += Data([0x1a, UInt8(normalizer.count)] + normalizer)
        return data
    }
}

extension Data {
    mutating func append<T: FixedWidthInteger>(little value: T) {
        for shift in stride(from: 0, to: T.bitWidth, by: 8) { append(UInt8(truncatingIfNeeded: value >> T(shift))) }
    }
}
