import Foundation
import GRDB

/// A transaction as statements see it: SQL with `$1`, `$2`, … in the order they first appear.
///
/// Owned by the thread that runs it, for as long as its closure runs.
package final class Transaction {
    /// Milliseconds since 1970: one time for the whole transaction.
    package let now: Int64
    /// What those that wait are told after the commit.
    private(set) var changes: [Database.Change] = []
    private let connection: GRDB.Database
    private let ids: IDSource
    private let beforeStatement: Database.BeforeStatement?

    init(_ connection: GRDB.Database, now: Int64, ids: IDSource, beforeStatement: Database.BeforeStatement?) {
        self.connection = connection
        self.now = now
        self.ids = ids
        self.beforeStatement = beforeStatement
    }

    /// - Returns: how many rows it changed.
    @discardableResult
    package func execute(_ sql: String, _ values: (any SQLRepresentable)?...) throws -> Int {
        try prepared(sql, values).execute()
        return connection.changesCount
    }

    package func rows<T>(
        _ sql: String, _ values: (any SQLRepresentable)?..., read: (inout Columns) throws -> T
    ) throws -> [T] {
        try rows(sql, list: values, read: read)
    }

    /// Rows of a statement whose values are as many as a list has.
    package func rows<T>(
        _ sql: String, list values: [(any SQLRepresentable)?], read: (inout Columns) throws -> T
    ) throws -> [T] {
        let cursor = try GRDB.Row.fetchCursor(prepared(sql, values))
        var found: [T] = []
        while let row = try cursor.next() {
            var columns = Columns(row)
            found.append(try read(&columns))
        }
        return found
    }

    /// The first row; nil where there is none.
    package func row<T>(
        _ sql: String, _ values: (any SQLRepresentable)?..., read: (inout Columns) throws -> T
    ) throws -> T? {
        try rows(sql, list: values, read: read).first
    }

    func newID() -> (id: String, ms: Int64) { ids.next(nowMs: now) }

    func tell(_ change: Database.Change) { changes.append(change) }

    private func prepared(_ sql: String, _ values: [(any SQLRepresentable)?]) throws -> Statement {
        try beforeStatement?(sql)
        let statement = try connection.cachedStatement(sql: sql)
        try statement.setArguments(StatementArguments(values.map { DatabaseValue($0?.sqlValue ?? .null) }))
        return statement
    }
}

extension DatabaseValue {
    fileprivate init(_ value: SQLValue) {
        switch value {
        case .null: self = .null
        case .integer(let number): self = number.databaseValue
        case .real(let number): self = number.databaseValue
        case .text(let text): self = text.databaseValue
        case .blob(let bytes): self = Data(bytes).databaseValue
        }
    }
}
