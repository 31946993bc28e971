import Foundation
import TestSupport

/// A CTranslate2 `model.bin`, field by field, for models of a few kilobytes.
struct WeightFile {
    enum Kind: String, CaseIterable, Sendable {
        case float32, float16, bfloat16, int8, int8Float16

        /// Codes of the file for matrices and for everything else.
        var codes: (matrix: UInt8, other: UInt8) {
            switch self {
            case .float32: (0, 0)
            case .float16: (4, 4)
            case .bfloat16: (5, 5)
            case .int8: (1, 0)
            case .int8Float16: (1, 4)
            }
        }
    }

    var version: UInt32 = 6
    var specification = "WhisperSpec"
    /// Instead of how many variables there are.
    var promisedVariables: UInt32?
    var variables: [(name: String, shape: [Int], code: UInt8, bytes: Data)] = []
    var aliases: [(alias: String, target: String)] = []

    var data: Data {
        var data = Data()
        data.append(little: version)
        data.append(name: specification)
        data.append(little: UInt32(3))
        data.append(little: promisedVariables ?? UInt32(variables.count))
        for variable in variables {
            data.append(name: variable.name)
            data.append(UInt8(variable.shape.count))
            variable.shape.forEach { data.append(little: UInt32($0)) }
            data.append(variable.code)
            data.append(little: UInt32(variable.bytes.count))
            data.append(variable.bytes)
        }
        data.append(little: UInt32(aliases.count))
        for (alias, target) in aliases {
            data.append(name: alias)
            data.append(name: target)
        }
        return data
    }

    mutating func add(_ name: String, scalar: Int16) {
        variables.append((name, [], 2, Data(little: scalar)))
    }

    /// A vector in the type that is not for matrices.
    mutating func add(_ name: String, vector: [Float], _ kind: Kind) {
        variables.append((name, [vector.count], kind.codes.other, WeightFile.bytes(vector, kind.codes.other)))
    }

    /// A matrix or convolution; in int8, with a scale for each first index.
    mutating func add(_ name: String, _ shape: [Int], _ values: [Float], _ kind: Kind) {
        guard kind.codes.matrix == 1 else {
            variables.append((name, shape, kind.codes.matrix, WeightFile.bytes(values, kind.codes.matrix)))
            return
        }
        let width = values.count / shape[0]
        var scales: [Float] = []
        var bytes = Data()
        for row in 0..<shape[0] {
            let own = values[row * width..<(row + 1) * width]
            let largest = own.map(abs).max() ?? 0
            let scale = 127 / (largest == 0 ? 127 : largest)
            scales.append(scale)
            bytes.append(contentsOf: own.map { UInt8(bitPattern: Int8(($0 * scale).rounded(.toNearestOrEven))) })
        }
        variables.append((name, shape, 1, bytes))
        variables.append((name + "_scale", [shape[0]], 0, WeightFile.bytes(scales, 0)))
    }

    static func bytes(_ values: [Float], _ code: UInt8) -> Data {
        var data = Data()
        for value in values {
            switch code {
            case 4: data.append(little: Float16(value).bitPattern)
            case 5:
                // To the nearest, ties to even.
                let bits = value.bitPattern
                data.append(little: UInt16(truncatingIfNeeded: (bits &+ 0x7fff &+ (bits >> 16 & 1)) >> 16))
            default: data.append(little: value.bitPattern)
            }
        }
        return data
    }
}

extension Data {
    mutating func append<T: FixedWidthInteger>(little value: T) {
        for shift in stride(from: 0, to: T.bitWidth, by: 8) { append(UInt8(truncatingIfNeeded: value >> T(shift))) }
    }

    init<T: FixedWidthInteger>(little value: T) {
        self.init()
        append(little: value)
    }

    /// u16 length with the NUL, bytes, NUL.
    mutating func append(name: String) {
        append(little: UInt16(name.utf8.count + 1))
        append(contentsOf: Array(name.utf8) + [0])
    }
}

/// A Whisper model of the smallest sizes, with weights of its own seed.
struct SmallModel {
    var width = 64
    var heads = 1
    var mels = 80
    var audioPositions = 40
    var textPositions = 16
    var vocabulary = 1_700
    var kind = WeightFile.Kind.float32
    var seed: UInt64 = 1
    /// Encoder positions are left out of some published files.
    var hasPositions = true

    /// The file; the same seed gives the same numbers in every kind.
    var file: WeightFile {
        var random = SeededRandom(seed: seed)
        var file = WeightFile()
        func weights(_ count: Int, _ depth: Int) -> [Float] {
            random.floats(count, limit: 1.7 / Float(depth).squareRoot())
        }
        func matrix(_ name: String, _ shape: [Int]) {
            let depth = shape.dropFirst().reduce(1, *)
            file.add(name, shape, weights(shape[0] * depth, depth), kind)
        }
        func linear(_ name: String, _ out: Int, _ inputs: Int) {
            matrix(name + "/weight", [out, inputs])
            file.add(name + "/bias", vector: random.floats(out, limit: 0.1), kind)
        }
        func norm(_ name: String) {
            file.add(name + "/gamma", vector: random.floats(width, limit: 0.2).map { 1 + $0 }, kind)
            file.add(name + "/beta", vector: random.floats(width, limit: 0.2), kind)
        }
        func feedForward(_ name: String) {
            norm(name + "/layer_norm")
            linear(name + "/linear_0", 4 * width, width)
            linear(name + "/linear_1", width, 4 * width)
        }
        file.add("encoder/num_heads", scalar: Int16(heads))
        matrix("encoder/conv1/weight", [width, mels, 3])
        file.add("encoder/conv1/bias", vector: random.floats(width, limit: 0.1), kind)
        matrix("encoder/conv2/weight", [width, width, 3])
        file.add("encoder/conv2/bias", vector: random.floats(width, limit: 0.1), kind)
        if hasPositions { matrix("encoder/position_encodings/encodings", [audioPositions, width]) }
        norm("encoder/layer_norm")
        norm("encoder/layer_0/self_attention/layer_norm")
        linear("encoder/layer_0/self_attention/linear_0", 3 * width, width)
        linear("encoder/layer_0/self_attention/linear_1", width, width)
        feedForward("encoder/layer_0/ffn")
        matrix("decoder/embeddings/weight", [vocabulary, width])
        matrix("decoder/position_encodings/encodings", [textPositions, width])
        norm("decoder/layer_norm")
        norm("decoder/layer_0/self_attention/layer_norm")
        linear("decoder/layer_0/self_attention/linear_0", 3 * width, width)
        linear("decoder/layer_0/self_attention/linear_1", width, width)
        norm("decoder/layer_0/attention/layer_norm")
        linear("decoder/layer_0/attention/linear_0", width, width)
        linear("decoder/layer_0/attention/linear_1", 2 * width, width)
        linear("decoder/layer_0/attention/linear_2", width, width)
        feedForward("decoder/layer_0/ffn")
        file.aliases = [("decoder/projection/weight", "decoder/embeddings/weight")]
        if kind.codes.matrix == 1 {
            file.aliases.append(("decoder/projection/weight_scale", "decoder/embeddings/weight_scale"))
        }
        return file
    }
}
