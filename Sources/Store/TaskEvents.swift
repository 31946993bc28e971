/// What happened to tasks, in order.
package struct TaskEvents: Sendable {
    let database: Database

    package struct Event: Sendable, Equatable {
        /// Rises over all tasks; `Last-Event-ID`.
        package var id: Int64
        package var task: TaskID
        /// `status`, `progress`, `translation`, `failure`.
        package var name: String
        /// One line of JSON.
        package var data: String
    }

    /// Events of a task after one, oldest first.
    package func events(of task: TaskID, after id: Int64, limit: Int) async throws -> [Event] {
        try await database.read { transaction in
            try transaction.rows(
                """
                select id, task_id, name, data from task_events where task_id = $1 and id > $2 order by id limit $3
                """, task, id, max(0, limit)
            ) {
                Event(id: try $0.next(), task: try $0.next(), name: try $0.next(), data: try $0.next())
            }
        }
    }
}
