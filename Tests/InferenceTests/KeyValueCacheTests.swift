import Inference
import TestSupport
import Testing

struct KeyValueCacheTests {
    /// A cache and, beside it, the past of every slot written out in full.
    private struct Pair {
        static let layers = 2
        static let heads = 3
        static let width = heads * Kernels.headSize
        let cache: KeyValueCache
        /// `[slot][position][layer]`: keys and values.
        var pasts: [[[(keys: [Float], values: [Float])]]]

        init(slots: Int, positions: Int) {
            cache = KeyValueCache(
                layers: Pair.layers, slots: slots, positions: positions, width: Pair.width, precision: .float32)
            pasts = Array(repeating: [], count: slots)
        }

        /// Gives every slot a random new position.
        mutating func append(using random: inout SeededRandom) {
            for slot in pasts.indices {
                let position = pasts[slot].count
                cache.own(slot: slot, position: position)
                pasts[slot].append(
                    (0..<Pair.layers).map { layer in
                        let keys = Matrix<Float>.random(rows: 1, columns: Pair.width, limit: 2, using: &random)
                        let values = Matrix<Float>.random(rows: 1, columns: Pair.width, using: &random)
                        cache.write(
                            layer: layer, slot: slot, position: position, keys: keys, values: values, kernels: .best)
                        return (keys.row(0), values.row(0))
                    })
            }
        }

        /// Lets `targets` continue the pasts of `sources`.
        mutating func inherit(_ sources: [Int], _ targets: [Int]) {
            let taken = sources.map { pasts[$0] }
            cache.inherit(sources: sources, targets: targets, count: pasts[0].count)
            for (past, target) in zip(taken, targets) { pasts[target] = past }
        }

        /// Attends in every slot, layer and head, with random queries.
        func check(_ kernels: Kernels, using random: inout SeededRandom) {
            let (size, count) = (Kernels.headSize, pasts[0].count)
            let q = Matrix<Float>.random(rows: pasts.count, columns: Pair.width, gap: 3, limit: 2, using: &random)
            let out = Matrix<Float>(rows: pasts.count, columns: Pair.width)
            let scores = Matrix<Float>(rows: 1, columns: cache.positions)
            for layer in 0..<Pair.layers {
                for slot in pasts.indices {
                    for head in 0..<Pair.heads {
                        cache.attend(
                            q, row: slot, layer: layer, slot: slot, head: head, count: count, scale: 0.125, into: out,
                            scores: scores, kernels: kernels)
                        let columns = head * size..<(head + 1) * size
                        let expected = Naive.attention(
                            Array(q.row(slot)[columns]), keys: pasts[slot].map { Array($0[layer].keys[columns]) },
                            values: pasts[slot].map { Array($0[layer].values[columns]) }, scale: 0.125)
                        let found = out.rows(slot..<slot + 1).columns(columns)
                        #expect(found.distance(to: [expected.out]) < 5e-6, "slot \(slot), layer \(layer), head \(head)")
                    }
                }
            }
        }
    }

    @Test(arguments: InstructionSet.allCases)
    func `attention sees a slot's own past`(_ set: InstructionSet) throws {
        let kernels = try kernels(of: set)
        var random = SeededRandom()
        var pair = Pair(slots: 2, positions: 40)
        for length in 1...40 {
            pair.append(using: &random)
            if [1, 2, 3, 16, 17, 40].contains(length) { pair.check(kernels, using: &random) }
        }
    }

    @Test(arguments: InstructionSet.allCases)
    func `beams that continue one another see each the past they chose`(_ set: InstructionSet) throws {
        let kernels = try kernels(of: set)
        var random = SeededRandom()
        var pair = Pair(slots: 5, positions: 24)
        for _ in 0..<24 {
            pair.append(using: &random)
            // Any slot may continue any: doubled, dropped and swapped pasts all occur.
            let targets = (0..<5).shuffled(using: &random).prefix(.random(in: 0...5, using: &random))
            pair.inherit(targets.map { _ in .random(in: 0..<5, using: &random) }, Array(targets))
            pair.check(kernels, using: &random)
        }
    }

    @Test func `two beams can swap their pasts`() {
        var random = SeededRandom()
        var pair = Pair(slots: 2, positions: 3)
        pair.append(using: &random)
        pair.append(using: &random)
        pair.inherit([0, 1], [1, 0])
        pair.check(.best, using: &random)
    }

    /// A float16 cache is a float32 cache of what was rounded.
    @Test(arguments: InstructionSet.allCases)
    func `float16 rows are the rounded rows, on every instruction set`(_ set: InstructionSet) throws {
        let kernels = try kernels(of: set)
        var random = SeededRandom()
        let (count, width) = (37, 128)
        let caches = [Precision.int8, .float32].map {
            KeyValueCache(layers: 1, slots: 1, positions: count, width: width, precision: $0)
        }
        for position in 0..<count {
            let keys = Matrix<Float>.random(rows: 1, columns: width, limit: 3, using: &random)
            let values = Matrix<Float>.random(rows: 1, columns: width, limit: 1e-4, using: &random)
            for cache in caches {
                cache.own(slot: 0, position: position)
                if cache === caches[1] {
                    keys.setRow(0, keys.row(0).map(Naive.float16))
                    values.setRow(0, values.row(0).map(Naive.float16))
                }
                cache.write(layer: 0, slot: 0, position: position, keys: keys, values: values, kernels: kernels)
            }
        }
        let q = Matrix<Float>.random(rows: 1, columns: width, using: &random)
        let outs = caches.map { cache in
            let out = Matrix<Float>(rows: 1, columns: width)
            for head in 0..<2 {
                cache.attend(
                    q, row: 0, layer: 0, slot: 0, head: head, count: count, scale: 0.125, into: out,
                    scores: Matrix(rows: 1, columns: count), kernels: kernels)
            }
            return out.array
        }
        #expect(outs[0] == outs[1])
    }

    @Test func `attention past the cache's end traps`() async {
        await #expect(processExitsWith: .trap) {
            let cache = KeyValueCache(layers: 1, slots: 1, positions: 2, width: 64, precision: .float32)
            let row = Matrix<Float>(rows: 1, columns: 64)
            cache.attend(
                row, row: 0, layer: 0, slot: 0, head: 0, count: 3, scale: 1, into: row,
                scores: Matrix(rows: 1, columns: 3), kernels: .best)
        }
    }

    @Test func `writing past a slot's end traps`() async {
        await #expect(processExitsWith: .trap) {
            let cache = KeyValueCache(layers: 1, slots: 2, positions: 2, width: 64, precision: .float32)
            let row = Matrix<Float>(rows: 1, columns: 64)
            cache.write(layer: 0, slot: 0, position: 2, keys: row, values: row, kernels: .best)
        }
    }

    @Test func `a slot that was released begins anew, and the others keep their past`() {
        var random = SeededRandom()
        var pair = Pair(slots: 3, positions: 4)
        for _ in 0..<10 {
            for _ in 0..<4 { pair.append(using: &random) }
            pair.inherit([2, 0], [0, 1])
            pair.check(.best, using: &random)
            pair.cache.release([0, 1, 2])
            pair.pasts = Array(repeating: [], count: 3)
        }
    }

    @Test func `a slot takes no more positions than it has before it is released`() async {
        await #expect(processExitsWith: .trap) {
            let cache = KeyValueCache(layers: 1, slots: 2, positions: 2, width: 64, precision: .float32)
            for position in 0..<3 { cache.own(slot: 0, position: position % 2) }
        }
    }
}
