import Store
import Testing
import Transcript

/// What jobs and tasks have to be, told by the rules alone: the oracle of the property test.
struct QueueModel {
    struct Job {
        let task: TaskID
        let queue: QueueName
        let priority: Int
        let createdMs: Int64
        let work: String?
        var state = JobState.available
        var attempt = 0
        var runAtMs: Int64
        var token: Int64 = 0
        var untilMs: Int64 = 0
    }

    var jobs: [JobID: Job] = [:]
    var statuses: [TaskID: TaskStatus] = [:]
    var done: [TaskID: Int] = [:]

    func isLive(_ lease: Lease) -> Bool {
        guard let job = jobs[lease.job] else { return false }
        return job.state == .running && job.token == lease.token
    }

    /// Jobs a claim has to give, in its order.
    func claimable(_ queue: QueueName, count: Int, now: Int64) -> [JobID] {
        var busy = Set(jobs.values.filter { $0.state == .running }.compactMap(\.work))
        let waiting = jobs.filter { $0.value.queue == queue && $0.value.state == .available && $0.value.runAtMs <= now }
        let ordered = waiting.sorted { first, second in
            let (a, b) = (first.value, second.value)
            if a.priority != b.priority { return a.priority > b.priority }
            if a.createdMs != b.createdMs { return a.createdMs < b.createdMs }
            return first.key.rawValue < second.key.rawValue
        }
        var chosen: [JobID] = []
        for (id, job) in ordered where chosen.count < count {
            if let work = job.work, !busy.insert(work).inserted { continue }
            chosen.append(id)
        }
        return chosen
    }

    mutating func claimed(_ claim: ClaimedJob, untilMs: Int64) {
        let id = claim.lease.job
        #expect(claim.lease.token > jobs[id]!.token)
        jobs[id]!.state = .running
        jobs[id]!.token = claim.lease.token
        jobs[id]!.attempt += 1
        jobs[id]!.untilMs = untilMs
        #expect(claim.attempt == jobs[id]!.attempt)
        statuses[claim.task.id] = claim.queue.stageOfTask
    }

    /// Ends a task: what has not ended of it is cancelled.
    mutating func end(_ task: TaskID, as status: TaskStatus) {
        statuses[task] = status
        for (id, job) in jobs where job.task == task && (job.state == .available || job.state == .running) {
            jobs[id]!.state = .cancelled
        }
    }

    mutating func failed(_ id: JobID, retryAtMs: Int64?) {
        let job = jobs[id]!
        if let retryAtMs, job.attempt < JobQueue.attemptsMax {
            jobs[id]!.state = .available
            jobs[id]!.runAtMs = retryAtMs
        } else {
            jobs[id]!.state = .failed
            end(job.task, as: .failed)
        }
    }

    mutating func retried(_ id: JobID, now: Int64) {
        let task = jobs[id]!.task
        for (other, job) in jobs where job.task == task && (other == id || job.state == .cancelled) {
            jobs[other]!.state = .available
            jobs[other]!.attempt = 0
            jobs[other]!.runAtMs = now
        }
        statuses[task] = jobs[id]!.queue.stageOfTask
    }

    mutating func deleted(_ task: TaskID) {
        jobs = jobs.filter { $0.value.task != task }
        statuses[task] = nil
        done[task] = nil
    }
}

extension QueueName {
    var stageOfTask: TaskStatus {
        switch self {
        case .transcription: .transcribing
        case .translation: .translating
        case .packaging, .webhook: .packaging
        }
    }
}
