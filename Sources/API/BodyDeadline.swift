/// When a body has to be there: whoever sends a byte now and then is not idle, and must not hold a place for ever.
///
/// It is looked at whenever a part arrives; between two parts the idle time of the connection counts.
struct BodyDeadline {
    private let secondsMax: Int
    private let started = ContinuousClock.now

    init(secondsMax: Int) { self.secondsMax = secondsMax }

    /// - Throws: `Refused.slow`.
    func check() throws {
        guard ContinuousClock.now - started <= .seconds(secondsMax) else { throw Refused.slow(secondsMax: secondsMax) }
    }
}
