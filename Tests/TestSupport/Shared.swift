import Foundation

/// Material beside the repository, on machines that have it; a clone does without.
package enum Shared {
    /// The root of this package.
    package static let packageRoot = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The folder `shared` beside the package; nil where there is none.
    package static let folder: String? = {
        let path = packageRoot.deletingLastPathComponent().appendingPathComponent("shared").path
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }()

    /// A file or folder below it; nil where it is not.
    package static func path(_ name: String) -> String? {
        folder.map { $0 + "/" + name }.flatMap { FileManager.default.fileExists(atPath: $0) ? $0 : nil }
    }
}
