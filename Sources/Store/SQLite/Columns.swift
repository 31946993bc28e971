import GRDB

/// The columns of a row, read from left to right.
package struct Columns {
    private let row: GRDB.Row
    private var index = 0

    /// What a column holds is not what is written there: the file was changed by another program, or is damaged.
    struct Unexpected: Error {
        let column: String
        let wanted: String
    }

    init(_ row: GRDB.Row) { self.row = row }

    /// - Throws: where it is null or of another kind.
    package mutating func next<T: SQLRepresentable>(_: T.Type = T.self) throws -> T {
        guard let value = try nextIfAny(T.self) else { throw unexpected(T.self, at: index - 1) }
        return value
    }

    /// Nil for null.
    ///
    /// - Throws: where it is of another kind.
    package mutating func nextIfAny<T: SQLRepresentable>(_: T.Type = T.self) throws -> T? {
        defer { index += 1 }
        let value = SQLValue(row[index])
        guard value != .null else { return nil }
        guard let read = T(sqlValue: value) else { throw unexpected(T.self, at: index) }
        return read
    }

    private func unexpected(_ type: Any.Type, at index: Int) -> Unexpected {
        let names = Array(row.columnNames)
        return Unexpected(column: names[index], wanted: "\(type)")
    }
}

extension SQLValue {
    fileprivate init(_ value: DatabaseValue) {
        switch value.storage {
        case .null: self = .null
        case .int64(let number): self = .integer(number)
        case .double(let number): self = .real(number)
        case .string(let text): self = .text(text)
        case .blob(let data): self = .blob([UInt8](data))
        }
    }
}
