import Foundation
import Store
import TestSupport
import Testing

/// Two processes on one database file: this one, and the same tests started again for one of the roles below.
struct SecondProcessTests {
    private static func start(_ role: String, in folder: String) throws -> StartedProgram {
        try StartedProgram(
            CommandLine.arguments[0], ["--testing-library", "swift-testing", "--filter", "StoreTests.SecondProcess/"],
            environment: ProcessInfo.processInfo.environment.merging([
                SecondProcess.folderVariable: folder, SecondProcess.roleVariable: role,
            ]) { $1 })
    }

    private static func lines(_ run: ProgramRun, after word: String) -> [String] {
        run.output.split(separator: "\n").filter { $0.hasPrefix(word + " ") }.map {
            String($0.dropFirst(word.count + 1))
        }
    }

    /// Asks until it is so, for half a minute.
    private static func wait(_ what: String, until isSo: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while try await !isSo() { try #require(ContinuousClock.now < deadline, "\(what) did not come") }
    }

    @Test func `no job is claimed by two processes`() async throws {
        let folder = try TemporaryFolder()
        let storage = try await Storage(folder: folder.path)
        for _ in 0..<150 { _ = try await storage.tasks.create(StoreFixture.text()) }
        let second = try SecondProcessTests.start("claim", in: folder.path)
        try await SecondProcessTests.wait("the second process") {
            try await !storage.workers.present(withinMs: 60_000).isEmpty
        }
        var own: [String] = []
        while let job = try await storage.queue.claim(.translation, count: 1, owner: "first", leaseMs: 600_000).first {
            own.append(job.lease.job.rawValue)
        }
        let others = SecondProcessTests.lines(second.wait(), after: "claimed")
        #expect(!own.isEmpty)
        #expect(!others.isEmpty)
        #expect(own.count + others.count == 300)
        #expect(Set(own + others).count == 300)
    }

    @Test func `what a process was told is created is there after it is killed`() async throws {
        var random = SeededRandom()
        for _ in 0..<3 {
            let folder = try TemporaryFolder()
            let storage = try await Storage(folder: folder.path)
            let second = try SecondProcessTests.start("create", in: folder.path)
            let count = Int.random(in: 1...200, using: &random)
            try await SecondProcessTests.wait("the tasks") {
                try await storage.tasks.unfinishedCount(limit: 1000) >= count
            }
            kill(second.process.processIdentifier, SIGKILL)
            let told = SecondProcessTests.lines(second.wait(), after: "created")
            #expect(!told.isEmpty)
            for id in told {
                let jobs = try await storage.queue.jobs(of: TaskID(rawValue: id))
                #expect(jobs.count == 2)
            }
            #expect(try await storage.database.inspect().isEmpty)
        }
    }
}

/// What the other process does.
struct SecondProcess {
    static let folderVariable = "VOICELINGUA_TEST_FOLDER"
    static let roleVariable = "VOICELINGUA_TEST_ROLE"
    private static let environment = ProcessInfo.processInfo.environment
    private static let folder = environment[folderVariable]
    private static let role = environment[roleVariable]

    private static func tell(_ line: String) throws {
        try FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
    }

    @Test(.enabled(if: role == "claim", "a role in another test")) func `claims what it can`() async throws {
        let storage = try await Storage(folder: try #require(SecondProcess.folder))
        try await storage.workers.report(
            Workers.Report(id: "second", name: "", host: "", processID: 0, startedMs: 0))
        while let job = try await storage.queue.claim(.translation, count: 1, owner: "second", leaseMs: 600_000).first {
            try SecondProcess.tell("claimed \(job.lease.job)")
        }
    }

    @Test(.enabled(if: role == "create", "a role in another test")) func `creates tasks until it is killed`()
        async throws
    {
        let storage = try await Storage(folder: try #require(SecondProcess.folder))
        while true {
            try await withThrowingTaskGroup { group in
                for _ in 0..<8 {
                    group.addTask {
                        let task = try await storage.tasks.create(StoreFixture.text()).task
                        try SecondProcess.tell("created \(task.id)")
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
