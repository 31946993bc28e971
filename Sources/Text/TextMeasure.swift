import Transcript

/// What of a text can be counted. Opaque spans are left out: they are judged for themselves.
struct TextMeasure {
    /// Letters and marks of language, lower case, and nothing else.
    private let letters: [Unicode.Scalar]
    private let scripts: [Script: Int]
    /// Words in lower case that are not capitalised (names are the same in many languages); wide characters each.
    private let words: [String]

    init(_ text: String) {
        var letters: [Unicode.Scalar] = []
        var scripts: [Script: Int] = [:]
        var words: [String] = []
        for case .language(let part) in OpaqueSpans.pieces(of: text) {
            var word = String.UnicodeScalarView()
            func endWord() {
                if let first = word.first, !first.properties.isUppercase { words.append(String(word)) }
                word = String.UnicodeScalarView()
            }
            for scalar in part.unicodeScalars {
                guard scalar.isLetter else {
                    if Script(of: scalar) == .shared, scalar.properties.isDiacritic { continue }
                    endWord()
                    continue
                }
                let script = Script(of: scalar)
                scripts[script, default: 0] += 1
                letters.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
                if script == .han || script == .kana { endWord() }
                word.append(scalar)
                if script == .han || script == .kana { endWord() }
            }
            endWord()
        }
        self.letters = letters
        self.scripts = scripts
        self.words = words
    }

    var letterCount: Int { letters.count }

    /// Letters of a translation over letters to be expected, or the other way round, whichever is below 1.
    func lengthAgreement(with translation: TextMeasure, from: Language, to: Language) -> Double {
        // Short texts differ more: some letters are given to both.
        let slack = 12.0
        let before = Double(letterCount) / from.lettersPerEnglish + slack
        let after = Double(translation.letterCount) / to.lettersPerEnglish + slack
        return min(before / after, after / before)
    }

    /// Share of word sequences that the source does not have; 1 for what is too short to tell.
    func novelty(beside source: TextMeasure, from: Language, to: Language) -> Double {
        // Between the scripts of Chinese, most is the same.
        if from.isChinese && to.isChinese { return 1 }
        let length = to.hasNoSpaces ? 2 * SanityLimits.copiedWordsMin : SanityLimits.copiedWordsMin
        guard words.count >= length else { return 1 }
        let known = Set(source.sequences(of: length))
        let own = sequences(of: length)
        return Double(own.count { !known.contains($0) }) / Double(own.count)
    }

    private func sequences(of length: Int) -> [String] {
        guard words.count >= length else { return [] }
        return (0...words.count - length).map { words[$0..<$0 + length].joined(separator: " ") }
    }

    /// Share of its letters that repeat, in a sequence of them, what it said before.
    func repetition(in language: Language) -> Double {
        let length = language.isWide ? 5 : 12
        guard letters.count > length else { return 0 }
        var seen: Set<UInt64> = []
        var repeated = 0
        // A polynomial over the last letters, taken forward by one letter a step.
        let factor: UInt64 = 0x9e37_79b9_7f4a_7c15
        let leaving = (0..<length).reduce(UInt64(1)) { power, _ in power &* factor }
        var hash: UInt64 = 0
        for (index, letter) in letters.enumerated() {
            hash = hash &* factor &+ UInt64(letter.value)
            if index >= length { hash = hash &- leaving &* UInt64(letters[index - length].value) }
            if index >= length - 1, !seen.insert(hash).inserted { repeated += 1 }
        }
        return Double(repeated) / Double(letters.count - length + 1)
    }

    /// Share of its letters in a language's script; those of others count by what they fill in the language's own.
    func scriptShare(of language: Language) -> Double {
        var (own, other) = (0.0, 0.0)
        for (script, count) in scripts {
            if language.scripts.contains(script) {
                own += Double(count)
            } else {
                other += Double(count) * (script == .latin || script == .cyrillic ? language.lettersPerEnglish : 1)
            }
        }
        return own + other == 0 ? 0 : own / (own + other)
    }
}

extension Language {
    /// Letters that say what one letter of English says: proportions of texts that exist in all these languages.
    fileprivate var lettersPerEnglish: Double {
        switch self {
        case .english: 1
        case .chinese, .traditionalChinese: 0.35
        case .japanese: 0.53
        case .korean: 0.51
        case .french: 1.17
        case .german, .spanish, .italian: 1.15
        case .russian: 1.03
        case .portuguese: 1.09
        }
    }
}
