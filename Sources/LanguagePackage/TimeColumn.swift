/// A column of starts and ends.
enum TimeColumn {
    struct Times: Sendable, Equatable {
        var start: Double?
        var end: Double?

        fileprivate var present: UInt8 { (start == nil ? 0 : 1) | (end == nil ? 0 : 2) }
    }

    /// Nil where there is no time at all.
    static func encoded(_ times: [Times]) -> PackageTimes? {
        guard times.contains(where: { $0.present != 0 }) else { return nil }
        var column = PackageTimes()
        if times.contains(where: { $0.present != 3 }) { column.present.append(contentsOf: times.map(\.present)) }
        column.seconds = NumberColumn.encoded(times.flatMap { [$0.start, $0.end].compactMap { $0 } })
        return column
    }

    /// - Throws: `PackageError.malformed`.
    static func decoded(
        _ column: PackageTimes?, count: Int, from unpacked: inout UnpackedPart, part: PackagePart
    ) throws(PackageError) -> [Times] {
        guard let column else { return Array(repeating: Times(), count: count) }
        let present = column.present.isEmpty ? Array(repeating: 3, count: count) : Array(column.present)
        guard present.count == count, present.allSatisfy({ $0 <= 3 }) else { throw .malformed(part: part) }
        let numberCount = present.reduce(0) { $0 + $1.nonzeroBitCount }
        var seconds = try unpacked.numbers(column.seconds, numberCount)[...]
        return present.map { flags in
            Times(start: flags & 1 == 0 ? nil : seconds.popFirst(), end: flags & 2 == 0 ? nil : seconds.popFirst())
        }
    }
}
