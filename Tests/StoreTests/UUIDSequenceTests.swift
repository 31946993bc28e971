import Foundation
import Store
import TestSupport
import Testing

struct UUIDSequenceTests {
    @Test func `an id is a UUID of version 7 and tells its time`() {
        var sequence = UUIDSequence()
        let (id, ms) = sequence.next(nowMs: 1_700_000_000_123, random: .max)
        #expect(id == "018bcfe5-687b-7000-bfff-ffffffffffff")
        #expect(ms == 1_700_000_000_123)
        #expect(UUIDSequence.ms(of: id) == ms)
        #expect(UUID(uuidString: id) != nil)
        #expect(UUIDSequence.ms(of: "none") == nil)
    }

    @Test func `ids rise, whatever the clock does`() {
        var random = SeededRandom()
        var sequence = UUIDSequence()
        var last = ""
        var now: Int64 = 1_700_000_000_000
        for _ in 0..<20_000 {
            if Int.random(in: 0..<1000, using: &random) == 0 { now += Int64.random(in: -3...3, using: &random) }
            let (id, ms) = sequence.next(nowMs: now, random: random.next())
            #expect(id > last)
            #expect(UUIDSequence.ms(of: id) == ms)
            last = id
        }
    }

    @Test func `a millisecond has so many ids, and the next is a millisecond later`() {
        var sequence = UUIDSequence()
        for _ in 0...UUIDSequence.counterMax { #expect(sequence.next(nowMs: 5, random: 0).ms == 5) }
        #expect(sequence.next(nowMs: 5, random: 0).ms == 6)
    }
}
