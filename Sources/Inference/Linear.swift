/// A packed weight matrix with its bias.
package struct Linear: Sendable {
    package let weights: PackedMatrix
    package let bias: Buffer<Float>?
    package let activationBits: ActivationBits

    /// - Parameter activationBits: how inputs are quantised where the weights are int8.
    package init(weights: PackedMatrix, bias: [Float]?, activationBits: ActivationBits = .eight) {
        precondition(bias.map { $0.count == weights.outputs } ?? true)
        self.weights = weights
        self.activationBits = activationBits
        self.bias = bias.map { Buffer($0 + [Float](repeating: 0, count: Kernels.padded($0.count) - $0.count)) }
    }

    package var outputs: Int { weights.outputs }
    package var inputs: Int { weights.inputs }

    /// y = x · W + bias on the calling thread: for blocks of many rows.
    package func apply(
        _ x: Matrix<Float>, into y: Matrix<Float>, epilogue: Epilogue = .store, scratch: QuantizedRows,
        kernels: Kernels
    ) {
        let quantized = scratch.reshaped(rows: x.rows, depth: x.columns, bits: activationBits)
        weights.prepare(x, into: quantized, kernels: kernels)
        weights.multiply(x, quantized: quantized, bias: bias, into: y, epilogue: epilogue, kernels: kernels)
    }

    /// The same with the columns shared out to all threads: for few rows, where reading the weights is the work.
    package func apply(
        _ x: Matrix<Float>, into y: Matrix<Float>, epilogue: Epilogue = .store, scratch: QuantizedRows,
        kernels: Kernels, threads: ComputeThreads
    ) {
        let quantized = scratch.reshaped(rows: x.rows, depth: x.columns, bits: activationBits)
        weights.prepare(x, into: quantized, kernels: kernels)
        let width = Kernels.padded(outputs)
        // Parts small enough that a late thread leaves little behind.
        let parts = threads.count == 1 ? 1 : threads.count * 4
        let step = max(Kernels.columnStep, Kernels.padded((width + parts - 1) / parts))
        threads.run((width + step - 1) / step) { part, _ in
            let columns = part * step..<min(width, (part + 1) * step)
            weights.multiply(
                x, quantized: quantized, bias: bias, into: y, columns: columns, epilogue: epilogue, kernels: kernels)
        }
    }
}

/// Scale and shift of a layer normalisation, and what is added to the variance.
package struct LayerNorm: Sendable {
    package let gamma: Buffer<Float>
    package let beta: Buffer<Float>
    package let epsilon: Float

    package init(gamma: [Float], beta: [Float], epsilon: Float = 1e-5) {
        precondition(gamma.count == beta.count)
        self.epsilon = epsilon
        self.gamma = Buffer(gamma)
        self.beta = Buffer(beta)
    }

    package func apply(_ x: Matrix<Float>, into y: Matrix<Float>, kernels: Kernels) {
        kernels.layerNorm(x, gamma: gamma, beta: beta, epsilon: epsilon, into: y)
    }
}
