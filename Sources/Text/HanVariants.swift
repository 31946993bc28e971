import CICU

/// Which Chinese characters belong to one script alone, by what the two countries' encodings can write: GB2312 is made
/// of the simplified characters, Big5 of the traditional ones, and what both have is common to both.
struct HanVariants: Sendable {
    enum Side: Sendable, Equatable { case simplified, traditional }

    /// The ideographs of both encodings lie here.
    private static let first: UInt32 = 0x4e00
    private static let count = 0x5200

    static let standard = HanVariants()

    private let isSimplified: [Bool]
    private let isTraditional: [Bool]

    private init() {
        isSimplified = HanVariants.encodable(in: ICU_GB2312)
        isTraditional = HanVariants.encodable(in: ICU_BIG5)
    }

    private static func encodable(in encoding: icu_encoding) -> [Bool] {
        var flags = [UInt8](repeating: 0, count: count)
        // The array has as many elements as said.
        let isKnown = unsafe icu_encodable(Int32(encoding.rawValue), first, Int32(count), &flags)
        precondition(isKnown != 0, "ICU lacks a converter that its data holds")
        return flags.map { $0 != 0 }
    }

    /// The script a character belongs to alone; nil for what both write, and for what neither does.
    func side(of scalar: Unicode.Scalar) -> Side? {
        guard scalar.value >= HanVariants.first, scalar.value < HanVariants.first + UInt32(HanVariants.count) else {
            return nil
        }
        let index = Int(scalar.value - HanVariants.first)
        return switch (isSimplified[index], isTraditional[index]) {
        case (true, false): .simplified
        case (false, true): .traditional
        default: nil
        }
    }

    /// Whether one of the two can write an ideograph: those of running text, two in five of all.
    func isUsual(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.value >= HanVariants.first, scalar.value < HanVariants.first + UInt32(HanVariants.count) else {
            return false
        }
        let index = Int(scalar.value - HanVariants.first)
        return isSimplified[index] || isTraditional[index]
    }

    /// All characters of one script alone.
    func characters(of side: Side) -> [Unicode.Scalar] {
        (0..<UInt32(HanVariants.count)).compactMap { Unicode.Scalar(HanVariants.first + $0) }.filter {
            self.side(of: $0) == side
        }
    }
}
