import HTTPTypes
import Hummingbird
import Store

/// Whether the process lives, and whether it can do its work: two questions, for a database that is away for a moment is no
/// reason to kill a process.
struct HealthRoutes {
    let desk: Desk

    func add(to router: some RouterMethods<Visit>) {
        router.get("health", use: ready)
        router.get("health/live", use: live)
        router.get("health/ready", use: ready)
    }

    private struct Health: Encodable {
        let status: String
        let checks: [String: String]
    }

    @Sendable private func live(_ request: Request, _ visit: Visit) async throws -> Response {
        .json(Health(status: "live", checks: [:]))
    }

    /// The database has to answer. That nobody works yet is told, and is no reason to send callers away: tasks wait.
    @Sendable private func ready(_ request: Request, _ visit: Visit) async throws -> Response {
        do {
            try await desk.storage.database.check()
            let hasWorkers = try await desk.reach.reach().hasWorkers
            return .json(
                Health(status: "ready", checks: ["database": "ok", "workers": hasWorkers ? "present" : "absent"]))
        } catch {
            visit.logger.error("not ready", metadata: ["error": "\(error)"])
            return .json(
                Health(status: "unavailable", checks: ["database": "unavailable"]), status: .serviceUnavailable)
        }
    }
}
