/// Milliseconds since some moment, by a clock that only rises.
@Sendable package func monotonicMs() -> Int64 {
    let time = ContinuousClock.now - clockStart
    return Int64(time / .milliseconds(1))
}

private let clockStart = ContinuousClock.now
