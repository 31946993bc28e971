/// Threads for what stages compute or wait for outside of the engines: timers and connections never wait behind it.
enum StageThreads {
    /// Alignments, sentences, packages: as many as there may be cores to spare.
    private static let computing = BlockingThreads("stage", countMax: 2)
    /// Names of hosts, each of which may take the system half a minute.
    private static let resolving = BlockingThreads("resolve", countMax: 8)

    /// - Throws: what `work` does; `CancellationError`.
    static func compute<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await computing.run { _ in try work() }
    }

    /// - Throws: `CancellationError`.
    static func resolve(_ host: String) async throws -> [NetworkAddress] {
        try await resolving.run { _ in NetworkAddress.resolve(host) }
    }
}
