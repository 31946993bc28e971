import Foundation

/// The kernels again, one plain loop each, in double precision.
enum Naive {
    static func product(_ x: [Float], _ w: [Float], bias: Float = 0) -> Double {
        zip(x, w).reduce(Double(bias)) { $0 + Double($1.0) * Double($1.1) }
    }

    /// Σ |x · w|: what rounding errors of a sum are measured against.
    static func magnitude(_ x: [Float], _ w: [Float], bias: Float = 0) -> Double {
        zip(x, w).reduce(Double(abs(bias))) { $0 + abs(Double($1.0) * Double($1.1)) }
    }

    /// A row as 8-bit numbers (16-bit: `most` 32,767) by the rule of kernels.h, in its own float arithmetic: the result is exact.
    static func quantized(_ row: [Float], most limit: Float = 127) -> (values: [Int], scale: Float) {
        let most = row.map(abs).max() ?? 0
        let inverse = most > 0 ? limit / most : 0
        return (row.map { Int(($0 * inverse).rounded(.toNearestOrEven)) }, most / limit)
    }

    /// Rounded to the nearest float16, ties to even, subnormals included; for values inside its range.
    static func float16(_ x: Float) -> Float {
        guard x != 0 else { return x }
        let step = Float(sign: .plus, exponent: max(x.exponent, -14) - 10, significand: 1)
        return (x / step).rounded(.toNearestOrEven) * step
    }

    static func gelu(_ x: Double) -> Double { x / 2 * (1 + erf(x / 2.squareRoot())) }
    static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

    static func layerNorm(_ x: [Float], gamma: [Float], beta: [Float]) -> [Double] {
        let values = x.map(Double.init)
        let mean = values.reduce(0, +) / Double(x.count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)
        return values.indices.map {
            (values[$0] - mean) / (variance + 1e-5).squareRoot() * Double(gamma[$0]) + Double(beta[$0])
        }
    }

    static func softmax(_ x: [Double]) -> [Double] {
        let most = x.max() ?? 0
        let powers = x.map { exp($0 - most) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }

    static func logSumExp(_ x: [Float]) -> Double {
        let most = Double(x.max() ?? -.infinity)
        return most + log(x.reduce(0) { $0 + exp(Double($1) - most) })
    }

    /// Attention of one query over keys and values given row by row.
    static func attention(
        _ q: [Float], keys: [[Float]], values: [[Float]], scale: Double
    ) -> (out: [Double], weights: [Double]) {
        let weights = softmax(keys.map { scale * product(q, $0) })
        var out = [Double](repeating: 0, count: q.count)
        for (weight, value) in zip(weights, values) {
            for (index, element) in value.enumerated() { out[index] += weight * Double(element) }
        }
        return (out, weights)
    }

    /// Power spectrum of 400 samples under a periodic Hann window, bins 0…200.
    static func powerSpectrum(_ samples: [Float]) -> [Double] {
        (0...200).map { bin in
            var (real, imaginary) = (0.0, 0.0)
            for (n, sample) in samples.enumerated() {
                let windowed = Double(sample) * (0.5 - 0.5 * cos(2 * .pi * Double(n) / 400))
                real += windowed * cos(2 * .pi * Double(n * bin % 400) / 400)
                imaginary -= windowed * sin(2 * .pi * Double(n * bin % 400) / 400)
            }
            return real * real + imaginary * imaginary
        }
    }
}
