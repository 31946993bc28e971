/// Who of several that share something is served next: the highest priority, of those whoever has had least, of those
/// who came first.
///
/// A newcomer has had nothing, so it is served before all of its priority that are longer at it.
package struct FairTurns<ID: Hashable & Sendable>: Sendable {
    private struct Place {
        var priority: Int
        /// What was charged so far.
        var had = 0.0
        var number: Int
    }

    private var places: [ID: Place] = [:]
    private var joined = 0

    package init() {}

    package var isEmpty: Bool { places.isEmpty }

    package mutating func join(_ id: ID, priority: Int = 0) {
        precondition(places[id] == nil, "\(id) is here already")
        places[id] = Place(priority: priority, number: joined)
        joined += 1
    }

    package mutating func leave(_ id: ID) { places[id] = nil }

    /// Counts what somebody was given.
    package mutating func charge(_ id: ID, _ cost: Double) { places[id]?.had += cost }

    /// - Returns: nil where nobody is ready.
    package func next(where isReady: (ID) -> Bool = { _ in true }) -> ID? {
        var best: (id: ID, place: Place)?
        for (id, place) in places where isReady(id) {
            if let best,
                (-best.place.priority, best.place.had, best.place.number)
                    < (-place.priority, place.had, place.number)
            {
                continue
            }
            best = (id, place)
        }
        return best?.id
    }
}
