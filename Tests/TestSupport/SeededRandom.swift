import Foundation

/// Random numbers that a printed seed repeats.
///
/// - Source: splitmix64, Steele, Lea and Flood 2014.
package struct SeededRandom: RandomNumberGenerator, Sendable {
    /// The seed of this run, printed once; `TEST_SEED=N` repeats one.
    package static let runSeed: UInt64 = {
        let seed = ProcessInfo.processInfo.environment["TEST_SEED"].flatMap(UInt64.init) ?? .random(in: 0...99_999_999)
        print("random tests use TEST_SEED=\(seed)")
        return seed
    }()

    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    /// A stream of its own for every test of the run.
    package init(test: String = #function) {
        state = test.utf8.reduce(SeededRandom.runSeed ^ 0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// Uniform in ±`limit`.
    package mutating func floats(_ count: Int, limit: Float = 1) -> [Float] {
        (0..<count).map { _ in Float.random(in: -limit...limit, using: &self) }
    }
}
