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

    @Test(arguments: 30..<40) func `a newcomer with a head start is served before ten that are long at it`(before: Int)
    {
        var turns = FairTurns<Int>()
        for id in 0..<10 { turns.join(id) }
        for _ in 0..<before { turns.charge(turns.next()!, 1) }
        turns.join(77, headStart: 1)
        var served: [Int] = []
        for _ in 0..<2 {
            served.append(turns.next()!)
            turns.charge(served.last!, 1)
        }
        #expect(served.contains(77))
    }

    @Test func `a head start is one turn, however many have one`() {
        var turns = FairTurns<Int>()
        for id in 0..<10 { turns.join(id, headStart: 1) }
        var served: [Int] = []
        for _ in 0..<20 {
            served.append(turns.next()!)
            turns.charge(served.last!, 1)
        }
        #expect(Set(served.prefix(10)) == Set(0..<10))
        #expect(Set(served.suffix(10)) == Set(0..<10))
    }

    @Test func `a newcomer and one that has had much take turns`() {
        var turns = FairTurns<String>()
        turns.join("old")
        for _ in 0..<1_000 { turns.charge("old", 1) }
        turns.join("new")
        var counts: [String: Int] = [:]
        for _ in 0..<100 {
            let id = turns.next()!
            counts[id, default: 0] += 1
            turns.charge(id, 1)
        }
        #expect(counts["old"] == 50 && counts["new"] == 50)
    }

    @Test func `a stream of newcomers starves nobody`() {
        var turns = FairTurns<Int>()
        turns.join(0)
        var had = 0
        for newcomer in 1...400 {
            turns.join(newcomer, headStart: 1)
            let id = turns.next()!
            turns.charge(id, 1)
            if id == 0 { had += 1 } else { turns.leave(id) }
        }
        #expect(had >= 5)
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
        #expect(had.max()! - had.min()! <= 30)
    }
}
