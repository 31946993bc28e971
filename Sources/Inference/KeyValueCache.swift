import Synchronization

/// Keys and values of the decoder's own positions, for many sequences at once.
///
/// A sequence has a slot. `origins` says, position by position, in which row its past lies, so that a beam that
/// continues another one copies a line of row numbers and no keys. Rows are given out as positions come and used again
/// after `release`, so the memory touched is what is held at once.
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
    private let rows: Mutex<Rows>

    /// Rows of a layer by number.
    private struct Rows {
        var free: [UInt32] = []
        /// Those from here on were never used.
        var unused: UInt32 = 0
        /// What each slot was given since its release; other slots may still read it.
        var held: [[UInt32]]
    }

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
        rows = Mutex(Rows(held: Array(repeating: [], count: slots)))
    }

    /// Gives `slot` a row for its position `position`: once a position between two releases.
    package func own(slot: Int, position: Int) {
        rows.withLock { rows in
            precondition(rows.held[slot].count < positions, "a slot has \(positions) positions")
            let row = rows.free.popLast() ?? rows.unused
            if row == rows.unused { rows.unused += 1 }
            rows.held[slot].append(row)
            origins[slot, position] = row * UInt32(width)
        }
    }

    /// Takes back the rows of slots that end together: nobody else reads them.
    package func release(_ slots: [Int]) {
        rows.withLock { rows in
            for slot in slots {
                rows.free += rows.held[slot]
                rows.held[slot] = []
            }
        }
    }

    /// Rearranges pasts: afterwards the first `count` positions of `targets[i]` are those `sources[i]` had before.
    package func inherit(sources: [Int], targets: [Int], count: Int) {
        precondition(sources.count == targets.count)
        let pasts = sources.map { origins.rows($0..<$0 + 1).columns(0..<count).row(0) }
        for (past, target) in zip(pasts, targets) { origins.setRow(target, past) }
    }

    /// Copies new keys and values of a position its slot was given.
    package func write(
        layer: Int, slot: Int, position: Int, keys newKeys: Matrix<Float>, values newValues: Matrix<Float>,
        kernels: Kernels
    ) {
        precondition(slot >= 0 && slot < slots && position >= 0 && position < positions)
        let start = Int(origins[slot, position])
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
