import Transcript

/// What happens to a task besides what it was asked for: its status, its events, its end.
extension Transaction {
    /// Goes to a stage of the work.
    func move(_ task: TaskID, from: TaskStatus, to stage: TaskStatus) throws {
        precondition(from.successors.contains(stage) && !stage.isFinal, "\(from) is not followed by \(stage)")
        let changed = try execute(
            """
            update tasks set status = $1, started_ms = coalesce(started_ms, $2),
              transcribing_ms = case when $1 = 'transcribing' then $2 else transcribing_ms end,
              translating_ms = case when $1 = 'translating' then $2 else translating_ms end,
              packaging_ms = case when $1 = 'packaging' then $2 else packaging_ms end,
              finished_ms = null, failure_code = null, failure_message = null
            where id = $3 and status = $4
            """, stage, now, task, from)
        precondition(changed == 1, "the task was read in this transaction")
        try tellStatus(stage, of: task)
    }

    /// Ends a task: jobs that have not ended are cancelled, whoever asked for a callback is to get it.
    func end(_ task: TaskRecord, as status: TaskStatus, failure: TaskFailure? = nil) throws {
        precondition(task.status.successors.contains(status) && status.isFinal, "\(task.status) does not end \(status)")
        try execute(
            "update tasks set status = $1, finished_ms = $2, failure_code = $3, failure_message = $4 where id = $5",
            status, now, failure?.code, failure?.message, task.id)
        if let failure { try add(event: "failure", jsonLine(failure), to: task.id) }
        try tellStatus(status, of: task.id)
        try execute(
            """
            update jobs set state = 'cancelled', settled_ms = $1, lease_owner = null, lease_until_ms = null
            where task_id = $2 and state in ('available', 'running') and queue <> 'webhook'
            """, now, task.id)
        if task.request.callbackURL != nil { try enqueue(.webhook, for: task) }
        tell(.stopped(task.id))
    }

    /// Completes a task: what it gave can be found from now on.
    func complete(_ task: TaskRecord, _ package: TaskRecord.Package) throws {
        precondition(task.status == .packaging, "packaging is what completes a task")
        try execute(
            """
            update tasks set status = 'completed', finished_ms = $1, package_blob = $2, package_size_bytes = $3
            where id = $4
            """, now, package.blob, package.sizeBytes, task.id)
        try execute("update translations set published_ms = $1 where task_id = $2", now, task.id)
        try tellStatus(.completed, of: task.id)
        if task.request.callbackURL != nil { try enqueue(.webhook, for: task) }
    }

    func add(event name: String, _ data: String, to task: TaskID) throws {
        try execute("insert into task_events (task_id, name, data) values ($1, $2, $3)", task, name, data)
        tell(.task(task))
    }

    func tellStatus(_ status: TaskStatus, of task: TaskID) throws {
        try add(event: "status", #"{"status":"\#(status.rawValue)"}"#, to: task)
    }
}
