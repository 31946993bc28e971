/// Buckets of tokens by name: a request takes one, and they fill up evenly to a minute's worth.
package struct RateLimit: Sendable {
    /// Names that are remembered; the fullest ones are forgotten first, which gives nobody more than is due.
    package static let bucketsMax = 10_000

    package struct Answer: Sendable, Equatable {
        package var isAllowed: Bool
        package var perMinute: Int
        package var remaining: Int
        /// Seconds until there is a token, where there is none; else until the bucket is full.
        package var waitSeconds: Int
    }

    private struct Bucket {
        var tokens: Double
        var atMs: Int64
    }

    private var buckets: [String: Bucket] = [:]

    package init() {}

    /// Takes a token of a bucket.
    package mutating func take(_ name: String, perMinute: Int, nowMs: Int64) -> Answer {
        let size = Double(perMinute)
        var bucket = refilled(name, size: size, nowMs: nowMs)
        let isAllowed = bucket.tokens >= 1
        if isAllowed { bucket.tokens -= 1 }
        if buckets.count >= RateLimit.bucketsMax, buckets[name] == nil { forget() }
        buckets[name] = bucket
        let missing = isAllowed ? size - bucket.tokens : 1 - bucket.tokens
        return Answer(
            isAllowed: isAllowed, perMinute: perMinute, remaining: Int(bucket.tokens),
            waitSeconds: max(1, Int((missing * 60 / max(size, 1)).rounded(.up))))
    }

    private func refilled(_ name: String, size: Double, nowMs: Int64) -> Bucket {
        guard let bucket = buckets[name] else { return Bucket(tokens: size, atMs: nowMs) }
        let gained = Double(max(0, nowMs - bucket.atMs)) * size / 60_000
        return Bucket(tokens: min(size, bucket.tokens + gained), atMs: max(nowMs, bucket.atMs))
    }

    private mutating func forget() {
        let kept = buckets.sorted { $0.value.tokens < $1.value.tokens }.prefix(RateLimit.bucketsMax / 2)
        buckets = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
    }
}
