import Crypto
import Foundation

/// Keys of the API, kept as hashes.
package struct APIKeys: Sendable {
    let database: Database

    /// Milliseconds between two notes of a key's use: a minute.
    package static let useNotedMs: Int64 = 60_000
    static let dayMs: Int64 = 86_400_000

    package enum Scope: String, Sendable, CaseIterable, Codable { case submit, read, admin }

    package struct Key: Sendable, Equatable {
        package var id: String
        package var name: String
        package var scopes: Set<Scope>
        /// Requests a minute; nil for no limit.
        package var requestsPerMinute: Int?
        /// Tasks a day (UTC); nil for no limit.
        package var tasksPerDay: Int?
        package var createdMs: Int64
        package var revokedMs: Int64?
        package var lastUsedMs: Int64?
    }

    /// - Returns: the key, and its secret, which is told once (`vl_` and 43 characters of base64url).
    package func create(
        name: String, scopes: Set<Scope>, requestsPerMinute: Int?, tasksPerDay: Int?
    ) async throws -> (key: Key, secret: String) {
        let secret = APIKeys.newSecret()
        let hash = APIKeys.hash(of: secret)
        let key = try await database.write { transaction in
            let key = Key(
                id: transaction.newID().id, name: name, scopes: scopes, requestsPerMinute: requestsPerMinute,
                tasksPerDay: tasksPerDay, createdMs: transaction.now)
            try transaction.execute(
                """
                insert into api_keys
                  (id, name, secret_hash, scopes, requests_per_minute, tasks_per_day, created_ms, charged_day, charged)
                values ($1, $2, $3, $4, $5, $6, $7, 0, 0)
                """, key.id, name, hash, StoredJSON(scopes.sorted { $0.rawValue < $1.rawValue }), requestsPerMinute,
                tasksPerDay, key.createdMs)
            return key
        }
        return (key, secret)
    }

    /// All of them, the revoked too, in the order they were made.
    package func list() async throws -> [Key] {
        try await database.read { transaction in
            try transaction.rows("select \(Key.columns) from api_keys order by id") { try Key(columns: &$0) }
        }
    }

    /// - Returns: whether there was one that was not revoked.
    package func revoke(_ id: String) async throws -> Bool {
        try await database.write { transaction in
            try transaction.execute(
                "update api_keys set revoked_ms = $1 where id = $2 and revoked_ms is null", transaction.now, id) > 0
        }
    }

    /// The key a secret belongs to, if it is not revoked. Notes the use, at most once a minute, where that can be written.
    package func key(secret: String) async throws -> Key? {
        let hash = APIKeys.hash(of: secret)
        let (key, now) = try await database.read { transaction in
            let key = try transaction.row(
                "select \(Key.columns) from api_keys where secret_hash = $1 and revoked_ms is null", hash
            ) { try Key(columns: &$0) }
            return (key, transaction.now)
        }
        guard var key else { return nil }
        if let used = key.lastUsedMs, now - used < APIKeys.useNotedMs { return key }
        let id = key.id
        do {
            try await database.write { transaction in
                _ = try transaction.execute("update api_keys set last_used_ms = $1 where id = $2", now, id)
            }
            key.lastUsedMs = now
        } catch {
            // A full disk must not shut out those who only read; what writes for them tells of it.
        }
        return key
    }

    /// Whether no key was ever made; revoked ones count, so that revoking the last does not open the door.
    package func isEmpty() async throws -> Bool {
        try await database.read { try $0.row("select id from api_keys limit 1", read: { _ in true }) == nil }
    }

    private static func newSecret() -> String {
        // The system's generator is a cryptographic one.
        let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max) }
        let text = Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
        return "vl_" + text.replacing("=", with: "")
    }

    /// Secrets are random and long: one round of a hash is enough, and a lookup by it tells nothing by its time.
    private static func hash(of secret: String) -> [UInt8] { Array(SHA256.hash(data: Data(secret.utf8))) }
}

extension APIKeys.Key {
    fileprivate static let columns =
        "id, name, scopes, requests_per_minute, tasks_per_day, created_ms, revoked_ms, last_used_ms"

    fileprivate init(columns: inout Columns) throws {
        self.init(
            id: try columns.next(), name: try columns.next(),
            scopes: Set(try columns.next(StoredJSON<[APIKeys.Scope]>.self).value),
            requestsPerMinute: try columns.nextIfAny(), tasksPerDay: try columns.nextIfAny(),
            createdMs: try columns.next(), revokedMs: try columns.nextIfAny(), lastUsedMs: try columns.nextIfAny())
    }
}
