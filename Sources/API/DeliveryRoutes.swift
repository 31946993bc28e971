import HTTPTypes
import Hummingbird
import Store
import Transcript

/// How the callbacks of a task went.
struct DeliveryRoutes {
    let desk: Desk

    func add(to router: RouterGroup<Visit>) {
        router.get("tasks/{id}/deliveries", use: deliveries)
    }

    /// One try of a delivery.
    private struct DeliveryView: Encodable {
        /// The same over all tries.
        let id: String
        let attempt: Int
        /// Null where there was no answer.
        let statusCode: Int?
        /// Null where nothing went wrong.
        let error: String?
        let at: String
        let durationMs: Int64

        enum CodingKeys: String, CodingKey {
            case attempt, error, at
            case id = "delivery_id"
            case statusCode = "status_code"
            case durationMs = "duration_ms"
        }

        init(_ delivery: Webhooks.Delivery) {
            id = delivery.id.rawValue
            attempt = delivery.attempt
            statusCode = delivery.statusCode
            error = delivery.error
            at = rfc3339(delivery.atMs)
            durationMs = delivery.durationMs
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(id, forKey: .id)
            try container.encode(attempt, forKey: .attempt)
            try container.encode(statusCode, forKey: .statusCode)
            try container.encode(error, forKey: .error)
            try container.encode(at, forKey: .at)
            try container.encode(durationMs, forKey: .durationMs)
        }
    }

    /// Oldest first; none where the task asked for no callback.
    @Sendable private func deliveries(_ request: Request, _ visit: Visit) async throws -> Response {
        let task = try await desk.task(visit)
        let found = try await desk.storage.webhooks.deliveries(of: task.id)
        return .json(["deliveries": found.map(DeliveryView.init)])
    }
}
