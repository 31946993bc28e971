import Foundation
import Synchronization

/// Keeps an interrupt from coming in the middle of a write: what is being written is finished, then the program ends.
final class Interruption: Sendable {
    private let writing = Mutex(())

    /// Made before any other thread, since threads inherit which signals they leave to others.
    init() {
        // A file that grows past the limit of its user is an error of the write then, not the end of the program.
        signal(SIGXFSZ, SIG_IGN)
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        for signal in [SIGINT, SIGTERM] { unsafe sigaddset(&signals, signal) }
        unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
        let thread = Thread { [self, signals] in
            var signals = signals
            while true {
                var signal: Int32 = 0
                guard unsafe sigwait(&signals, &signal) == 0 else { continue }
                writing.withLock { _ in
                    // It ends the program here, or comes to nothing where the caller's shell has it ignored.
                    unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
                    raise(signal)
                    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
                }
            }
        }
        thread.name = "interruption"
        thread.start()
    }

    /// Runs a write to its end.
    func hold<Failure: Error>(_ write: () throws(Failure) -> Void) throws(Failure) {
        let result = writing.withLock { _ in Result(catching: write) }
        try result.get()
    }
}
