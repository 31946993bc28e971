/// What can go wrong with what is kept.
package enum StoreError: Error, Equatable {
    case idempotencyKeyReused
    case noJob(JobID)
    case notFailed(JobID, JobState)
    /// The lease is another's or nobody's; the work is to be dropped.
    case leaseLost(JobID)
    /// The disk is full.
    case full(path: String)
    case notOpened(path: String, why: String)
    /// Made by a newer version.
    case newerSchema(path: String, found: Int, known: Int)
    /// What SQLite says; no retry will help.
    case corrupt(path: String, what: String)
    /// Any other error of the database, with its code.
    case database(code: Int, message: String)
}

extension StoreError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .idempotencyKeyReused:
            "this idempotency key was used for another request; use a new key for a new request"
        case .noJob(let id): "there is no job \(id)"
        case .notFailed(let id, let state): "job \(id) is \(state); only a failed job can be offered again"
        case .leaseLost(let id): "job \(id) is leased to another or has ended; this worker's result is dropped"
        case .full(let path): "the disk of \(path) is full; make room and try again"
        case .notOpened(let path, let why): "\(path) cannot be opened: \(why)"
        case .newerSchema(let path, let found, let known):
            "\(path) has schema \(found), this version knows \(known); use a version at least as new as the one that made it"
        case .corrupt(let path, let what):
            "\(path) is damaged: \(what); put back a backup, or move it away to start anew"
        case .database(let code, let message): "the database reports error \(code): \(message)"
        }
    }
}
