import Foundation

/// A lock between processes, held from `init` to the end of the object; the system lifts it when its holder dies.
final class FileLock {
    private let descriptor: Int32

    /// - Parameter waiting: called once when somebody else holds the lock.
    init(path: String, waiting: () -> Void) throws(CatalogError) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .disk(path: path, reason: lastSystemError()) }
        self.descriptor = descriptor
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return }
        waiting()
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw .disk(path: path, reason: lastSystemError()) }
        }
    }

    deinit { close(descriptor) }
}
