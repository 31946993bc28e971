import Foundation
import ServiceLifecycle

/// Ends a service: the first SIGTERM or SIGINT in peace, a second one at once, and so does the time that peace may take.
enum StopSignals {
    /// Seconds from the first signal to the end, whatever is under way.
    static let secondsMax = 9.0

    /// Takes the signals; called before any other thread is there, since threads inherit which signals they leave.
    static func block() {
        var signals = set
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// Waits for the signals on a thread of its own.
    static func stop(_ group: ServiceGroup) {
        let thread = Thread {
            let first = wait()
            DispatchQueue.global().asyncAfter(deadline: .now() + secondsMax) { _exit(128 + first) }
            Task { await group.triggerGracefulShutdown() }
            _exit(128 + wait())
        }
        thread.name = "signals"
        thread.start()
    }

    private static var set: sigset_t {
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        for signal in [SIGINT, SIGTERM] { unsafe sigaddset(&signals, signal) }
        return signals
    }

    private static func wait() -> Int32 {
        var signals = set
        var signal: Int32 = 0
        while unsafe sigwait(&signals, &signal) != 0 {}
        return signal
    }
}
