import Foundation
import Synchronization

/// How busy the machine is, as shares of 1.
package struct MachineLoad: Sendable, Equatable {
    package var memoryShare: Double
    package var processorShare: Double
    /// Threads that want to run, of each core, over the last minute.
    package var runnablePerCore: Double

    package static let idle = MachineLoad(memoryShare: 0, processorShare: 0, runnablePerCore: 0)

    package init(memoryShare: Double, processorShare: Double, runnablePerCore: Double) {
        self.memoryShare = memoryShare
        self.processorShare = processorShare
        self.runnablePerCore = runnablePerCore
    }
}

/// Reads the load from the kernel, at most once a second; the processors' share is smoothed over the last few.
package final class MachineLoadReader: Sendable {
    /// How much a new second counts.
    private static let smoothing = 0.3
    private let folder: String
    private let cgroup: String
    private let state = Mutex(State())

    private struct State {
        var load = MachineLoad.idle
        var times: ProcessorTimes?
        var readAt: ContinuousClock.Instant?
    }

    struct ProcessorTimes: Equatable {
        var busy: Double
        var all: Double
    }

    /// - Parameters:
    ///   - folder: `/proc`, but in tests.
    ///   - cgroup: where the limits of this process's control group stand.
    package init(folder: String = "/proc", cgroup: String = "/sys/fs/cgroup") {
        self.folder = folder
        self.cgroup = cgroup
    }

    package func load(at now: ContinuousClock.Instant = .now) -> MachineLoad {
        state.withLock { state in
            if let readAt = state.readAt, now - readAt < .seconds(1) { return state.load }
            let times = MachineLoadReader.processorTimes(text("stat"))
            if let times, let before = state.times, times.all > before.all {
                let share = (times.busy - before.busy) / (times.all - before.all)
                state.load.processorShare += MachineLoadReader.smoothing * (share - state.load.processorShare)
            }
            state.times = times
            state.readAt = now
            state.load.memoryShare = memoryShare()
            let runnable = text("loadavg").split(separator: " ").first.flatMap { Double($0) } ?? 0
            state.load.runnablePerCore = runnable / Double(max(1, ProcessInfo.processInfo.activeProcessorCount))
            return state.load
        }
    }

    /// What is in use of the memory that can be had: of the machine, or of the control group where it allows less.
    private func memoryShare() -> Double {
        let machine = MachineLoadReader.fields(text("meminfo"))
        var share = 0.0
        if let all = machine["MemTotal"], let free = machine["MemAvailable"], all > 0 { share = 1 - free / all }
        guard let limit = Double(groupText("memory.max")), let used = Double(groupText("memory.current")), limit > 0
        else { return share }
        let idleFiles = MachineLoadReader.fields(groupText("memory.stat"))["inactive_file"] ?? 0
        return max(share, (used - idleFiles) / limit)
    }

    /// The first line of `/proc/stat`: user, nice, system, idle, waiting for disks, …
    static func processorTimes(_ text: String) -> ProcessorTimes? {
        guard let line = text.split(separator: "\n").first, line.hasPrefix("cpu ") else { return nil }
        let times = line.split(separator: " ").dropFirst().prefix(8).compactMap { Double($0) }
        guard times.count >= 5 else { return nil }
        let all = times.reduce(0, +)
        return ProcessorTimes(busy: all - times[3] - times[4], all: all)
    }

    /// `Name: number unit` or `name number` a line.
    static func fields(_ text: String) -> [String: Double] {
        text.split(separator: "\n").reduce(into: [:]) { fields, line in
            let parts = line.split { $0 == " " || $0 == ":" || $0 == "\t" }
            if parts.count >= 2, let number = Double(parts[1]) { fields[String(parts[0])] = number }
        }
    }

    private func text(_ name: String) -> String { MachineLoadReader.text(folder + "/" + name) }
    private func groupText(_ name: String) -> String {
        MachineLoadReader.text(cgroup + "/" + name).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Empty where there is no such file: then it limits nothing.
    private static func text(_ path: String) -> String {
        guard let file = FileHandle(forReadingAtPath: path) else { return "" }
        // What cannot be read limits nothing either.
        return (try? file.readToEnd()).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
