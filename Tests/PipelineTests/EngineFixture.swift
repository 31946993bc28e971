import Catalog
import Foundation
import Pipeline
import TestSupport
import Testing

/// Tests that compute with real weights, one after the other: each takes all cores.
@Suite(.serialized) struct EngineTests {
    static func cache() throws -> ModelCache {
        for name in ["base", "tiny.en", "silero-vad", "en-pt", "pt-en"] { _ = try TestModels.folder(name) }
        return ModelCache(environment: ProcessInfo.processInfo.environment)
    }

    /// Waits for what another thread brings about.
    static func wait(seconds: Double = 30, for isSo: () async -> Bool) async -> Bool {
        let deadline = ContinuousClock.now + .seconds(seconds)
        while ContinuousClock.now < deadline {
            if await isSo() { return true }
            // What is looked at tells nobody when it changes; looking without a pause would take the engine's core.
            _ = poll(nil, 0, 1)
            await Task.yield()
        }
        return false
    }
}

/// A clock that is turned by hand.
final class TurnedClock: Sendable {
    private let time = Locked<Int64>(0)
    var now: @Sendable () -> Int64 { { [time] in time.value } }
    func turn(ms: Int64) { time.change { $0 += ms } }
}

/// A value that tasks and threads share.
final class Locked<Value: Sendable>: @unchecked Sendable {
    // Every access is under the lock.
    private var held: Value
    private let lock = NSLock()

    init(_ value: Value) { held = value }

    var value: Value { lock.withLock { held } }

    func change(_ body: (inout Value) -> Void) { lock.withLock { body(&held) } }
}
