import Crypto
import Foundation
import Store
import Synchronization

/// Knows the keys of the last few seconds, and how often each was used.
final class Keyring: Sendable {
    /// How long a key counts without being looked up: a revoked one is refused after that at the latest.
    static let rememberedMs: Int64 = 3_000
    /// Keys, known and unknown, that are remembered.
    static let rememberedMax = 10_000

    private let keys: APIKeys
    private let now: @Sendable () -> Int64
    private let state = Mutex(State())

    private struct State {
        /// By hash of the secret: whoever sees the memory sees no secret, and comparing takes the same time for all.
        var keys: [SHA256.Digest: (key: APIKeys.Key?, atMs: Int64)] = [:]
        var isOpen: (value: Bool, atMs: Int64)?
        var limits = RateLimit()
    }

    init(_ keys: APIKeys, now: @escaping @Sendable () -> Int64) {
        self.keys = keys
        self.now = now
    }

    /// Whether no key exists.
    func isOpen() async throws -> Bool {
        let nowMs = now()
        if let known = state.withLock({ $0.isOpen }), nowMs - known.atMs < Keyring.rememberedMs { return known.value }
        let value = try await keys.isEmpty()
        state.withLock { $0.isOpen = (value, nowMs) }
        return value
    }

    /// - Throws: `Refused.keyUnknown`, `Refused.rate` where an address guesses.
    func key(secret: String, address: String, attemptsPerMinuteMax: Int) async throws -> APIKeys.Key {
        let hash = SHA256.hash(data: Data(secret.utf8))
        let nowMs = now()
        if let known = state.withLock({ $0.keys[hash] }), nowMs - known.atMs < Keyring.rememberedMs, let key = known.key
        {
            return key
        }
        let guesses = "guesses " + address
        let waitSeconds = state.withLock { $0.limits.wait(guesses, perMinute: attemptsPerMinuteMax, nowMs: nowMs) }
        if let waitSeconds { throw Refused.rate(retryAfterSeconds: waitSeconds) }
        let key = try await keys.key(secret: secret)
        state.withLock { state in
            if state.keys.count >= Keyring.rememberedMax { state.keys = [:] }
            state.keys[hash] = (key, nowMs)
            if key == nil { _ = state.limits.take(guesses, perMinute: attemptsPerMinuteMax, nowMs: nowMs) }
        }
        guard let key else { throw Refused.keyUnknown }
        return key
    }

    func take(_ name: String, perMinute: Int) -> RateLimit.Answer {
        let nowMs = now()
        return state.withLock { $0.limits.take(name, perMinute: perMinute, nowMs: nowMs) }
    }
}
