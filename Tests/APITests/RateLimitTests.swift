import API
import Testing

struct RateLimitTests {
    @Test func `a minute's worth at once, then evenly`() {
        var limit = RateLimit()
        for left in (0..<60).reversed() { #expect(limit.take("a", perMinute: 60, nowMs: 0).remaining == left) }
        let refused = limit.take("a", perMinute: 60, nowMs: 0)
        #expect(!refused.isAllowed && refused.waitSeconds == 1)
        #expect(limit.take("b", perMinute: 60, nowMs: 0).isAllowed)
        #expect(!limit.take("a", perMinute: 60, nowMs: 999).isAllowed)
        #expect(limit.take("a", perMinute: 60, nowMs: 1_000).isAllowed)
    }

    @Test func `a clock that goes back gives nothing`() {
        var limit = RateLimit()
        #expect(limit.take("a", perMinute: 1, nowMs: 60_000).isAllowed)
        #expect(!limit.take("a", perMinute: 1, nowMs: 0).isAllowed)
    }

    @Test func `strangers without end take no memory without end, and set nobody free`() {
        var limit = RateLimit()
        for _ in 0..<2 { _ = limit.take("busy", perMinute: 2, nowMs: 0) }
        for number in 0..<(RateLimit.bucketsMax * 2) { _ = limit.take("\(number)", perMinute: 2, nowMs: 0) }
        #expect(!limit.take("busy", perMinute: 2, nowMs: 0).isAllowed)
    }
}
