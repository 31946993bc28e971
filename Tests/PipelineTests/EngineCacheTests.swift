import Pipeline
import Store
import TestSupport
import Testing

struct EngineCacheTests {
    private func found(_ values: inout RecentValues<String, Int>, _ keys: String...) -> [Int?] {
        keys.map { values.value($0, nowMs: 0) }
    }

    @Test func `what was asked for longest ago leaves when the bytes are full, at the limit and not before`() {
        var values = RecentValues<String, Int>(bytesMax: 30)
        for (index, key) in ["a", "b", "c"].enumerated() {
            values.keep(index, for: key, sizeBytes: 10, untilMs: 100)
        }
        #expect(values.sizeBytes == 30 && values.count == 3)
        #expect(found(&values, "a") == [0])
        values.keep(3, for: "d", sizeBytes: 1, untilMs: 100)
        #expect(found(&values, "b", "a", "c", "d") == [nil, 0, 2, 3])
        #expect((values.hits, values.misses) == (4, 1))
    }

    @Test func `a value past the limit alone is not kept, and nothing leaves for it`() {
        var values = RecentValues<String, Int>(bytesMax: 30)
        values.keep(1, for: "a", sizeBytes: 30, untilMs: 100)
        values.keep(2, for: "b", sizeBytes: 31, untilMs: 100)
        #expect(found(&values, "a", "b") == [1, nil])
    }

    @Test func `a value has its time`() {
        let clock = TurnedClock()
        let cache = ByteLimitedCache<String, Int>("numbers", bytesMax: 100, ttlMs: 1_000, now: clock.now)
        cache.keep(1, for: "a", sizeBytes: 10)
        clock.turn(ms: 999)
        #expect(cache.value("a") == 1)
        clock.turn(ms: 1)
        #expect(cache.value("a") == nil)
        #expect(cache.figures.sizeBytes == 0 && cache.figures.hits == 1 && cache.figures.misses == 1)
    }

    @Test func `the values of a task are dropped together, and no others`() {
        var values = RecentValues<String, Int>(bytesMax: 30)
        let (first, second) = (TaskID(rawValue: "1"), TaskID(rawValue: "2"))
        for (index, (key, task)) in [("a", first), ("b", second), ("c", nil)].enumerated() {
            values.keep(index, for: key, sizeBytes: 10, untilMs: 100, task: task)
        }
        // Kept anew, it is another's.
        values.keep(3, for: "b", sizeBytes: 10, untilMs: 100, task: first)
        values.forget(second)
        #expect(found(&values, "a", "b", "c") == [0, 3, 2])
        values.forget(first)
        #expect(found(&values, "a", "b", "c") == [nil, nil, 2])
        #expect(values.sizeBytes == 10)
    }

    @Test func `it answers as a list that is searched from the front does`() {
        var random = SeededRandom()
        var values = RecentValues<Int, Int>(bytesMax: 60)
        var list: [(key: Int, value: Int, size: Int)] = []
        for step in 0..<5_000 {
            let key = Int.random(in: 0..<12, using: &random)
            let place = list.firstIndex { $0.key == key }
            if Bool.random(using: &random) {
                let value = values.value(key, nowMs: 0)
                #expect(value == place.map { list[$0].value })
                if let place { list.insert(list.remove(at: place), at: 0) }
            } else {
                let size = Int.random(in: 0...25, using: &random)
                values.keep(step, for: key, sizeBytes: size, untilMs: 1)
                if let place { list.remove(at: place) }
                while list.reduce(size, { $0 + $1.size }) > 60 { list.removeLast() }
                list.insert((key, step, size), at: 0)
            }
            #expect(values.count == list.count && values.sizeBytes == list.reduce(0) { $0 + $1.size })
        }
    }
}
