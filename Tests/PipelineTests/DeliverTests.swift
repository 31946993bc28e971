import Crypto
import Foundation
import Pipeline
import Store
import TestSupport
import Testing
import Transcript

struct DeliverTests {
    private static let secret = Array("a secret".utf8)

    /// A task whose only translation cannot be done, so that it fails at once and its callback is due.
    private func failing(_ place: Workplace, _ url: String) async throws -> TaskRecord {
        try await place.textTask(callback: url)
    }

    private func worker(_ place: Workplace, allowed: [String]) -> Worker {
        let deliver = Deliver(
            storage: place.storage, addresses: AddressGuard(allowed: allowed), secret: DeliverTests.secret,
            now: Workplace.now)
        return place.worker(slots: [.translation: 1, .webhook: 2]) { job in
            guard job.queue == .webhook else { throw StageError.languageUnknown }
            try await deliver.run(job)
        }
    }

    /// The webhook job of a task, once it has come to its end.
    private func settled(_ place: Workplace, _ task: TaskID) async throws -> JobRecord {
        try await within(20) {
            while true {
                let jobs = try await place.storage.queue.jobs(of: task).filter { $0.queue == .webhook }
                if let job = jobs.first, job.state == .completed || job.state == .failed { return job }
                await Task.yield()
            }
        }
    }

    @Test func `a receiver gets what happened under a signature it can check`() async throws {
        let place = try await Workplace()
        let receiver = try CallbackReceiver()
        let task = try await failing(place, receiver.url)
        let job = try await serving(worker(place, allowed: ["127.0.0.0/8"])) { try await settled(place, task.id) }
        #expect(job.state == .completed)
        let received = try receiver.next()
        #expect(received.path == "/callback")
        #expect(received.headers["voicelingua-event"] == "task.failed")
        let time = try #require(received.headers["voicelingua-timestamp"])
        let code = HMAC<SHA256>.authenticationCode(
            for: Data((time + "." + received.body).utf8), using: SymmetricKey(data: DeliverTests.secret))
        let digits = code.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        #expect(received.headers["voicelingua-signature"] == "sha256=" + digits)
        let body = try #require(try JSONSerialization.jsonObject(with: Data(received.body.utf8)) as? [String: Any])
        #expect(body["task_id"] as? String == task.id.rawValue)
        #expect(body["status"] as? String == "failed")
        #expect((body["error"] as? [String: Any])?["code"] as? String == "language_unknown")
        let log = try await place.storage.webhooks.deliveries(of: task.id)
        #expect(log.map(\.statusCode) == [200])
        #expect(log.first?.id.rawValue == received.headers["voicelingua-delivery"])
    }

    @Test func `a receiver that is busy is asked again under the same id`() async throws {
        let place = try await Workplace()
        let receiver = try CallbackReceiver(503, 429, 200)
        let task = try await failing(place, receiver.url)
        let job = try await serving(worker(place, allowed: ["127.0.0.1"])) { try await settled(place, task.id) }
        #expect(job.state == .completed)
        let ids = try (0..<3).map { _ in try receiver.next().headers["voicelingua-delivery"] }
        #expect(Set(ids).count == 1)
        let log = try await place.storage.webhooks.deliveries(of: task.id)
        #expect(Set(log.map(\.statusCode)) == [503, 429, 200])
    }

    @Test(arguments: [404, 302, 410])
    func `another answer is the last one, and a redirect is not followed`(status: Int) async throws {
        let place = try await Workplace()
        let receiver = try CallbackReceiver(status)
        let task = try await failing(place, receiver.url)
        try await serving(worker(place, allowed: ["127.0.0.1"])) {
            let job = try await settled(place, task.id)
            #expect(job.state == .failed && job.attempt == 1)
        }
        #expect(try await place.storage.webhooks.deliveries(of: task.id).map(\.statusCode) == [status])
        #expect(try await place.storage.tasks.task(task.id)?.failure?.code == "language_unknown")
    }

    @Test(arguments: ["127.0.0.1", "localhost", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "0x7f.1"])
    func `an address near by is never connected to, whatever it is called`(host: String) async throws {
        let place = try await Workplace()
        let receiver = try CallbackReceiver()
        let url = receiver.url.replacing("127.0.0.1", with: host)
        let task = try await failing(place, url)
        try await serving(worker(place, allowed: [])) {
            let job = try await settled(place, task.id)
            #expect(job.state == .failed)
            #expect(["callback_refused", "callback_address"].contains(job.failures.last?.code))
        }
        #expect(try await place.storage.webhooks.deliveries(of: task.id).map(\.statusCode) == [nil])
    }

    @Test func `after ten failures in a row an address is left in peace`() async throws {
        let place = try await Workplace()
        let receiver = try CallbackReceiver(500)
        let task = try await failing(place, receiver.url)
        try await serving(worker(place, allowed: ["127.0.0.1"])) {
            #expect(try await settled(place, task.id).attempt == 10)
            #expect(try await place.storage.webhooks.deliveries(of: task.id).count == Webhooks.failuresMax)
            let other = try await failing(place, receiver.url)
            _ = try await place.end(of: other.id)
            try await within(20) {
                while try await place.storage.queue.jobs(of: other.id).last?.runAtMs ?? 0 <= Workplace.now() {
                    await Task.yield()
                }
            }
            let job = try #require(try await place.storage.queue.jobs(of: other.id).last)
            #expect(job.queue == .webhook && job.state == .available)
            #expect(job.attempt == 0 && job.failures.isEmpty)
            #expect(try await place.storage.webhooks.deliveries(of: other.id).isEmpty)
        }
    }

    @Test func `the secret is made once, for its owner alone`() throws {
        let folder = try TemporaryFolder()
        let secret = try CallbackSecret(folder: folder.path)
        #expect(secret.bytes.count == 64)
        #expect(try CallbackSecret(folder: folder.path).bytes == secret.bytes)
        let path = folder.path(CallbackSecret.fileName)
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }
}
