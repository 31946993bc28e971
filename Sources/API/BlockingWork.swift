import Dispatch

/// Work that reads files or computes for more than a millisecond, on threads of its own: requests never wait behind it.
enum BlockingWork {
    private static let queue = DispatchQueue(label: "voicelingua.api.work", attributes: .concurrent)

    /// - Parameter queue: one's own, where the order counts.
    static func run<Value: Sendable>(
        on queue: DispatchQueue = queue, _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try work() }) }
        }
    }
}
