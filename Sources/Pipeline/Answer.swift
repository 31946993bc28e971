import Synchronization

/// What a caller waits for: given once, by whoever is first, before or after it waits.
final class Answer<Value: Sendable>: Sendable {
    private enum State {
        case open
        case waited(CheckedContinuation<Value, any Error>)
        case given(Result<Value, any Error>)
        case taken
    }

    private let state = Mutex(State.open)

    /// Whether somebody waits for it.
    var isAwaited: Bool { state.withLock { if case .waited = $0 { true } else { false } } }

    /// - Returns: false where the answer is there already; the continuation has it then.
    func wait(_ continuation: CheckedContinuation<Value, any Error>) -> Bool {
        let given: Result<Value, any Error>? = state.withLock { state in
            if case .given(let result) = state {
                state = .taken
                return result
            }
            state = .waited(continuation)
            return nil
        }
        guard let given else { return true }
        continuation.resume(with: given)
        return false
    }

    func give(_ result: Result<Value, any Error>) {
        let continuation: CheckedContinuation<Value, any Error>? = state.withLock { state in
            switch state {
            case .open:
                state = .given(result)
                return nil
            case .waited(let continuation):
                state = .taken
                return continuation
            case .given, .taken: return nil
            }
        }
        continuation?.resume(with: result)
    }
}
