/// Keys and values of the decoder's own positions, for many sequences at once.
///
/// A sequence owns a slot and writes its new positions there. Its past may lie in other slots: `origins` says, position
/// by position, which slot holds it, so that a beam that continues another one copies a row of slot numbers and no keys.
package final class KeyValueCache: Sendable {
    package let layers: Int
    package let slots: Int
    package let positions: Int
    package let width: Int
    /// `[slots · positions · width]` a layer.
    private let keys: [CachedRow]
    private let values: [CachedRow]
    /// `[slots, positions]`: element offset of a position's row inside one layer.
    private let origins: Matrix<UInt32>

    /// - Parameters:
    ///   - positions: most positions a sequence can have.
    ///   - width: elements of one position's keys (heads × 64).
    ///   - precision: float32 keeps what it is given; int8 rounds to float16, for half the memory.
    package init(layers: Int, slots: Int, positions: Int, width: Int, precision: Precision) {
        precondition(slots * positions * width <= Int(UInt32.max), "offsets inside a layer are 32-bit")
        self.layers = layers
        self.slots = slots
        self.positions = positions
        self.width = width
        let count = slots * positions * width
        keys = (0..<layers).map { _ in CachedRow(count, precision) }
        values = (0..<layers).map { _ in CachedRow(count, precision) }
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
        layer: Int, slot: Int, position: Int, keys newKeys: Matrix<Float>, values newValues: Matrix<Float>,
        kernels: Kernels
    ) {
        precondition(slot >= 0 && slot < slots && position >= 0 && position < positions)
        let start = (slot * positions + position) * width
        keys[layer].write(newKeys, at: start, kernels)
        values[layer].write(newValues, at: start, kernels)
    }

    /// out = attention of one query row over the first `count` positions of a slot's past, one head.
    package func attend(
        _ q: Matrix<Float>, row: Int, layer: Int, slot: Int, head: Int, count: Int, scale: Float,
        into out: Matrix<Float>, scores: Matrix<Float>, kernels: Kernels
    ) {
        precondition(count <= positions && head >= 0 && (head + 1) * Kernels.headSize <= width)
        let columns = head * Kernels.headSize..<(head + 1) * Kernels.headSize
        kernels.attendCached(
            q.rows(row..<row + 1).columns(columns), scale: scale, keys: keys[layer].from(columns.lowerBound),
            values: values[layer].from(columns.lowerBound), offsets: origins.rows(slot..<slot + 1), count: count,
            into: out.rows(row..<row + 1).columns(columns), scores: scores)
    }
}

/// Keys or values of one layer end to end, a single row.
enum CachedRow: Sendable {
    case float32(Matrix<Float>)
    case float16(Matrix<UInt16>)

    init(_ count: Int, _ precision: Precision) {
        switch precision {
        case .float32: self = .float32(Matrix(rows: 1, columns: count))
        case .int8: self = .float16(Matrix(rows: 1, columns: count))
        }
    }

    func write(_ row: Matrix<Float>, at start: Int, _ kernels: Kernels) {
        let columns = start..<start + row.columns
        switch self {
        case .float32(let rows): rows.columns(columns).copy(from: row)
        case .float16(let rows): kernels.narrow(row, into: rows.columns(columns))
        }
    }

    /// What lies from an element on.
    func from(_ start: Int) -> CachedRow {
        switch self {
        case .float32(let rows): .float32(rows.columns(start..<rows.columns))
        case .float16(let rows): .float16(rows.columns(start..<rows.columns))
        }
    }
}
