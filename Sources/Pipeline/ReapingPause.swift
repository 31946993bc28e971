/// When leases that ran out may be taken for those of the dead; decides, and does nothing.
///
/// A machine that slept wakes with all leases run out, although its workers live. So where much time has passed between
/// two looks, none is taken until every living worker had the time to renew its own.
package struct ReapingPause: Sendable {
    private let leaseMs: Int64
    private var lookedMs: Int64?
    private var untilMs = Int64.min

    /// - Parameter leaseMs: milliseconds a lease lasts; one is renewed thrice in that time.
    package init(leaseMs: Int64) { self.leaseMs = leaseMs }

    /// Tells of a look.
    ///
    /// - Parameter nowMs: milliseconds since 1970.
    /// - Returns: whether what has run out is to be offered again.
    package mutating func ends(nowMs: Int64) -> Bool {
        // A clock that was set back is a gap of unknown length.
        if let lookedMs, nowMs < lookedMs || nowMs - lookedMs > leaseMs / 2 { untilMs = nowMs + leaseMs }
        lookedMs = nowMs
        return nowMs >= untilMs
    }
}
