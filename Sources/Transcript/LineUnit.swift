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
        func close(_ seam: Seam, isSpaced: Bool) {
            unit.seam = unit.endsClause ? min(seam, .clauses) : seam
            units += unit.parts(charactersMax: lineCharactersMax)
            unit = LineUnit(text: "", width: 0, isSpaced: isSpaced, visibleCount: 0)
        }
        let glyphs = text.map(Glyph.init)
        var before: Int?
        for (index, glyph) in glyphs.enumerated() where !glyph.isBlank {
            if let before {
                switch LinePlace(in: glyphs, before, index) {
                case .breakable: close(.characters, isSpaced: false)
                case .breakableSpace: close(.words, isSpaced: true)
                case .fixedSpace(let space):
                    unit.text.append(space)
                    unit.width += 1
                case .fixed: break
                }
            }
            before = index
            unit.text.append(glyph.character)
            unit.width += 1
            unit.visibleCount += 1
        }
        if before != nil { close(.sentences, isSpaced: false) }
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

    /// Whether a clause ends with it. Short words with a dot are abbreviations.
    private var endsClause: Bool { text.clauseEnd.map { $0 != "." || width > 4 } ?? false }
}
