import CICU
import Transcript

/// A script of Unicode, as far as the languages here are told apart by it.
enum Script: Hashable, Sendable {
    /// Punctuation, digits, symbols, marks.
    case shared
    case latin, cyrillic, han, kana, hangul
    case other

    init(of scalar: Unicode.Scalar) {
        self =
            switch icu_script_of(scalar.value) {
            case Int32(ICU_SCRIPT_COMMON.rawValue): .shared
            case Int32(ICU_SCRIPT_LATIN.rawValue): .latin
            case Int32(ICU_SCRIPT_CYRILLIC.rawValue): .cyrillic
            case Int32(ICU_SCRIPT_HAN.rawValue): .han
            case Int32(ICU_SCRIPT_KANA.rawValue): .kana
            case Int32(ICU_SCRIPT_HANGUL.rawValue): .hangul
            default: .other
            }
    }
}

extension Language {
    /// The scripts it is written in.
    var scripts: Set<Script> {
        switch self {
        case .chinese, .traditionalChinese: [.han]
        case .japanese: [.han, .kana]
        case .korean: [.hangul]
        case .russian: [.cyrillic]
        case .english, .french, .german, .spanish, .italian, .portuguese: [.latin]
        }
    }
}

extension Unicode.Scalar {
    var isLetter: Bool {
        if value < 0x80 { return (value | 0x20) >= 0x61 && (value | 0x20) <= 0x7a }
        return switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: false
        }
    }

    /// White space, and marks of direction or order that stand at a text's edge and mean nothing to a sentence.
    var isEdge: Bool {
        switch value {
        case 0x20, 0xa0, 0x3000: true
        case 0..<0x80: false
        case 0x61c, 0x200b, 0x200e...0x200f, 0x202a...0x202e, 0x2066...0x2069, 0xfeff: true
        default: properties.isWhitespace
        }
    }

    /// What ends a line or a cell: every control character, tab and NUL among them, and Unicode's own separators.
    var isSeparator: Bool {
        value < 0x20 || (0x7f...0x9f).contains(value) || value == 0x2028 || value == 0x2029
    }
}
