/// One walk over a text that finds what is no language. Each step back or ahead of the walk is bounded, or taken once.
struct OpaqueScan {
    /// Characters of a URL's scheme; the longest that is registered has 36, those in texts a handful.
    static let schemeMax = 16
    /// Characters of an address before its `@`, by RFC 5321.
    static let localPartMax = 64
    /// Characters of an address behind its `@`, by RFC 1035.
    static let domainMax = 253

    private(set) var spans: [OpaqueSpans.Span] = []

    private let scalars: [Unicode.Scalar]
    /// The scripts whose words are the text's own; empty where all are.
    private let home: Set<Script>
    private var found: [(kind: OpaqueSpans.Kind, range: Range<Int>)] = []

    init(of text: String) {
        scalars = Array(text.unicodeScalars)
        home = scalars.contains { $0.value >= 0x80 } ? OpaqueScan.home(of: scalars) : []
        findSpans()
        let selectors: [Unicode.Scalar] = ["\u{fe0f}", "\u{20e3}"]
        if scalars.contains(where: { $0.value > 0xff && ($0.properties.isEmoji || selectors.contains($0)) }) {
            merge(emoji: OpaqueScan.emoji(in: text))
        }
        name()
    }

    private mutating func findSpans() {
        var runs = BacktickRuns(scalars)
        var index = 0
        while index < scalars.count {
            var next = index + 1
            switch scalars[index] {
            case "`":
                let run = runs.next()
                next = run.upperBound
                if let close = runs.close(of: run) { next = add(.code, run.lowerBound..<close.upperBound) }
            case ":":
                if let range = schemedURL(at: index) { next = add(.url, range) }
            case "w", "W":
                if let range = bareURL(at: index) { next = add(.url, range) }
            case "@":
                if let range = email(at: index) { next = add(.email, range) }
            case let scalar:
                if scalar.decimalDigit != nil {
                    next = add(.number, index..<endOfNumber(from: index))
                } else if scalar.value >= 0x80 {
                    if isSymbol(at: index) {
                        next = add(.symbol, index..<index + 1)
                    } else if isForeign(scalar) {
                        next = add(.foreign, index..<endOfWord(from: index))
                    }
                }
            }
            index = next
        }
    }

    /// Adds a span; numbers it turns out to hold go.
    private mutating func add(_ kind: OpaqueSpans.Kind, _ range: Range<Int>) -> Int {
        while let last = found.last, last.range.upperBound > range.lowerBound { found.removeLast() }
        found.append((kind, range))
        return range.upperBound
    }

    /// Where the last span ends: nothing reaches back into one, but for numbers.
    private var floor: Int { found.last { $0.kind != .number }?.range.upperBound ?? 0 }

    // MARK: Symbols and other scripts

    /// Emoji of several scalars are found by their graphemes.
    private func isSymbol(at index: Int) -> Bool {
        let scalar = scalars[index]
        guard scalar.value < 0x1f000,
            index + 1 >= scalars.count || ![0xfe0f, 0x20e3, 0x200d].contains(scalars[index + 1].value)
        else { return false }
        return switch scalar.properties.generalCategory {
        case .otherSymbol, .mathSymbol, .currencySymbol: !scalar.properties.isEmojiPresentation
        default: false
        }
    }

    /// Latin words are at home in every text.
    private func isForeign(_ scalar: Unicode.Scalar) -> Bool {
        guard scalar.isLetter, !home.isEmpty else { return false }
        let script = Script(of: scalar)
        return script != .latin && script != .shared && !home.contains(script)
    }

    private func endOfWord(from start: Int) -> Int {
        var end = start + 1
        while end < scalars.count, isForeign(scalars[end]) || scalars[end].properties.isDiacritic { end += 1 }
        return end
    }

    /// The scripts of most letters and those that mix with it; none where it is one that none of ours is written in.
    private static func home(of scalars: [Unicode.Scalar]) -> Set<Script> {
        var counts: [Script: Int] = [:]
        for scalar in scalars where scalar.isLetter { counts[Script(of: scalar), default: 0] += 1 }
        counts[.shared] = nil
        let ideographic = counts[.han, default: 0] + counts[.kana, default: 0]
        if ideographic > 0, ideographic >= counts.values.max() ?? 0 { return [.han, .kana] }
        guard let most = counts.max(by: { ($0.value, $1.key == .other ? 1 : 0) < ($1.value, $0.key == .other ? 1 : 0) })
        else { return [] }
        return most.key == .other ? [] : most.key == .hangul ? [.hangul, .han] : [most.key]
    }

    // MARK: URLs

    private func schemedURL(at colon: Int) -> Range<Int>? {
        guard colon + 2 < scalars.count, scalars[colon + 1] == "/", scalars[colon + 2] == "/" else { return nil }
        var start = colon
        let lowest = max(floor, colon - OpaqueScan.schemeMax)
        while start > lowest, scalars[start - 1].isSchemePart { start -= 1 }
        while start < colon, !scalars[start].isASCIILetter { start += 1 }
        let end = endOfURL(from: colon + 3)
        return start < colon && end > colon + 3 ? start..<end : nil
    }

    private func bareURL(at start: Int) -> Range<Int>? {
        guard start + 4 < scalars.count, scalars[start + 3] == ".", scalars[start + 4].isASCIIAlphanumeric,
            scalars[start + 1].value | 0x20 == 0x77, scalars[start + 2].value | 0x20 == 0x77,
            start == 0 || !scalars[start - 1].isASCIIAlphanumeric
        else { return nil }
        return start..<endOfURL(from: start + 4)
    }

    /// Goes on over what a URL may hold, then back over punctuation of the sentence around it.
    private func endOfURL(from start: Int) -> Int {
        var end = start
        var open = 0
        while end < scalars.count, scalars[end].isURLPart {
            if scalars[end] == "(" { open += 1 }
            if scalars[end] == ")" { open -= 1 }
            end += 1
        }
        while end > start {
            let last = scalars[end - 1]
            if last == ")", open < 0 {
                open += 1
            } else if !".,;:!?'*_~".unicodeScalars.contains(last) {
                break
            }
            end -= 1
        }
        return end
    }

    // MARK: Addresses and numbers

    private func email(at sign: Int) -> Range<Int>? {
        var start = sign
        while start > floor, scalars[start - 1].isLocalPart {
            start -= 1
            if sign - start > OpaqueScan.localPartMax { return nil }
        }
        while start < sign, scalars[start] == "." { start += 1 }
        guard start < sign, scalars[sign - 1] != "." else { return nil }

        var end = sign + 1
        var lastDot: Int?
        while end < scalars.count {
            if scalars[end] == ".", end > sign + 1, scalars[end - 1].isASCIIAlphanumeric, end + 1 < scalars.count,
                scalars[end + 1].isASCIIAlphanumeric
            {
                lastDot = end
            } else if !scalars[end].isASCIIAlphanumeric && scalars[end] != "-" {
                break
            }
            end += 1
            if end - sign > OpaqueScan.domainMax + 1 { return nil }
        }
        while end > sign + 1, scalars[end - 1] == "-" { end -= 1 }
        guard let lastDot, end - lastDot > 2, scalars[lastDot + 1].isASCIILetter else { return nil }
        return start..<end
    }

    private func endOfNumber(from start: Int) -> Int {
        func digits(from start: Int) -> Int {
            var end = start
            while end < scalars.count, scalars[end].decimalDigit != nil { end += 1 }
            return end
        }
        var end = digits(from: start)
        let first = end - start
        while end + 1 < scalars.count, scalars[end + 1].decimalDigit != nil {
            let next = digits(from: end + 1)
            // A plain space between digits is one of groups when three follow; else two numbers stand side by side.
            let isGroup = scalars[end] == " " && first <= 3 && next - end == 4
            guard isGroup || scalars[end].isDigitSeparator else { break }
            end = next
        }
        return end
    }

    // MARK: Emoji

    /// The clusters of a text that are shown as pictures, in scalars.
    private static func emoji(in text: String) -> [Range<Int>] {
        var start = 0
        return text.compactMap { cluster in
            let count = cluster.unicodeScalars.count
            defer { start += count }
            return cluster.isEmoji ? start..<start + count : nil
        }
    }

    /// Sorts emoji between the other spans: they win against numbers (the digit of a keycap) and against nothing else.
    private mutating func merge(emoji: [Range<Int>]) {
        var merged: [(kind: OpaqueSpans.Kind, range: Range<Int>)] = []
        var others = found[...]
        for cluster in emoji {
            while let next = others.first, next.range.upperBound <= cluster.lowerBound {
                merged.append(others.removeFirst())
            }
            if let next = others.first, next.range.lowerBound < cluster.upperBound {
                guard next.kind == .number else { continue }
                others.removeFirst()
            }
            merged.append((.emoji, cluster))
        }
        found = merged + others
    }

    /// Gives the spans their texts and their places in bytes.
    private mutating func name() {
        var scalar = 0
        var byte = 0
        func advance(to end: Int) -> Int {
            while scalar < end {
                byte += UTF8.width(scalars[scalar])
                scalar += 1
            }
            return byte
        }
        spans = found.map { kind, range in
            let start = advance(to: range.lowerBound)
            let text = String(String.UnicodeScalarView(scalars[range]))
            return OpaqueSpans.Span(
                kind: kind, text: text, bytes: start..<advance(to: range.upperBound),
                isScaled: kind == .number && isScale(at: range.upperBound))
        }
    }

    private func isScale(at index: Int) -> Bool {
        let place = index < scalars.count && scalars[index] == " " ? index + 1 : index
        return place < scalars.count && "百千万萬亿億兆백천만억조".unicodeScalars.contains(scalars[place])
    }
}

/// The runs of backticks of a text in order, and which run closes which.
private struct BacktickRuns {
    private let runs: [Range<Int>]
    /// Numbers of runs, by length, last first.
    private var byLength: [Int: [Int]] = [:]
    private var position = 0

    init(_ scalars: [Unicode.Scalar]) {
        var runs: [Range<Int>] = []
        for index in scalars.indices where scalars[index] == "`" {
            if let last = runs.last, last.upperBound == index {
                runs[runs.count - 1] = last.lowerBound..<index + 1
            } else {
                runs.append(index..<index + 1)
            }
        }
        self.runs = runs
        for (number, run) in runs.enumerated().reversed() { byLength[run.count, default: []].append(number) }
    }

    /// The run the walk has come to.
    mutating func next() -> Range<Int> {
        position += 1
        return runs[position - 1]
    }

    /// The next run of the same length behind one, which the walk then goes past.
    mutating func close(of run: Range<Int>) -> Range<Int>? {
        while let number = byLength[run.count]?.last {
            byLength[run.count]?.removeLast()
            guard number >= position else { continue }
            position = number + 1
            return runs[number]
        }
        return nil
    }
}
