import Synchronization

/// Those that are told of changes.
final class Subscribers: Sendable {
    private struct State {
        var streams: [Int: AsyncStream<Database.Change>.Continuation] = [:]
        var count = 0
    }

    private let state = Mutex(State())

    func stream() -> AsyncStream<Database.Change> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Database.Change.self, bufferingPolicy: .bufferingNewest(Database.changesMax))
        let number = state.withLock { state in
            state.count += 1
            state.streams[state.count] = continuation
            return state.count
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.streams.removeValue(forKey: number) }
        }
        return stream
    }

    func tell(_ changes: [Database.Change]) {
        guard !changes.isEmpty else { return }
        let streams = state.withLock { Array($0.streams.values) }
        for stream in streams {
            for change in changes { stream.yield(change) }
        }
    }
}
