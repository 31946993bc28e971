import AsyncHTTPClient
import Foundation
import Store

/// The stage that tells a callback's receiver how a task ended; every try is logged.
package struct Deliver: Sendable {
    /// Seconds of a delivery, its answer included: a receiver has only to take a note.
    package static let secondsMax: Int64 = 10

    private let storage: Storage
    private let addresses: AddressGuard
    private let secret: [UInt8]
    private let now: @Sendable () -> Int64

    package init(
        storage: Storage, addresses: AddressGuard, secret: [UInt8], now: @escaping @Sendable () -> Int64
    ) {
        self.storage = storage
        self.addresses = addresses
        self.secret = secret
        self.now = now
    }

    /// - Throws: `DeliveryError`, `StoreError`.
    package func run(_ job: ClaimedJob) async throws {
        guard let url = job.task.request.callbackURL else { throw DeliveryError.badAddress }
        if let untilMs = try await storage.webhooks.pausedUntil(url), untilMs > now() {
            throw DeliveryError.paused(untilMs: untilMs)
        }
        let startedMs = now()
        var failure: DeliveryError?
        var status: Int?
        do throws(DeliveryError) { status = try await send(Callback(job.task), to: url, job) } catch {
            failure = error
            if case .status(let code) = error { status = code }
        }
        // Cut off by us: no word on the receiver.
        try Task.checkCancellation()
        try await storage.webhooks.log(
            Webhooks.Delivery(
                id: job.lease.job, task: job.task.id, attempt: job.attempt, statusCode: status,
                error: failure.map { RetryPolicy.verdict(.delivery($0)).code }, atMs: startedMs,
                durationMs: now() - startedMs),
            url: url)
        if let failure { throw failure }
        try await storage.queue.finishDelivery(job.lease)
    }

    /// - Returns: the status of the answer, 2xx.
    private func send(_ callback: Callback, to url: String, _ job: ClaimedJob) async throws(DeliveryError) -> Int {
        // Parsed as the client does it, so that both mean the same host; of other letters they might not.
        guard let parsed = URL(string: url), let host = parsed.host?.trimmingCharacters(in: ["[", "]"]),
            !host.isEmpty, host.utf8.allSatisfy({ $0 < 0x80 }),
            ["http", "https"].contains(parsed.scheme?.lowercased() ?? "")
        else { throw .badAddress }
        let address = try await address(of: host)
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(Deliver.secondsMax), read: .seconds(Deliver.secondsMax)))
        // Tries are the job's: a place is not held for those nobody listens to.
        configuration.connectionPool.retryConnectionEstablishment = false
        // The address that was checked is the one that is connected to, whatever the name means by now.
        configuration.dnsOverride = [host: address.description]
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let result = await answer(client, callback, to: url, job)
        // Nothing is under way any more: what may fail here has no one to tell.
        try? await client.shutdown()
        guard 200..<300 ~= (try result.get()) else { throw .status(try result.get()) }
        return try result.get()
    }

    private func address(of host: String) async throws(DeliveryError) -> NetworkAddress {
        // It throws where it is cancelled, which `run` looks at.
        let all = (try? await StageThreads.resolve(host)) ?? []
        guard let first = all.first else { throw .unresolved(host: host) }
        guard let address = all.first(where: { addresses.permits($0, of: host) }) else {
            throw .refused(address: first.description)
        }
        return address
    }

    private func answer(
        _ client: HTTPClient, _ callback: Callback, to url: String, _ job: ClaimedJob
    ) async -> Result<Int, DeliveryError> {
        let timestamp = String(now() / 1000)
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.headers.add(name: "User-Agent", value: "VoiceLingua")
        request.headers.add(name: "VoiceLingua-Event", value: callback.event)
        request.headers.add(name: "VoiceLingua-Delivery", value: job.lease.job.rawValue)
        request.headers.add(name: "VoiceLingua-Timestamp", value: timestamp)
        request.headers.add(
            name: "VoiceLingua-Signature", value: callback.signature(timestamp: timestamp, secret: secret))
        request.body = .bytes(callback.body)
        do {
            let response = try await client.execute(request, timeout: .seconds(Deliver.secondsMax))
            // The status has been said; nobody waits for the rest.
            return .success(Int(response.status.code))
        } catch let error as HTTPClientError {
            return .failure(.notSent(reason: error.shortDescription))
        } catch { return .failure(.notSent(reason: String(describing: type(of: error)))) }
    }
}
