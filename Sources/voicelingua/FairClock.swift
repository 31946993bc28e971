/// How long each recording took: time in which several are open is shared among them evenly, so that all times add up
/// to that of the call.
struct FairClock {
    private let clock = ContinuousClock()
    private var last = ContinuousClock.now
    private var open: [Int: Double] = [:]

    mutating func start(_ number: Int) {
        share()
        open[number] = 0
    }

    /// - Returns: seconds.
    mutating func stop(_ number: Int) -> Double {
        share()
        return open.removeValue(forKey: number) ?? 0
    }

    private mutating func share() {
        let now = clock.now
        let part = (now - last) / .seconds(1) / Double(max(1, open.count))
        for number in open.keys { open[number]! += part }
        last = now
    }
}
