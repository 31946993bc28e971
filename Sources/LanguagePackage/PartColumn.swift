/// A column of strings that stand, as a rule, one behind the other in a text: their places are kept, not they.
enum PartColumn {
    /// How far apart two of them may be, in bytes: nobody looks for them longer.
    private static let gapMax = 4_096

    static func encoded(_ parts: [String], in text: String) -> PackageParts {
        var column = PackageParts()
        column.count = UInt32(parts.count)
        let bytes = Array(text.utf8)
        guard let places = places(of: parts.map { Array($0.utf8) }, in: bytes) else {
            column.own = parts
            return column
        }
        let gaps = zip(places, [0] + places.map(\.upperBound)).map { UInt32($0.lowerBound - $1) }
        let gap = gaps.count > 1 ? gaps[1] : 0
        if gaps.first ?? 0 == 0, gaps.dropFirst().allSatisfy({ $0 == gap }) {
            column.gap = gap
        } else {
            column.gaps = gaps
        }
        column.lengths = places.map { UInt32($0.count) }
        if places.last?.upperBound == bytes.count { column.lengths.removeLast() }
        return column
    }

    /// Nil where one of them is not there.
    private static func places(of parts: [[UInt8]], in bytes: [UInt8]) -> [Range<Int>]? {
        var places: [Range<Int>] = []
        var end = 0
        for part in parts {
            let last = min(bytes.count - part.count, end + gapMax)
            guard end <= last,
                let start = (end...last).first(where: { bytes[$0..<$0 + part.count].elementsEqual(part) })
            else { return nil }
            end = start + part.count
            places.append(start..<end)
        }
        return places
    }

    /// Nil where the column says other than it may.
    static func decoded(_ column: PackageParts, in text: String) -> [String]? {
        let count = Int(column.count)
        guard column.own.isEmpty else { return column.own.count == count ? column.own : nil }
        guard count > 0 else { return [] }
        guard column.gaps.isEmpty || column.gaps.count == count,
            column.lengths.count == count || column.lengths.count == count - 1
        else { return nil }
        let bytes = Array(text.utf8)
        var parts: [String] = []
        var end = 0
        for index in 0..<count {
            let gap = column.gaps.isEmpty ? (index == 0 ? 0 : column.gap) : column.gaps[index]
            let start = end + Int(gap)
            let length = index < column.lengths.count ? Int(column.lengths[index]) : bytes.count - start
            guard length >= 0, start + length <= bytes.count,
                let part = String(validating: bytes[start..<start + length], as: UTF8.self)
            else { return nil }
            end = start + length
            parts.append(part)
        }
        return parts
    }
}

extension String {
    /// Whether two texts are the same bytes: `==` takes different spellings of a letter for one.
    func isIdentical(to other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
