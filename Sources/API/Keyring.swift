import Crypto
import Foundation
import Store
import Synchronization

/// Knows the keys of the last few seconds, and how often each was used.
final class Keyring: Sendable {
    /// How long a key counts without being looked up: a revoked one is refused after that at the latest.
    static let rememberedMs: Int64 = 3_000
    /// Keys that are remembered.
    static let rememberedMax = 10_000

    private let keys: APIKeys
    private let now: @Sendable () -> Int64
    private let state = Mutex(State())

    private struct State {
        /// By hash of the secret: whoever sees the memory sees no secret, and comparing takes the same time for all.
        var keys: [SHA256.Digest: (key: APIKeys.Key, atMs: Int64)] = [:]
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

    /// The key is looked up before guesses are counted: many callers may stand behind one address, and one that guesses
    /// locks none of the others out.
    ///
    /// - Throws: `Refused.keyUnknown`, `Refused.rate` where an address guesses.
    func key(secret: String, address: String, attemptsPerMinuteMax: Int) async throws -> APIKeys.Key {
        let hash = SHA256.hash(data: Data(secret.utf8))
        let nowMs = now()
        if let known = state.withLock({ $0.keys[hash] }), nowMs - known.atMs < Keyring.rememberedMs { return known.key }
        guard let key = try await keys.key(secret: secret) else {
            let guess = take("guesses " + address, perMinute: attemptsPerMinuteMax)
            throw guess.isAllowed ? Refused.keyUnknown : Refused.rate(retryAfterSeconds: guess.waitSeconds)
        }
        state.withLock { state in
            if state.keys.count >= Keyring.rememberedMax { state.keys = [:] }
            state.keys[hash] = (key, nowMs)
        }
        return key
    }

    func take(_ name: String, perMinute: Int) -> RateLimit.Answer {
        let nowMs = now()
        return state.withLock { $0.limits.take(name, perMinute: perMinute, nowMs: nowMs) }
    }
}
