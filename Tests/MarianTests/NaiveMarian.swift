import Foundation
import Marian

/// The network again, one plain loop each, in double precision and without rounding anything to integers.
struct NaiveMarian {
    private let small: SmallMarian
    private var tensors: [String: [Double]] = [:]

    init(_ small: SmallMarian) {
        self.small = small
        for item in small.items {
            func float(_ at: Int) -> Double {
                Double(Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(item.bytes[at + $1]) << (8 * $1) }))
            }
            let count = item.shape.reduce(1) { $0 * Int($1) }
            if item.type == 0x404 {
                tensors[item.name] = (0..<count).map { float(4 * $0) }
            } else {
                let factor = float(count)
                tensors[item.name] = item.bytes.prefix(count).map { Double(Int8(bitPattern: $0)) / factor }
            }
        }
    }

    /// log P of each token in turn, given those before it, among `considered` without the unknown one; and of the best.
    func logProbabilities(_ target: [Int], of source: [Int], considered: [Int]) -> [(token: Double, best: Double)] {
        let d = small.dimensions
        var x = source.enumerated().map { input(d.isShared ? "Wemb" : "encoder_Wemb", $1, position: $0) }
        for layer in 1...d.encoderLayers {
            x = attention(x, x, "encoder_l\(layer)_self_")
            x = x.map { feedForward($0, "encoder_l\(layer)_ffn_") }
        }
        let table = d.isShared ? "Wemb" : "decoder_Wemb"
        var cells = [[Double]](repeating: [Double](repeating: 0, count: d.width), count: d.decoderLayers)
        return target.indices.map { step in
            var y = input(table, step == 0 ? nil : target[step - 1], position: step)
            for layer in 1...d.decoderLayers {
                let name = "decoder_l\(layer)_rnn_"
                let candidate = product(y, name + "W", bias: nil)
                let gate = product(y, name + "Wf", bias: name + "bf").map { 1 / (1 + exp(-$0)) }
                for i in gate.indices {
                    cells[layer - 1][i] = gate[i] * cells[layer - 1][i] + (1 - gate[i]) * candidate[i]
                }
                y = norm(zip(y, cells[layer - 1]).map { $0 + max(0, $1) }, name + "ffn_ln")
                y = attention([y], x, "decoder_l\(layer)_context_")[0]
                y = feedForward(y, "decoder_l\(layer)_ffn_")
            }
            let bias = tensors["decoder_ff_logit_out_b"]!
            let logits = considered.filter { $0 != 1 }.map { token in
                (token, zip(y, row(table, token)).reduce(bias[token]) { $0 + $1.0 * $1.1 })
            }
            let most = logits.map(\.1).max()!
            let total = most + log(logits.reduce(0) { $0 + exp($1.1 - most) })
            return (logits.first { $0.0 == target[step] }.map { $0.1 - total } ?? -.infinity, most - total)
        }
    }

    private func row(_ table: String, _ token: Int) -> ArraySlice<Double> {
        tensors[table]![token * small.dimensions.width..<(token + 1) * small.dimensions.width]
    }

    private func input(_ table: String, _ token: Int?, position: Int) -> [Double] {
        let width = small.dimensions.width
        let place = (0..<width).map { column in
            let rate = exp(-Double(column % (width / 2)) * log(10_000) / Double(width / 2 - 1))
            return column < width / 2 ? sin(Double(position) * rate) : cos(Double(position) * rate)
        }
        guard let token else { return place }
        return zip(row(table, token), place).map { $0 * Double(width).squareRoot() + $1 }
    }

    /// x · W + b; W lies in the file with a row an output.
    private func product(_ x: [Double], _ weights: String, bias: String?) -> [Double] {
        let w = tensors[weights]!
        let b = bias.map { tensors[$0]! }
        return (0..<w.count / x.count).map { output in
            var sum = b?[output] ?? 0
            for i in 0..<x.count { sum += x[i] * w[output * x.count + i] }
            return sum
        }
    }

    private func norm(_ x: [Double], _ name: String) -> [Double] {
        let mean = x.reduce(0, +) / Double(x.count)
        let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)
        let (scale, bias) = (tensors[name + "_scale"]!, tensors[name + "_bias"]!)
        return x.indices.map { (x[$0] - mean) / (variance + 1e-6).squareRoot() * scale[$0] + bias[$0] }
    }

    private func feedForward(_ x: [Double], _ name: String) -> [Double] {
        let inner = product(x, name + "W1", bias: name + "b1").map { max(0, $0) }
        return norm(zip(x, product(inner, name + "W2", bias: name + "b2")).map { $0 + $1 }, name + "ffn_ln")
    }

    private func attention(_ x: [[Double]], _ context: [[Double]], _ name: String) -> [[Double]] {
        let (heads, size) = (small.dimensions.heads, small.dimensions.width / small.dimensions.heads)
        let keys = context.map { product($0, name + "Wk", bias: name + "bk") }
        let values = context.map { product($0, name + "Wv", bias: name + "bv") }
        return x.map { row in
            let query = product(row, name + "Wq", bias: name + "bq")
            var mixed = [Double](repeating: 0, count: query.count)
            for head in 0..<heads {
                let part = head * size..<(head + 1) * size
                let scores = keys.map { key in part.reduce(0) { $0 + query[$1] * key[$1] } / Double(size).squareRoot() }
                let powers = scores.map { exp($0 - scores.max()!) }
                for (power, value) in zip(powers, values) {
                    for i in part { mixed[i] += power / powers.reduce(0, +) * value[i] }
                }
            }
            return norm(zip(row, product(mixed, name + "Wo", bias: name + "bo")).map { $0 + $1 }, name + "Wo_ln")
        }
    }
}
