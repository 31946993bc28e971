import Synchronization

/// Ids that sort by the time they were made: UUIDs of version 7, with a counter for those of the same millisecond.
///
/// - Source: RFC 9562 §5.7, §6.2 method 1.
package struct UUIDSequence {
    private var lastMs: Int64 = 0
    private var counter: UInt64 = 0

    /// Ids of one millisecond: 12 bits.
    package static let counterMax: UInt64 = 0xfff

    package init() {}

    /// - Parameters:
    ///   - nowMs: milliseconds since 1970; where it is behind the last id, that one's time is kept.
    ///   - random: 62 bits of it are used.
    /// - Returns: the id, and the time it tells.
    package mutating func next(nowMs: Int64, random: UInt64) -> (id: String, ms: Int64) {
        if nowMs > lastMs {
            (lastMs, counter) = (nowMs, 0)
        } else if counter == UUIDSequence.counterMax {
            (lastMs, counter) = (lastMs + 1, 0)
        } else {
            counter += 1
        }
        let high = UInt64(lastMs) << 16 | 0x7000 | counter
        let low = 0x8000_0000_0000_0000 | random >> 2
        return (UUIDSequence.text(high, low), lastMs)
    }

    /// The time an id tells; nil where it is none of these.
    package static func ms(of id: String) -> Int64? {
        let parts = id.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 5, parts[0].utf8.count == 8, parts[1].utf8.count == 4 else { return nil }
        return Int64(parts[0] + parts[1], radix: 16)
    }

    private static let digits = Array("0123456789abcdef".utf8)

    private static func text(_ high: UInt64, _ low: UInt64) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(36)
        for nibble in 0..<32 {
            if nibble == 8 || nibble == 12 || nibble == 16 || nibble == 20 { bytes.append(UInt8(ascii: "-")) }
            let half = nibble < 16 ? high : low
            bytes.append(digits[Int(half >> UInt64((15 - nibble % 16) * 4) & 15)])
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// The ids of a process.
final class IDSource: Sendable {
    private let sequence = Mutex(UUIDSequence())

    func next(nowMs: Int64) -> (id: String, ms: Int64) {
        sequence.withLock { $0.next(nowMs: nowMs, random: .random(in: .min ... .max)) }
    }
}
