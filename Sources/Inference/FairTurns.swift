/// Who of several that share something is served next: the highest priority, of those whoever has had least, of those
/// who came first.
///
/// A newcomer begins where the last turn of its priority went, so nobody has to catch up, or is caught up with. One with
/// a head start comes before those that had one too and used it. So that a stream of such newcomers starves nobody, one
/// turn of every `turnsOfHaste` goes to whoever of the highest priority has waited longest.
package struct FairTurns<ID: Hashable & Sendable>: Sendable {
    private struct Place {
        var priority: Int
        /// What was charged so far.
        var had: Double
        var number: Int
        /// The turn it was served last, or came.
        var servedAt: Int
    }

    private static var turnsOfHaste: Int { 4 }
    private var places: [ID: Place] = [:]
    private var joined = 0
    /// How much those had, by priority, who were served last; it never falls.
    private var level: [Int: Double] = [:]
    /// Turns charged so far.
    private var turn = 0

    package init() {}

    package var isEmpty: Bool { places.isEmpty }

    /// - Parameter headStart: what it may have before others of its priority have more.
    package mutating func join(_ id: ID, priority: Int = 0, headStart: Double = 0) {
        precondition(places[id] == nil, "\(id) is here already")
        let had = level[priority, default: 0] - headStart
        places[id] = Place(priority: priority, had: had, number: joined, servedAt: turn)
        joined += 1
    }

    package mutating func leave(_ id: ID) { places[id] = nil }

    /// Counts what somebody was given.
    package mutating func charge(_ id: ID, _ cost: Double) {
        turn += 1
        guard let place = places[id] else { return }
        level[place.priority] = max(level[place.priority, default: 0], place.had)
        places[id]?.had += cost
        places[id]?.servedAt = turn
    }

    /// - Returns: nil where nobody is ready.
    package func next(where isReady: (ID) -> Bool = { _ in true }) -> ID? {
        let isOfPatience = turn % FairTurns.turnsOfHaste == FairTurns.turnsOfHaste - 1
        func key(_ place: Place) -> (Int, Double, Int) {
            (-place.priority, isOfPatience ? Double(place.servedAt) : place.had, place.number)
        }
        return places.filter { isReady($0.key) }.min { key($0.value) < key($1.value) }?.key
    }
}
