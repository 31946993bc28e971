import Foundation

/// Bytes as lower-case hexadecimal digits.
package func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
}

/// A time as RFC 3339 writes it, in UTC with milliseconds.
///
/// - Parameter milliseconds: since 1970.
package func rfc3339(_ milliseconds: Int64) -> String {
    // Half a millisecond more, so that no rounding of the fraction leads to the one before.
    Date(timeIntervalSince1970: (Double(milliseconds) + 0.5) / 1000).formatted(
        Date.ISO8601FormatStyle(includingFractionalSeconds: true))
}
