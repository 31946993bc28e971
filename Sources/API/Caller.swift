import Store

/// Who asks, and what they may.
package struct Caller: Sendable, Equatable {
    /// Nil where the door is open, or the route is.
    package var key: APIKeys.Key?
    /// Whether it may see everything: an admin, or anybody while no key exists.
    package var seesAll: Bool

    package static let anybody = Caller(key: nil, seesAll: true)
    /// Of a route that needs no key, where keys exist.
    package static let stranger = Caller(key: nil, seesAll: false)

    package init(key: APIKeys.Key) {
        self.key = key
        seesAll = key.scopes.contains(.admin)
    }

    private init(key: APIKeys.Key?, seesAll: Bool) {
        self.key = key
        self.seesAll = seesAll
    }

    package func may(_ scope: APIKeys.Scope) -> Bool {
        guard let key else { return seesAll }
        return key.scopes.contains(scope) || key.scopes.contains(.admin)
    }

    /// A task belongs to the key it was handed in with.
    package func sees(_ task: TaskRecord) -> Bool { seesAll || key != nil && task.request.keyID == key?.id }
}
