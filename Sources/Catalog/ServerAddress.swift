import Foundation

/// The base address of a server of models: https, or http where the user named a mirror that way.
package struct ServerAddress: Equatable, Sendable {
    package let url: URL

    package static let publicHub = ServerAddress(known: "https://huggingface.co")
    package static let publicBucket = ServerAddress(
        known: "https://storage.googleapis.com/moz-fx-translations-data--303e-prod-translations-data")
    package static let publicLFS = ServerAddress(
        known: "https://media.githubusercontent.com/media/mozilla/firefox-translations-models/main/models")

    /// - Parameter setting: the variable that holds the address, for the message.
    /// - Throws: `CatalogError.badAddress`; the message repeats nothing of the address but its scheme.
    package init(_ address: String, setting: String = "the address of a server") throws(CatalogError) {
        guard let parts = URLComponents(string: address), let host = parts.host, !host.isEmpty, let url = parts.url
        else { throw .badAddress(setting: setting, reason: "is no address") }
        guard let scheme = parts.scheme, scheme == "https" || scheme == "http" else {
            throw .badAddress(setting: setting, reason: "is neither http nor https")
        }
        guard parts.user == nil, parts.password == nil, parts.query == nil, parts.fragment == nil else {
            throw .badAddress(setting: setting, reason: "holds more than scheme, host, port and path")
        }
        self.url = url
    }

    private init(known address: StaticString) {
        guard let url = URL(string: "\(address)") else { preconditionFailure("\(address) is no address") }
        self.url = url
    }

    /// The address of a path below this one.
    func url(_ path: String) -> URL { url.appendingPathComponent(path) }

    /// Whether a redirect is followed: to https always, to http only where the mirror itself was named so.
    package func allowsRedirect(to target: URL) -> Bool {
        switch target.scheme {
        case "https": true
        case "http": url.scheme == "http" && target.host == url.host
        default: false
        }
    }
}
