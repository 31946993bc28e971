/// Why no task is accepted now.
package enum Refusal: Sendable, Equatable {
    case tasks(tasksMax: Int)
    case queue(queueMax: Int)
    case memory(share: Double)
    case processor(share: Double)
}

/// Decides whether another task is accepted, on figures and nothing else.
///
/// Busy processors alone are no reason to refuse: transcription keeps them busy, and the queue is what evens that out.
/// They are one where the machine cannot keep up with anything any more: the processors are busy, several times as many
/// threads want to run as there are cores (our own computing is one a core), and jobs wait already.
package struct Admission: Sendable, Equatable {
    package var tasksMax: Int
    package var queueMax: Int
    package var memoryThreshold: Double?
    package var processorThreshold: Double?

    /// Threads that want to run, of each core, from which others than ourselves wait.
    package static let runnablePerCoreMax = 3.0
    /// Waiting jobs up to which the queue is short and processors are no reason.
    package static let queueShortMax = 20
    package static let retryAfterSecondsMax = 600
    /// Where no task ever ended: about what a recording of some minutes takes.
    package static let retryAfterSecondsUnknown = 30

    package init(_ settings: APISettings) {
        tasksMax = settings.tasksMax
        queueMax = settings.queueMax
        memoryThreshold = settings.memoryThreshold
        processorThreshold = settings.processorThreshold
    }

    /// - Returns: nil where the task is accepted.
    package func refusal(unfinished: Int, waiting: Int, machine: MachineLoad) -> Refusal? {
        guard unfinished < tasksMax else { return .tasks(tasksMax: tasksMax) }
        guard waiting < queueMax else { return .queue(queueMax: queueMax) }
        if let memoryThreshold, machine.memoryShare >= memoryThreshold { return .memory(share: machine.memoryShare) }
        if let processorThreshold, machine.processorShare >= processorThreshold,
            machine.runnablePerCore >= Admission.runnablePerCoreMax, waiting > Admission.queueShortMax
        {
            return .processor(share: machine.processorShare)
        }
        return nil
    }

    /// Seconds until the next place is free: the time from one end of a task to the next.
    package static func retryAfterSeconds(_ pace: Pace) -> Int {
        guard let interval = pace.intervalSeconds else { return retryAfterSecondsUnknown }
        return min(max(1, Int(interval.rounded(.up))), retryAfterSecondsMax)
    }
}
