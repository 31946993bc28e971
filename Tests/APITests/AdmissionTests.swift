import API
import Foundation
import HummingbirdTesting
import Store
import TestSupport
import Testing

struct AdmissionTests {
    private let admission = Admission(APISettings())

    @Test func `the limit of unfinished tasks is reached, not passed`() {
        #expect(admission.refusal(unfinished: 199, waiting: 0, machine: .idle) == nil)
        #expect(admission.refusal(unfinished: 200, waiting: 0, machine: .idle) == .tasks(tasksMax: 200))
    }

    @Test func `the limit of waiting jobs is reached, not passed`() {
        let queueMax = admission.queueMax
        #expect(admission.refusal(unfinished: 0, waiting: queueMax - 1, machine: .idle) == nil)
        #expect(admission.refusal(unfinished: 0, waiting: queueMax, machine: .idle) == .queue(queueMax: queueMax))
    }

    @Test func `memory from 90 % on refuses`() {
        var machine = MachineLoad.idle
        machine.memoryShare = 0.899
        #expect(admission.refusal(unfinished: 0, waiting: 0, machine: machine) == nil)
        machine.memoryShare = 0.9
        #expect(admission.refusal(unfinished: 0, waiting: 0, machine: machine) == .memory(share: 0.9))
    }

    @Test func `processors refuse only where the machine is behind and jobs wait`() {
        let burning = MachineLoad(memoryShare: 0.5, processorShare: 1, runnablePerCore: 10)
        #expect(admission.refusal(unfinished: 50, waiting: 21, machine: burning) == .processor(share: 1))
        #expect(admission.refusal(unfinished: 50, waiting: 20, machine: burning) == nil)
        // Transcription at full tilt: one thread a core, and a little more.
        let working = MachineLoad(memoryShare: 0.5, processorShare: 1, runnablePerCore: 1.5)
        #expect(admission.refusal(unfinished: 150, waiting: 2_000, machine: working) == nil)
    }

    private static let usual: [TaskKind: Tasks.Usual] = [.audio: .init(meanMs: 60_000, leastMs: 8_000)]

    private func pace(ended count: Int, meanMs: Int64, spanMs: Int64) -> Pace {
        Pace(lately: .init(count: count, meanMs: meanMs, spanMs: spanMs), usual: AdmissionTests.usual)
    }

    @Test func `the time to come back is that between two ends of tasks while there is work`() {
        // Five seconds each: alone, one after the other, ten at once, four hundred at once, two with an hour between.
        let paces = [
            pace(ended: 1, meanMs: 5_000, spanMs: 5_000), pace(ended: 60, meanMs: 5_000, spanMs: 300_000),
            pace(ended: 60, meanMs: 5_000, spanMs: 30_000), pace(ended: 6_000, meanMs: 5_000, spanMs: 75_000),
            pace(ended: 2, meanMs: 5_000, spanMs: 3_610_000),
        ]
        #expect(paces.map(Admission.retryAfterSeconds) == [5, 5, 1, 1, 5])
        #expect(Admission.retryAfterSeconds(pace(ended: 5, meanMs: 3_000_000, spanMs: 300_000)) == 60)
        #expect(Admission.retryAfterSeconds(pace(ended: 1, meanMs: 3_000_000, spanMs: 3_000_000)) == 600)
    }

    @Test func `where nothing ended lately, what was completed before tells when to come back`() {
        #expect(Admission.retryAfterSeconds(pace(ended: 0, meanMs: 0, spanMs: 0)) == 60)
        #expect(Admission.retryAfterSeconds(.unknown) == Admission.retryAfterSecondsUnknown)
    }

    @Test func `an estimate is of the type, and grows with what is before`() {
        // Thirty were handed in together and ended within a minute.
        let busy = pace(ended: 30, meanMs: 40_000, spanMs: 60_000)
        #expect(busy.estimateSeconds(of: .audio, unfinished: 39) == 120)
        // Nobody is faster than the fastest.
        #expect(busy.estimateSeconds(of: .audio, unfinished: 0) == 8)
        // Measured one at a time, or long ago.
        #expect(pace(ended: 0, meanMs: 0, spanMs: 0).estimateSeconds(of: .audio, unfinished: 1) == 120)
        #expect(busy.estimateSeconds(of: .text, unfinished: 0) == nil)
        // A recording three times as large takes three times as long; where no size is known, it does not count.
        var sized = busy
        sized.usual[.audio]?.meanBytes = 1_000
        #expect(sized.estimateSeconds(of: .audio, sizeBytes: 3_000, unfinished: 39) == 360)
        #expect(sized.estimateSeconds(of: .audio, unfinished: 39) == 120)
        #expect(busy.estimateSeconds(of: .audio, sizeBytes: 3_000, unfinished: 39) == 120)
    }

    @Test func `a task is told an estimate by those of its type that were completed`() async throws {
        let house = try await House()
        var request = TaskRequest(kind: .text, languages: [.french])
        request.text = "Hello."
        _ = try await house.storage.tasks.create(request)
        try await TestWorker(storage: house.storage).work()
        let text = try await house.ask(
            .post, "/api/v1/tasks/text", json: "{\"text_content\": \"Hi.\", \"languages\": [\"fr\"]}")
        #expect(try text.json()["estimate_seconds"] is Double)
        let form = TestForm().field("languages", "fr").file("audio_file", "1.wav")
        #expect(try await house.post("/api/v1/tasks/audio", form).json()["estimate_seconds"] is NSNull)
    }

    @Test func `load is read from the kernel's files, with the limit of the control group`() throws {
        let folder = try TemporaryFolder()
        try folder.write("MemTotal: 1000 kB\nMemFree: 10 kB\nMemAvailable: 600 kB\n", to: "proc/meminfo")
        try folder.write("cpu  100 0 100 800 0 0 0 0 0 0\n", to: "proc/stat")
        try folder.write("0.00 0.00 0.00 1/100 1\n", to: "proc/loadavg")
        let reader = MachineLoadReader(folder: folder.path("proc"), cgroup: folder.path("group"))
        let start = ContinuousClock.now
        #expect(abs(reader.load(at: start).memoryShare - 0.4) < 1e-9)
        try folder.write("1000\n", to: "group/memory.max")
        try folder.write("950\n", to: "group/memory.current")
        try folder.write("anon 1\ninactive_file 50\n", to: "group/memory.stat")
        try folder.write("cpu  200 0 200 800 0 0 0 0 0 0\n", to: "proc/stat")
        #expect(abs(reader.load(at: start + .milliseconds(999)).memoryShare - 0.4) < 1e-9)
        let later = reader.load(at: start + .seconds(1))
        #expect(abs(later.memoryShare - 0.9) < 1e-9)
        #expect(abs(later.processorShare - 0.3) < 1e-9)
    }

    @Test func `as many tasks get in as there are places, however many come at once`() async throws {
        let house = try await House { $0.tasksMax = 2 }
        let body = "{\"text_content\": \"Hi.\", \"languages\": [\"fr\"]}"
        let accepted = try await withThrowingTaskGroup(of: Bool.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    try await house.ask(.post, "/api/v1/tasks/text", json: body).status == .accepted
                }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(accepted == 2)
    }

    @Test func `a full house answers 429 with a time, before the body is read, and is open again when it is not`()
        async throws
    {
        let house = try await House { $0.tasksMax = 2 }
        for number in 0..<2 { _ = try await house.submit("Hello \(number).") }
        let refused = try await house.ask(.post, "/api/v1/tasks/audio")
        #expect(try refused.status == .tooManyRequests && (try refused.code()) == "too_many_tasks")
        #expect(refused.headers[.retryAfter] == "30")
        try await TestWorker(storage: house.storage).work()
        let deadline = ContinuousClock.now + .seconds(10)
        var status = refused.status
        while status == .tooManyRequests, ContinuousClock.now < deadline {
            status = try await house.ask(.post, "/api/v1/tasks/text", json: "{\"text_content\": \"Hi.\"}").status
        }
        #expect(status == .accepted)
    }
}
