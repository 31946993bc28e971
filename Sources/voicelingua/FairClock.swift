/// How long each recording took: time in which several are open is shared among them evenly, so that all times add up
/// to that of the call.
package struct FairClock {
    private var last: ContinuousClock.Instant
    private var open: [Int: Double] = [:]

    package init(now: ContinuousClock.Instant) { last = now }

    package mutating func start(_ number: Int, now: ContinuousClock.Instant) {
        share(now)
        open[number] = 0
    }

    /// - Returns: seconds.
    package mutating func stop(_ number: Int, now: ContinuousClock.Instant) -> Double {
        share(now)
        return open.removeValue(forKey: number) ?? 0
    }

    private mutating func share(_ now: ContinuousClock.Instant) {
        let part = (now - last) / .seconds(1) / Double(max(1, open.count))
        for number in open.keys { open[number]! += part }
        last = now
    }
}
