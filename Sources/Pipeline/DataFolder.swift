import Foundation

/// The folder of a service's data, held by one service at a time; the system lifts the lock when its holder dies.
package final class DataFolder: Sendable {
    package let path: String
    private let descriptor: Int32

    /// Makes the folder where it is missing, for its owner alone, and locks it.
    ///
    /// - Throws: `DataFolderError.inUse` where another process serves from it, `.notWritten`.
    package init(path: String) throws(DataFolderError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch { throw .notWritten(path: path) }
        let lock = path + "/serve.lock"
        let descriptor = unsafe open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .notWritten(path: lock) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw .inUse(path: path)
        }
        self.path = path
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    /// Where data lie if nothing else is said: the folder of XDG, else `~/.local/share`.
    package static func standard(environment: [String: String]) -> String {
        if let data = environment["XDG_DATA_HOME"], data.hasPrefix("/") { return data + "/voicelingua" }
        return (environment["HOME"] ?? NSHomeDirectory()) + "/.local/share/voicelingua"
    }
}

/// Why a data folder cannot be served from.
package enum DataFolderError: Error, Equatable {
    case inUse(path: String)
    case notWritten(path: String)
    case unreadable(path: String)
}

extension DataFolderError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .inUse(let path): "\(path) is served by another process; stop it, or name another folder with --data"
        case .notWritten(let path): "\(path) cannot be written; check permissions and free space"
        case .unreadable(let path): "\(path) is empty; remove it, and a new one is made"
        }
    }
}
