/// Why a callback did not arrive.
package enum DeliveryError: Error, Equatable {
    case badAddress
    /// It leads to an address that callbacks may not go to.
    case refused(address: String)
    case unresolved(host: String)
    /// No connection, or no answer in time.
    case notSent(reason: String)
    /// An answer that is no success.
    case status(Int)
    /// Too many deliveries there failed; milliseconds since 1970.
    case paused(untilMs: Int64)
}

extension DeliveryError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .badAddress: "the callback's address is none of http or https; hand the task in with another one"
        case .refused(let address):
            "the callback's address leads to \(address), which is not public; allow it in WEBHOOK_ALLOW"
        case .unresolved(let host): "nobody knows the host \(host.prefix(100)) of the callback; check its name"
        case .notSent(let reason): "the callback's receiver did not answer (\(reason)); check that it is up"
        case .status(let code): "the callback's receiver answered \(code); it should answer 2xx"
        case .paused: "too many callbacks to this address failed; they go on after a pause"
        }
    }
}
