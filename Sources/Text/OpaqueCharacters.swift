/// What URLs, addresses, numbers and pictures are made of.
extension Unicode.Scalar {
    var isASCIILetter: Bool { value < 0x80 && isLetter }
    var isASCIIAlphanumeric: Bool { isASCIILetter || (0x30...0x39).contains(value) }
    var isSchemePart: Bool { isASCIIAlphanumeric || self == "+" || self == "-" || self == "." }
    var isLocalPart: Bool { isSchemePart || self == "_" || self == "%" }

    /// Whether a URL goes on over it: what RFC 3986 allows, and letters of alphabets. Chinese, Japanese and Korean
    /// write on behind a URL without a space, so their characters end it.
    var isURLPart: Bool {
        if value < 0x80 { return isASCIIAlphanumeric || "-._~:/?#[]@!$&'()*+,;=%".unicodeScalars.contains(self) }
        guard value < 0x1100 else { return false }
        return switch properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .nonspacingMark,
            .spacingMark, .decimalNumber:
            true
        default: false
        }
    }

    /// Marks inside numbers: points, commas, apostrophes, and spaces that do not break.
    var isDigitSeparator: Bool {
        switch value {
        case 0x2c, 0x2e, 0x27, 0x2019, 0xa0, 0x202f, 0x2009, 0x66b, 0x66c, 0xff0c, 0xff0e: true
        default: false
        }
    }
}

extension Character {
    /// Whether it is shown as a picture: by its nature, by a variation selector, as a keycap, or joined of several.
    var isEmoji: Bool {
        guard let first = unicodeScalars.first, first.properties.isEmoji else { return false }
        if first.properties.isEmojiPresentation { return true }
        return unicodeScalars.dropFirst().contains {
            $0.value == 0xfe0f || $0.value == 0x20e3 || $0.properties.isEmojiModifier
        }
    }
}
