import Store

/// What `ByteLimitedCache` decides, without a clock or a lock.
package struct RecentValues<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct Node {
        var key: Key
        var value: Value
        var sizeBytes: Int
        var untilMs: Int64
        var task: TaskID?
        /// Places of the neighbours asked for later and earlier.
        var later: Int?
        var earlier: Int?
    }

    package let bytesMax: Int
    package private(set) var sizeBytes = 0
    package private(set) var hits = 0
    package private(set) var misses = 0
    private var nodes: [Node?] = []
    private var free: [Int] = []
    private var places: [Key: Int] = [:]
    private var owned: [TaskID: Set<Key>] = [:]
    private var latest: Int?
    private var earliest: Int?

    package init(bytesMax: Int) { self.bytesMax = bytesMax }

    package var count: Int { places.count }

    package mutating func value(_ key: Key, nowMs: Int64) -> Value? {
        guard let place = places[key], let node = nodes[place], node.untilMs > nowMs else {
            misses += 1
            remove(key)
            return nil
        }
        hits += 1
        unlink(place)
        link(place)
        return node.value
    }

    /// - Parameter task: whose value it is; nil for nobody's.
    package mutating func keep(
        _ value: Value, for key: Key, sizeBytes size: Int, untilMs: Int64, task: TaskID? = nil
    ) {
        remove(key)
        guard size <= bytesMax else { return }
        while sizeBytes + size > bytesMax, let earliest, let oldest = nodes[earliest] { remove(oldest.key) }
        let place = free.popLast() ?? nodes.count
        if place == nodes.count { nodes.append(nil) }
        nodes[place] = Node(key: key, value: value, sizeBytes: size, untilMs: untilMs, task: task)
        if let task { owned[task, default: []].insert(key) }
        places[key] = place
        sizeBytes += size
        link(place)
    }

    /// Drops all values of a task.
    package mutating func forget(_ task: TaskID) { for key in owned[task] ?? [] { remove(key) } }

    private mutating func remove(_ key: Key) {
        guard let place = places.removeValue(forKey: key), let node = nodes[place] else { return }
        unlink(place)
        sizeBytes -= node.sizeBytes
        if let task = node.task {
            owned[task]?.remove(key)
            if owned[task]?.isEmpty == true { owned[task] = nil }
        }
        nodes[place] = nil
        free.append(place)
    }

    private mutating func link(_ place: Int) {
        nodes[place]?.later = nil
        nodes[place]?.earlier = latest
        if let latest { nodes[latest]?.later = place } else { earliest = place }
        latest = place
    }

    private mutating func unlink(_ place: Int) {
        guard let node = nodes[place] else { return }
        if let later = node.later { nodes[later]?.earlier = node.earlier } else { latest = node.earlier }
        if let earlier = node.earlier { nodes[earlier]?.later = node.later } else { earliest = node.later }
    }
}
