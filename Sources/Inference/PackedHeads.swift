import CKernels

/// Keys and values of several attention heads over the same positions, packed for `Kernels.attend`.
@safe package struct PackedHeads: Sendable {
    package let heads: Int
    package let keys: Int
    package let precision: Precision
    private let storage: Buffer<UInt8>
    private let bytesPerHead: Int

    package init(heads: Int, keys: Int, precision: Precision) {
        self.heads = heads
        self.keys = keys
        self.precision = precision
        let size: Int =
            switch precision {
            case .float32: kernels_head_bytes_f32(Int32(keys))
            case .int8: kernels_head_bytes_s8(Int32(keys))
            }
        bytesPerHead = (size + 63) / 64 * 64
        storage = Buffer(heads * bytesPerHead)
    }

    package var sizeBytes: Int { storage.count }

    /// Unsafe: an address inside storage, for a kernel that knows the blob's size from `keys`.
    @unsafe func blob(_ head: Int) -> UnsafeMutableRawPointer {
        precondition(head >= 0 && head < heads)
        return unsafe UnsafeMutableRawPointer(storage.base + head * bytesPerHead)
    }

    /// Packs head `head` from its 64 columns of keys and values, `[keys, 64]` each.
    package func pack(_ head: Int, keys: Matrix<Float>, values: Matrix<Float>, kernels: Kernels) {
        kernels.packHead(keys, values, precision: precision, into: self, head: head)
    }

    /// out = softmax(q · Kᵀ · scale) · V of one head.
    package func attend(
        _ q: Matrix<Float>, head: Int, scale: Float, into out: Matrix<Float>, weights: Matrix<Float>? = nil,
        scratch: Buffer<UInt8>, kernels: Kernels
    ) {
        kernels.attend(q, scale: scale, heads: self, head: head, into: out, weights: weights, scratch: scratch)
    }
}
