/// The line of times of a cue, as SubRip and WebVTT write it.
struct CueTime: Equatable {
    /// More digits than any recording needs.
    static let hoursMax = 999_999

    enum Fault: Error { case malformed, tooLarge }

    var startMs: Int
    var endMs: Int
    /// What stands behind the times, such as a place on the screen.
    var settings: String

    /// Whether a line is one of times: a digit first, and an arrow. What it holds may be wrong all the same.
    static func begins(_ line: Substring) -> Bool {
        let first = line.unicodeScalars.first { $0 != " " && $0 != "\t" }
        return first.map { "0"..."9" ~= $0 } ?? false && line.contains("-->")
    }

    init(_ line: Substring) throws(Fault) {
        var rest = line.unicodeScalars.drop { $0 == " " || $0 == "\t" }
        startMs = try CueTime.time(&rest)
        rest = rest.drop { $0 == " " || $0 == "\t" }
        guard rest.starts(with: "-->".unicodeScalars) else { throw .malformed }
        rest = rest.dropFirst(3).drop { $0 == " " || $0 == "\t" }
        endMs = try CueTime.time(&rest)
        guard rest.first.map({ $0 == " " || $0 == "\t" }) ?? true else { throw .malformed }
        settings = rest.split(whereSeparator: \.isBlank).map { String($0) }.joined(separator: " ")
    }

    /// Takes `[hours:]minutes:seconds[.milliseconds]`, the mark a dot or a comma.
    private static func time(_ rest: inout Substring.UnicodeScalarView) throws(Fault) -> Int {
        var numbers = [try number(&rest, digitsMax: Int.max).value]
        while rest.first == ":", numbers.count < 3 {
            rest.removeFirst()
            numbers.append(try number(&rest, digitsMax: 2).value)
        }
        guard numbers.count >= 2 else { throw .malformed }
        let (seconds, minutes) = (numbers.removeLast(), numbers.removeLast())
        let hours = numbers.last ?? 0
        guard seconds < 60, minutes < 60 else { throw .malformed }
        guard hours <= hoursMax else { throw .tooLarge }
        var thousandths = 0
        if rest.first == "." || rest.first == "," {
            rest.removeFirst()
            let fraction = try number(&rest, digitsMax: 3)
            thousandths = fraction.value * [100, 10, 1][fraction.digits - 1]
        }
        return ((hours * 60 + minutes) * 60 + seconds) * 1_000 + thousandths
    }

    private static func number(
        _ rest: inout Substring.UnicodeScalarView, digitsMax: Int
    ) throws(Fault) -> (value: Int, digits: Int) {
        let digits = rest.prefix { "0"..."9" ~= $0 }
        guard 1...digitsMax ~= digits.count else { throw .malformed }
        rest = rest[digits.endIndex...]
        // Beyond any limit, however long.
        let value = digits.reduce(0) { min($0 * 10 + Int($1.value - 48), hoursMax + 1) }
        return (value, digits.count)
    }
}
