import Foundation

/// Runs asynchronous work to its end on behalf of a command; the main thread waits.
///
/// Commands are synchronous, as models need the deep stack of the main thread and signals have to be blocked before the
/// first other thread there is.
func waiting<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) throws -> Value {
    let result = Box<Value>()
    Task {
        do { result.fill(.success(try await work())) } catch { result.fill(.failure(error)) }
    }
    return try result.take()
}

/// A value that comes from another thread.
///
/// Unchecked: the value is written before the semaphore is signalled, and read after it was waited for.
private final class Box<Value: Sendable>: @unchecked Sendable {
    private var value: Result<Value, any Error>?
    private let isFull = DispatchSemaphore(value: 0)

    func fill(_ value: Result<Value, any Error>) {
        self.value = value
        isFull.signal()
    }

    func take() throws -> Value {
        isFull.wait()
        return try value!.get()
    }
}
