import Inference
import TestSupport
import Testing

struct FairTurnsTests {
    @Test func `the highest priority comes first, then who had least, then who came first`() {
        var turns = FairTurns<String>()
        for (name, priority) in [("late", 0), ("low", -1), ("high", 5), ("early", 0)] {
            turns.join(name, priority: priority)
        }
        #expect(turns.next() == "high")
        turns.leave("high")
        #expect(turns.next() == "late")
        turns.charge("late", 2)
        #expect(turns.next() == "early")
        turns.charge("early", 3)
        #expect(turns.next() == "late")
        #expect(turns.next { $0 == "low" } == "low")
        #expect(turns.next { _ in false } == nil)
    }

    @Test func `a newcomer is served before ten that are long at it`() {
        var turns = FairTurns<Int>()
        for id in 0..<10 { turns.join(id) }
        for _ in 0..<35 { turns.charge(turns.next()!, 1) }
        turns.join(77)
        #expect(
            (0..<3).allSatisfy { _ in
                defer { turns.charge(77, 1) }
                return turns.next() == 77
            })
        #expect(turns.next() != 77)
    }

    @Test func `whoever stays is served as much as any other`() {
        var random = SeededRandom()
        var turns = FairTurns<Int>()
        var had = [Double](repeating: 0, count: 7)
        for id in 0..<7 { turns.join(id) }
        for _ in 0..<2_000 {
            let id = turns.next()!
            let cost = Double.random(in: 1...10, using: &random)
            had[id] += cost
            turns.charge(id, cost)
        }
        #expect(had.max()! - had.min()! <= 10)
    }
}
