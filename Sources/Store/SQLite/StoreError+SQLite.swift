import GRDB

extension StoreError {
    /// What an error of SQLite means to those above.
    init(_ error: any Error, path: String) {
        switch error {
        case let error as StoreError: self = error
        case let error as Columns.Unexpected:
            self = .corrupt(path: path, what: "the column \(error.column) holds no \(error.wanted)")
        case let error as DatabaseError:
            let message = error.message ?? error.resultCode.description
            switch error.resultCode {
            case .SQLITE_FULL: self = .full(path: path)
            case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .corrupt(path: path, what: message)
            default: self = .database(code: Int(error.extendedResultCode.rawValue), message: message)
            }
        default: self = .database(code: 0, message: "\(error)")
        }
    }

    /// An error of SQLite as one of ours; any other (a task that was cancelled, what a closure throws) as it is.
    static func judged(_ error: any Error, path: String) -> any Error {
        switch error {
        case is DatabaseError, is Columns.Unexpected: StoreError(error, path: path)
        default: error
        }
    }
}
