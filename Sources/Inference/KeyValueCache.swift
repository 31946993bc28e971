/// Keys and values of the decoder's own positions, for many sequences at once.
///
/// A sequence owns a slot and writes its new positions there. Its past may lie in other slots: `origins` says, position
/// by position, which slot holds it, so that a beam that continues another one copies a row of slot numbers and no keys.
package final class KeyValueCache: Sendable {
    package let layers: Int
    package let slots: Int
    package let positions: Int
    package let width: Int
    private let keys: Matrix<Float>
    private let values: Matrix<Float>
    /// `[slots, positions]`: element offset of a position's row inside one layer.
    private let origins: Matrix<UInt32>

    /// - Parameters:
    ///   - positions: most positions a sequence can have.
    ///   - width: elements of one position's keys (heads × 64).
    package init(layers: Int, slots: Int, positions: Int, width: Int) {
        precondition(slots * positions * width <= Int(UInt32.max), "offsets inside a layer are 32-bit")
        self.layers = layers
        self.slots = slots
        self.positions = positions
        self.width = width
        keys = Matrix(rows: layers, columns: slots * positions * width)
        values = Matrix(rows: layers, columns: slots * positions * width)
        origins = Matrix(rows: slots, columns: positions)
    }

    /// Says that `slot` itself holds its position `position`.
    package func own(slot: Int, position: Int) {
        origins[slot, position] = UInt32((slot * positions + position) * width)
    }

    /// Rearranges pasts: afterwards the first `count` positions of `targets[i]` are those `sources[i]` had before.
    package func inherit(sources: [Int], targets: [Int], count: Int) {
        precondition(sources.count == targets.count)
        let pasts = sources.map { origins.rows($0..<$0 + 1).columns(0..<count).row(0) }
        for (past, target) in zip(pasts, targets) { origins.setRow(target, past) }
    }

    /// Copies new keys and values of one position into its slot.
    package func write(
        layer: Int, slot: Int, position: Int, keys newKeys: Matrix<Float>, values newValues: Matrix<Float>
    ) {
        precondition(slot >= 0 && slot < slots && position >= 0 && position < positions)
        let start = (slot * positions + position) * width
        keys.rows(layer..<layer + 1).columns(start..<start + width).copy(from: newKeys)
        values.rows(layer..<layer + 1).columns(start..<start + width).copy(from: newValues)
    }

    /// out = attention of one query row over the first `count` positions of a slot's past, one head.
    package func attend(
        _ q: Matrix<Float>, row: Int, layer: Int, slot: Int, head: Int, count: Int, scale: Float,
        into out: Matrix<Float>, scores: Matrix<Float>, kernels: Kernels
    ) {
        precondition(count <= positions && head >= 0 && (head + 1) * Kernels.headSize <= width)
        let columns = head * Kernels.headSize..<slots * positions * width
        kernels.attendCached(
            q.rows(row..<row + 1).columns(head * Kernels.headSize..<(head + 1) * Kernels.headSize), row: 0,
            scale: scale,
            keys: keys.rows(layer..<layer + 1).columns(columns),
            values: values.rows(layer..<layer + 1).columns(columns),
            offsets: origins.rows(slot..<slot + 1), count: count,
            into: out.rows(row..<row + 1).columns(head * Kernels.headSize..<(head + 1) * Kernels.headSize),
            scores: scores)
    }
}
