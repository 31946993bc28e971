/// A stretch of text that no line is broken in: a word with its punctuation, in scripts without spaces a character.
struct LineUnit: Equatable {
    /// What a break behind it would part, from the best place to the worst.
    enum Seam: Int, Comparable {
        case sentences, clauses, words, characters, wordParts

        static func < (one: Seam, other: Seam) -> Bool { one.rawValue < other.rawValue }
    }

    /// Inside it are spaces only where no line may be broken.
    var text: String
    /// Characters as a reader counts them, 1…the line's.
    var width: Int
    /// Whether a space parts it from the unit before on the same line.
    var isSpaced: Bool
    var seam = Seam.words
    /// How many visible characters it has.
    var visibleCount: Int
}

extension LineUnit {
    /// The units of one sentence, in order, with every visible character of it.
    ///
    /// - Parameter lineCharactersMax: longer words are cut.
    static func units(of text: String, lineCharactersMax: Int) -> [LineUnit] {
        var units: [LineUnit] = []
        var unit = LineUnit(text: "", width: 0, isSpaced: false, visibleCount: 0)
        var before = Neighbour()
        var gap = ""
        func close(_ seam: Seam, isSpaced: Bool) {
            unit.seam = min(seam, unit.endsClause ? .clauses : seam)
            units += unit.parts(charactersMax: lineCharactersMax)
            unit = LineUnit(text: "", width: 0, isSpaced: isSpaced, visibleCount: 0)
        }
        var rest = text[...]
        while let character = rest.popFirst() {
            if character.isBlank {
                gap.append(character)
                continue
            }
            let isLone = rest.first.map { $0.isBlank || $0.isClosing } ?? true
            let isWide = character.isWide
            if before.character == nil {
                gap = ""
            } else if gap.isEmpty {
                if before.parts(from: character, isWide: isWide) { close(.characters, isSpaced: false) }
            } else if gap.allSatisfy(\.keepsTogether) || character.isClosing && isLone || before.isLoneOpening {
                unit.text.append(gap.allSatisfy(\.keepsTogether) ? gap.first! : " ")
                unit.width += 1
            } else {
                close(.words, isSpaced: true)
            }
            before = Neighbour(
                character: character, isWide: isWide, isLoneOpening: character.isOpening && unit.text.isEmpty)
            gap = ""
            unit.text.append(character)
            unit.width += 1
            unit.visibleCount += 1
        }
        if unit.visibleCount > 0 { close(.sentences, isSpaced: false) }
        if !units.isEmpty { units[units.count - 1].seam = .sentences }
        return units
    }

    /// Even parts of a unit that is longer than a line.
    private func parts(charactersMax: Int) -> [LineUnit] {
        guard width > charactersMax else { return [self] }
        let characters = Array(text)
        let count = (width + charactersMax - 1) / charactersMax
        let borders = (0...count).map { characters.count * $0 / count }
        return (0..<count).map { number in
            let part = characters[borders[number]..<borders[number + 1]]
            let seen = part.drop(while: \.isBlank)
            let text = seen[..<(seen.lastIndex { !$0.isBlank }.map { $0 + 1 } ?? seen.endIndex)]
            let isCut = number > 0
            let isParted = isCut && (part.first!.isBlank || characters[part.startIndex - 1].isBlank)
            return LineUnit(
                text: String(text), width: text.count, isSpaced: isCut ? isParted : isSpaced,
                seam: number == count - 1 ? seam : .wordParts, visibleCount: text.count { !$0.isBlank })
        }
    }

    /// Whether its last character, quotes and brackets aside, ends a clause. Short words with a dot are abbreviations.
    private var endsClause: Bool {
        let bare = text.reversed().drop { $0.isQuote }
        guard let last = bare.first else { return false }
        return last == "." ? width > 4 : last.endsClause
    }
}

/// The character before the one looked at.
private struct Neighbour {
    var character: Character?
    var isWide = false
    /// An opening mark that stands alone, as in `« so »`.
    var isLoneOpening = false

    /// Whether a line may be broken between it and the next one, no space between them.
    ///
    /// - Source: the kinsoku rules of Japanese and Chinese typesetting.
    func parts(from next: Character, isWide nextIsWide: Bool) -> Bool {
        guard let character, isWide || nextIsWide else { return false }
        guard !character.isOpening, !next.isClosing, !next.startsNoLine, character != next || next.isLetter else {
            return false
        }
        // A number keeps its counter, a word in katakana its syllables.
        return !character.isNumber && !(character.isKatakana && next.isKatakana)
    }
}

extension Character {
    private var scalar: Unicode.Scalar { unicodeScalars.first! }

    /// Fills a square, in scripts whose words have no spaces between them; not Hangul.
    var isWide: Bool {
        switch scalar.value {
        // Han, kana and their punctuation; compatibility forms; fullwidth punctuation and halfwidth kana.
        case 0x2E80...0x312F, 0x3190...0xA4CF, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF01...0xFF0F, 0xFF1A...0xFF20,
            0xFF3B...0xFF40, 0xFF5B...0xFF9F, 0x20000...0x3FFFF:
            true
        default: false
        }
    }

    fileprivate var isKatakana: Bool { 0x30A0...0x30FF ~= scalar.value || 0xFF66...0xFF9F ~= scalar.value }

    fileprivate var isOpening: Bool { "([{“‘«‹„‚¿¡（［｛「『【《〈〔｢〖〝".contains(self) }

    fileprivate var isClosing: Bool { "!?:;)]}”’»›%！？：；，、。．）］｝」』】》〉〕｣〗〟…‥".contains(self) }

    /// Small kana, marks of repetition and length, dots and dashes.
    fileprivate var startsNoLine: Bool {
        "ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶー々ゝゞヽヾ・～〜—–·.,".contains(self)
    }

    fileprivate var endsClause: Bool { "!?,;:…！？，、；：。．—".contains(self) }

    fileprivate var isQuote: Bool { "\"'”’»›)]}）］｝」』】》〉〕｣〗".contains(self) }

    /// No-break spaces.
    fileprivate var keepsTogether: Bool { self == "\u{A0}" || self == "\u{202F}" }
}
