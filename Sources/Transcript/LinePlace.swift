/// What is between a visible character and the next, for one who breaks lines.
///
/// - Source: the kinsoku rules of Japanese and Chinese typesetting.
enum LinePlace: Equatable {
    case fixed
    /// A space that no line is broken at.
    case fixedSpace(Character)
    case breakable
    case breakableSpace

    /// - Parameters:
    ///   - before: a visible character.
    ///   - next: the next visible one.
    init(in glyphs: [Glyph], _ before: Int, _ next: Int) {
        let (last, first) = (glyphs[before], glyphs[next])
        guard before + 1 < next else {
            self = LinePlace.parts(last, first) ? .breakable : .fixed
            return
        }
        let isKept = glyphs[before + 1..<next].allSatisfy { $0.character == "\u{A0}" || $0.character == "\u{202F}" }
        // Marks that stand alone, as in `« so »`, stay with their word.
        let isLoneClosing =
            first.marks.contains(.closing)
            && (next + 1 == glyphs.count || glyphs[next + 1].isBlank || glyphs[next + 1].marks.contains(.closing))
        let isLoneOpening = last.marks.contains(.opening) && (before == 0 || glyphs[before - 1].isBlank)
        if isKept {
            self = .fixedSpace(glyphs[before + 1].character)
        } else {
            self = isLoneClosing || isLoneOpening ? .fixedSpace(" ") : .breakableSpace
        }
    }

    /// Whether a line may be broken between two characters without a space between them.
    private static func parts(_ last: Glyph, _ first: Glyph) -> Bool {
        guard last.isWide || first.isWide, !last.marks.contains(.opening), !first.marks.contains(.closing),
            !first.marks.contains(.startsNoLine)
        else { return false }
        // A dash of two stays whole, a number keeps its counter, a word in katakana its syllables.
        let isPair = last.character == first.character && !first.character.isLetter
        return !isPair && !last.character.isNumber && !(last.isKatakana && first.isKatakana)
    }
}

/// A character as a reader counts them, and how it stands in a line.
struct Glyph {
    struct Marks: OptionSet {
        let rawValue: UInt8
        static let opening = Marks(rawValue: 1)
        static let closing = Marks(rawValue: 2)
        /// Small kana, marks of repetition and length, dots and dashes.
        static let startsNoLine = Marks(rawValue: 4)
        static let clauseEnd = Marks(rawValue: 8)
        /// A quote or bracket that may stand behind the mark that ends a clause.
        static let quote = Marks(rawValue: 16)
    }

    let character: Character
    let isBlank: Bool

    init(_ character: Character) {
        self.character = character
        isBlank = character.isBlank
    }

    var isWide: Bool { character.isWide }
    var isKatakana: Bool { 0x30A0...0x30FF ~= character.scalar.value || 0xFF66...0xFF9F ~= character.scalar.value }
    var marks: Marks { Glyph.marks[character.scalar] ?? [] }

    private static let marks: [Unicode.Scalar: Marks] = {
        let all: [(String, Marks)] = [
            ("([{“‘«‹„‚¿¡（［｛「『【《〈〔｢〖〝", .opening),
            ("!?:;)]}”’»›%！？：；，、。．）］｝」』】》〉〕｣〗〟…‥", .closing),
            ("ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶー々ゝゞヽヾ・～〜—–·.,", .startsNoLine),
            (".!?,;:…！？，、；：。．—", .clauseEnd), ("\"'”’»›)]}）］｝」』】》〉〕｣〗", .quote),
        ]
        return all.reduce(into: [:]) { table, row in
            for scalar in row.0.unicodeScalars { table[scalar, default: []].insert(row.1) }
        }
    }()
}

extension Character {
    fileprivate var scalar: Unicode.Scalar { unicodeScalars.first! }

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
}

extension StringProtocol {
    /// The mark that ends its last clause, quotes and brackets aside; nil where it just stops.
    var clauseEnd: Character? {
        var rest = self[...]
        while let last = rest.popLast() {
            let marks = Glyph(last).marks
            if marks.contains(.clauseEnd) { return last }
            guard marks.contains(.quote) else { return nil }
        }
        return nil
    }
}
