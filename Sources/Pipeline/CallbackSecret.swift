import Foundation
import Transcript

/// The secret callbacks are signed with, where no setting says it: made once, kept for its owner alone.
package struct CallbackSecret: Sendable {
    package static let fileName = "webhook-secret"
    private static let sizeBytes = 32

    package let bytes: [UInt8]

    /// - Throws: `DataFolderError`.
    package init(folder: String) throws(DataFolderError) {
        let path = folder + "/" + CallbackSecret.fileName
        if let text = try? String(contentsOfFile: path, encoding: .utf8) {
            bytes = Array(text.trimmingCharacters(in: .whitespacesAndNewlines).utf8)
            guard !bytes.isEmpty else { throw .unreadable(path: path) }
            return
        }
        var random = SystemRandomNumberGenerator()
        let secret = hexadecimal(
            (0..<CallbackSecret.sizeBytes).map { _ in UInt8.random(in: .min ... .max, using: &random) })
        let made = FileManager.default.createFile(
            atPath: path, contents: Data((secret + "\n").utf8), attributes: [.posixPermissions: 0o600])
        guard made else { throw .notWritten(path: path) }
        bytes = Array(secret.utf8)
    }
}
