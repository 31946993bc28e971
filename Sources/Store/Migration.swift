extension Database {
    /// Brings the schema up to date; several processes may try at once, one does it.
    ///
    /// - Returns: the step it stood at, and the one it stands at now.
    /// - Throws: `StoreError.newerSchema` where a newer version made it; then nothing is changed.
    package func migrate() async throws -> (from: Int, to: Int) {
        let path = path
        return try await exclusively { transaction in
            try transaction.execute(
                "create table if not exists migrations (step bigint primary key not null, done_ms bigint not null)")
            let known = Schema.steps.count
            let found = try transaction.row("select coalesce(max(step), 0) from migrations") { try $0.next(Int.self) }!
            guard found <= known else { throw StoreError.newerSchema(path: path, found: found, known: known) }
            for step in found..<known {
                for statement in Schema.steps[step] { try transaction.execute(statement) }
                try transaction.execute(
                    "insert into migrations (step, done_ms) values ($1, $2)", step + 1, transaction.now)
            }
            return (found, known)
        }
    }
}
