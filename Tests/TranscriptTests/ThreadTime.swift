import Foundation

/// Seconds of the processor that something takes, whoever else is at work; the least of three.
func processorSeconds(_ work: () throws -> Void) rethrows -> Double {
    func now() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
    return try (0..<3).map { _ in
        let start = now()
        try work()
        return now() - start
    }.min()!
}
