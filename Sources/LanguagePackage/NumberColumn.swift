/// A column of doubles, every one exactly as it was.
enum NumberColumn {
    /// Numbers that are about thousandths: times and what was rounded once.
    private static let thousandths = 1_000.0
    /// How far from a thousandth a double may be for that, in steps of the double.
    private static let ulpsMax: Int64 = 1 << 14

    static func encoded(_ numbers: [Double]) -> PackageNumbers {
        guard !numbers.isEmpty else { return PackageNumbers() }
        return asThousandths(numbers) ?? asBits(numbers)
    }

    private static func asThousandths(_ numbers: [Double]) -> PackageNumbers? {
        var (values, ulps): ([Int64], [Int64]) = ([], [])
        for number in numbers {
            guard abs(number) < 1e9 else { return nil }
            let value = Int64((number * thousandths).rounded())
            let distance = Int64(bitPattern: number.bitPattern &- (Double(value) / thousandths).bitPattern)
            guard abs(distance / 2) < ulpsMax / 2 else { return nil }
            values.append(value)
            ulps.append(distance)
        }
        let unit = max(1, values.reduce(0) { greatestDivisor($0, abs($1)) })
        guard unit <= UInt32.max else { return nil }
        var column = PackageNumbers()
        column.unit = UInt32(unit)
        column.steps = zip(values, [0] + values).map { ($0 - $1) / unit }
        if ulps.contains(where: { $0 != 0 }) { column.ulps = ulps }
        return column
    }

    private static func greatestDivisor(_ left: Int64, _ right: Int64) -> Int64 {
        right == 0 ? left : greatestDivisor(right, left % right)
    }

    private static func asBits(_ numbers: [Double]) -> PackageNumbers {
        let patterns = numbers.map { number in
            (0..<8).map { UInt8(truncatingIfNeeded: number.bitPattern >> (56 - 8 * $0)) }
        }
        let lengths = patterns.map { UInt8(max(2, 1 + ($0.lastIndex { $0 != 0 } ?? 0))) }
        var column = PackageNumbers()
        column.high.append(contentsOf: patterns.map { $0[0] } + patterns.map { $0[1] })
        column.lengths.append(contentsOf: Set(lengths).count == 1 ? [lengths[0]] : lengths)
        column.noise.append(contentsOf: zip(patterns, lengths).flatMap { $0[2..<Int($1)] })
        return column
    }

    /// - Parameters:
    ///   - count: how many there have to be.
    ///   - noise: bytes behind the frame, those of earlier columns taken away.
    /// - Returns: nil where the column has other numbers of anything, or what is no number.
    static func decoded(_ column: PackageNumbers, count: Int, noise: inout ArraySlice<UInt8>) -> [Double]? {
        let numbers = column.high.isEmpty ? fromThousandths(column, count) : fromBits(column, count, &noise)
        return numbers.flatMap { numbers in numbers.allSatisfy(\.isFinite) ? numbers : nil }
    }

    private static func fromThousandths(_ column: PackageNumbers, _ count: Int) -> [Double]? {
        guard column.steps.count == count, column.ulps.isEmpty || column.ulps.count == count else { return nil }
        var value: Int64 = 0
        return column.steps.enumerated().map { index, step in
            value &+= step &* Int64(column.unit)
            let ulps = column.ulps.isEmpty ? 0 : column.ulps[index]
            return Double(bitPattern: (Double(value) / thousandths).bitPattern &+ UInt64(bitPattern: ulps))
        }
    }

    private static func fromBits(_ column: PackageNumbers, _ count: Int, _ tail: inout ArraySlice<UInt8>) -> [Double]? {
        let (high, lengths) = (Array(column.high), Array(column.lengths))
        guard high.count == 2 * count, lengths.count == 1 || lengths.count == count,
            lengths.allSatisfy({ 2...8 ~= $0 })
        else { return nil }
        let isHere = !column.noise.isEmpty
        var noise = isHere ? Array(column.noise)[...] : tail
        var numbers: [Double] = []
        numbers.reserveCapacity(count)
        for index in 0..<count {
            let length = Int(lengths[lengths.count == 1 ? 0 : index]) - 2
            guard noise.count >= length else { return nil }
            let bytes = [high[index], high[count + index]] + noise.prefix(length)
            noise = noise.dropFirst(length)
            let pattern = bytes.enumerated().reduce(UInt64(0)) {
                $0 | UInt64($1.element) << (56 - 8 * UInt64($1.offset))
            }
            numbers.append(Double(bitPattern: pattern))
        }
        if isHere {
            guard noise.isEmpty else { return nil }
        } else {
            tail = noise
        }
        return numbers
    }
}
