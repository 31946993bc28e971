import Foundation
import LanguagePackage
import Store
import TestSupport
import Testing
import Transcript

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The program killed by SIGKILL again and again while clients hand in tasks; `CRASHES=N` says how often.
struct CrashTests {
    private static let crashes = ProcessInfo.processInfo.environment["CRASHES"].flatMap(Int.init) ?? 200
    private static let clients = 4
    /// Longest life of the program between its start and the signal.
    private static let lifeMsMax = 1_200
    /// One of so many lives begins to count when a window is kept, however busy the machine is: a job that dies twenty
    /// times without getting on is given up.
    private static let livesToWindow = 5

    @Test func `killed at any moment, it loses no task, ends none twice and keeps every finished window`() async throws
    {
        let folder = try TemporaryFolder()
        let receiver = try CallbackReceiver()
        let data = folder.path("data")
        let work = Work(callback: receiver.url)
        var random = SeededRandom()
        var logs: [String] = []

        var service = try CrashTests.start(data)
        await work.open(service.address)
        let clients = (0..<CrashTests.clients).map { number in Task { try await work.submitUntilClosed(client: number) }
        }
        for crash in 1...CrashTests.crashes {
            // Some while it starts, most while it works.
            if crash.isMultiple(of: CrashTests.livesToWindow) {
                try await waitUntil(seconds: 120) { service.program.errors.contains("window kept") }
            }
            await CrashTests.kill(service.program, afterMs: .random(in: 0...CrashTests.lifeMsMax, using: &random))
            logs.append(service.program.errors)
            if crash.isMultiple(of: 10) {
                let starting = try ServingProgram(
                    ProgramRun.voicelinguaPath(), Service.arguments(data, CrashTests.flags))
                await CrashTests.kill(starting, afterMs: .random(in: 0...200, using: &random))
                logs.append(starting.errors)
            }
            service = try CrashTests.start(data)
            await work.open(service.address)
        }
        await work.close()
        for client in clients { try await client.value }
        let tasks = await work.tasks
        // While it runs: the last ones may be on their way.
        try checkCallbacks(tasks, receiver)
        #expect(service.stop().status == 0)
        logs.append(service.program.errors)
        print("\(CrashTests.crashes) crashes, \(tasks.count) tasks")
        #expect(tasks.count > CrashTests.crashes / 4, "too few tasks to say anything")

        try await check(tasks, data)
        let check = try ProgramRun.voicelingua("db", "check", "--data", data)
        #expect(check.output == "nothing is wrong\n", "\(check.output)\(check.errors)")
        try checkWindows(logs)
    }

    /// Without caches everything is worked for; a small model that is loaded when it is needed does much in a short life.
    private static let flags = [
        "--log-level", "debug", "--webhook-allow", "127.0.0.1", "--transcription-cache-seconds", "0",
        "--translation-cache-seconds", "0", "--preload-models", "none", "--speech-model", "tiny.en",
    ]

    private static func start(_ data: String) throws -> Service { try Service(data: data, flags: flags) }

    /// Kills a program at a drawn moment and waits for its end.
    private static func kill(_ program: ServingProgram, afterMs: Int) async {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(afterMs)) {
                program.send(SIGKILL)
                _ = program.wait()
                continuation.resume()
            }
        }
    }

    /// Every task that was accepted is there once, completed once, and whole.
    private func check(_ tasks: [String: Work.Kind], _ data: String) async throws {
        let storage = try await Storage(folder: data)
        var stored = 0
        for (_, _, count) in try await storage.tasks.counts() { stored += count }
        #expect(stored == tasks.count, "a request that was sent again made another task")
        var texts: [Work.Kind: [String]] = [:]
        for (id, kind) in tasks {
            let task = try #require(try await storage.tasks.task(TaskID(rawValue: id)), "\(id) is lost")
            #expect(task.status == .completed, "\(id): \(task.failure?.code ?? task.status.rawValue)")
            let ends = try await storage.events.events(of: task.id, after: 0, limit: 1_000)
                .count { $0.name == "status" && $0.data.contains("completed") }
            #expect(ends == 1, "\(id) was completed \(ends) times")
            guard let package = task.package else { continue }
            let contents = try PackageReader(path: storage.blobs.path(package.blob)).contents()
            let found = contents.translations.map { "\($0.language) \($0.source): \($0.text)" }
            #expect(found.count == kind.translations, "\(id)")
            #expect(texts[kind, default: found] == found, "a task like \(id) gave something else")
            texts[kind] = found
        }
    }

    private struct Window: Hashable {
        let job: String
        let place: String
    }

    /// A window that was kept is never computed again, and a crash costs a recording no more than the one that was
    /// being kept.
    ///
    /// - Parameter logs: of all lives of the program, in their order.
    private func checkWindows(_ logs: [String]) throws {
        struct Line: Decodable {
            let event: String
            let job: String?
            let window: String?
        }
        var kept: Set<Window> = []
        var lastLives: [Window: Int] = [:]
        /// Windows that had to be done again, by the life in which they were lost and their job.
        var lost: [Int: [String: Int]] = [:]
        for (life, log) in logs.enumerated() {
            for line in log.split(separator: "\n") {
                // The last line before the signal may be cut off.
                guard let line = try? JSONDecoder().decode(Line.self, from: Data(line.utf8)), let job = line.job,
                    let place = line.window
                else { continue }
                let window = Window(job: job, place: place)
                if line.event == "window kept" { kept.insert(window) }
                guard line.event == "window done" else { continue }
                #expect(!kept.contains(window), "a window that was kept was computed again")
                guard let before = lastLives.updateValue(life, forKey: window) else { continue }
                lost[before, default: [:]][job, default: 0] += 1
            }
        }
        let sums = lost.values.map { $0.values.reduce(0, +) }
        print("\(lastLives.count) windows; done again \(sums.reduce(0, +)), after one crash \(sums.max() ?? 0) at most")
        #expect(!kept.isEmpty)
        #expect(lost.values.allSatisfy { $0.values.allSatisfy { $0 == 1 } }, "a recording lost more than one window")
        #expect(sums.allSatisfy { $0 <= CrashTests.clients }, "more were lost than were under way")
    }

    /// A task is told of under one delivery, however often that is sent.
    private func checkCallbacks(_ tasks: [String: Work.Kind], _ receiver: CallbackReceiver) throws {
        struct Told: Decodable {
            let taskID: String
            enum CodingKeys: String, CodingKey { case taskID = "task_id" }
        }
        var deliveries: [String: Set<String>] = [:]
        while deliveries.count < tasks.count {
            let received = try receiver.next()
            let task = try JSONDecoder().decode(Told.self, from: Data(received.body.utf8)).taskID
            deliveries[task, default: []].insert(received.headers["voicelingua-delivery"] ?? "")
        }
        #expect(deliveries.values.allSatisfy { $0.count == 1 })
    }
}

/// What clients hand in, wherever the service just listens.
private actor Work {
    /// A kind of task; all tasks of a kind are to give the same.
    enum Kind: CaseIterable {
        case text, counting, fox, twoCities

        /// English and Portuguese, of recordings both heard and written.
        var translations: Int { self == .text ? 2 : 4 }

        var recording: String? {
            get throws {
                func clip(_ name: String) throws -> String? {
                    try Samples.clips().first { $0.path.hasSuffix("en/\(name).wav") }?.path
                }
                return switch self {
                case .text: nil
                case .counting: try clip("counting")
                case .fox: try clip("quick_brown_fox")
                case .twoCities: try Samples.twoCities()
                }
            }
        }
    }

    private let callback: String
    private var address = ""
    private var isOpen = true
    private var waiting: [CheckedContinuation<Void, Never>] = []
    /// Kinds by id.
    private(set) var tasks: [String: Kind] = [:]

    init(callback: String) { self.callback = callback }

    func open(_ address: String) {
        self.address = address
        wake()
    }

    func close() {
        isOpen = false
        wake()
    }

    private func wake() {
        for continuation in waiting { continuation.resume() }
        waiting = []
    }

    /// Waits until the service listens elsewhere than at an address that did not answer.
    private func anotherAddress(than address: String) async {
        guard self.address == address else { return }
        await withCheckedContinuation { waiting.append($0) }
    }

    /// Hands in one task after the other until no more are wanted and the last one has ended.
    func submitUntilClosed(client: Int) async throws {
        var number = 0
        while isOpen {
            number += 1
            let kind = Kind.allCases[(client + number) % Kind.allCases.count]
            let body = try form(kind)
            let id = try await submitted(body, key: "\(client)-\(number)", kind)
            tasks[id] = kind
            try await ended(id)
        }
    }

    /// Sends a request until it is accepted, under one key.
    private func submitted(_ body: (data: Data, type: String), key: String, _ kind: Kind) async throws -> String {
        while true {
            let address = address
            var request = URLRequest(
                url: URL(string: address + "/api/v1/tasks/" + (kind == .text ? "text" : "audio"))!)
            request.httpMethod = "POST"
            request.setValue(body.type, forHTTPHeaderField: "Content-Type")
            request.setValue(key, forHTTPHeaderField: "Idempotency-Key")
            request.httpBody = body.data
            guard let (data, response) = try? await URLSession.shared.data(for: request) else {
                await anotherAddress(than: address)
                continue
            }
            let status = (response as? HTTPURLResponse)?.statusCode ?? 0
            struct Accepted: Decodable {
                let taskID: String
                enum CodingKeys: String, CodingKey { case taskID = "task_id" }
            }
            guard let accepted = try? JSONDecoder().decode(Accepted.self, from: data) else {
                Issue.record("refused with \(status): \(String(decoding: data, as: UTF8.self))")
                throw CancellationError()
            }
            return accepted.taskID
        }
    }

    /// Listens to the events of a task until one is its end.
    private func ended(_ id: String) async throws {
        while true {
            let address = address
            let events = try? await URLSession.shared.data(from: URL(string: "\(address)/api/v1/tasks/\(id)/events")!).0
            let text = String(decoding: events ?? Data(), as: UTF8.self)
            if ["completed", "failed", "cancelled"].contains(where: { text.contains("\"status\":\"\($0)\"") }) {
                return
            }
            await anotherAddress(than: address)
        }
    }

    private func form(_ kind: Kind) throws -> (data: Data, type: String) {
        let text = "The ship left the harbour before dawn. Nobody on board had slept, and the crew was silent."
        guard let recording = try kind.recording else {
            let body: [String: Any] = [
                "text_content": text, "source_language": "en", "callback_url": callback, "languages": ["en", "pt"],
            ]
            return (try JSONSerialization.data(withJSONObject: body), "application/json")
        }
        let boundary = "boundary-of-the-crash-test"
        var data = Data()
        func field(_ name: String, _ value: String) {
            data.append(
                Data("--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n".utf8))
        }
        field("languages", "en,pt")
        field("source_language", "en")
        field("reference_text", text)
        field("callback_url", callback)
        data.append(
            Data(
                """
                --\(boundary)\r\nContent-Disposition: form-data; name="audio_file"; filename="1.wav"\r
                Content-Type: audio/wav\r\n\r\n
                """.utf8))
        data.append(try Data(contentsOf: URL(fileURLWithPath: recording)))
        data.append(Data("\r\n--\(boundary)--\r\n".utf8))
        return (data, "multipart/form-data; boundary=\(boundary)")
    }
}
