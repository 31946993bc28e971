import Testing
import voicelingua

struct FairClockTests {
    private let start = ContinuousClock.now

    @Test func `the times of recordings that overlap add up to that of the call`() {
        var clock = FairClock(now: start)
        clock.start(0, now: start)
        clock.start(1, now: start + .seconds(2))
        clock.start(2, now: start + .seconds(4))
        #expect(clock.stop(1, now: start + .seconds(7)) == 2)
        #expect(clock.stop(0, now: start + .seconds(9)) == 5)
        #expect(clock.stop(2, now: start + .seconds(10)) == 3)
    }

    @Test func `time in which nothing is open counts for nothing`() {
        var clock = FairClock(now: start)
        clock.start(0, now: start + .seconds(5))
        #expect(clock.stop(0, now: start + .seconds(6)) == 1)
    }
}
