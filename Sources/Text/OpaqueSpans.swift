/// What in a sentence is no language and has to come through a translation as it is.
package struct OpaqueSpans: Sendable, Equatable {
    package enum Kind: Sendable, Equatable {
        case url, email, code, emoji
        /// Notes of music, arrows, currencies and the like.
        case symbol
        /// Words in another script than the text is in.
        case foreign
        /// Digits with group separators and decimal marks; those may change, the digits may not.
        case number
    }

    package struct Span: Sendable, Equatable {
        package let kind: Kind
        package let text: String
        /// Bytes of the sentence's UTF-8.
        package let bytes: Range<Int>
        /// Whether a word of thousands in the East Asian way stands behind a number, as in `2万`.
        let isScaled: Bool
    }

    /// A part of a sentence; all parts together are the sentence.
    package enum Piece: Sendable, Equatable {
        case language(String)
        case verbatim(String)
    }

    /// In order, apart from each other.
    package let spans: [Span]

    /// Finds the spans in time that grows with the length of the text and no faster.
    package init(of text: String) {
        spans = OpaqueScan(of: text).spans
    }

    /// Whether each span comes through: a number with the same digits in their order, everything else as it stands.
    ///
    /// A span of the translation answers for one of the source. Zeros at the end of a number do not count where one of
    /// the two is scaled: 20,000 is `2万`. The 12th century may be the `século XII`.
    package func isKept(in translation: String) -> [Bool] {
        guard !spans.isEmpty else { return [] }
        let translated = OpaqueSpans(of: translation).spans
        var exact: [String: Int] = [:]
        for span in translated { exact[span.key, default: 0] += 1 }
        var kept = spans.map { span in exact.take(span.key) }
        guard kept.contains(false) else { return kept }

        var scaled: [String: Int] = [:]
        var plain: [String: Int] = [:]
        for span in translated where span.kind == .number && exact.take(span.key) {
            if span.isScaled { scaled[span.significantDigits, default: 0] += 1 }
            if !span.isScaled { plain[span.significantDigits, default: 0] += 1 }
        }
        var romans: [String: Int] = [:]
        for word in translation.split(whereSeparator: { !$0.isLetter }) { romans[String(word), default: 0] += 1 }
        for (index, span) in spans.enumerated() where !kept[index] && span.kind == .number {
            let digits = span.significantDigits
            kept[index] =
                scaled.take(digits) || (span.isScaled && plain.take(digits))
                || span.roman.map { romans.take($0) } ?? false
        }
        return kept
    }

    /// Cuts a sentence around everything that has to stay verbatim; numbers stay in the language around them.
    package static func pieces(of text: String) -> [Piece] {
        var pieces: [Piece] = []
        var done = 0
        func part(_ bytes: Range<Int>) -> String {
            let start = text.utf8.index(text.startIndex, offsetBy: bytes.lowerBound)
            return String(text[start..<text.utf8.index(start, offsetBy: bytes.count)])
        }
        for span in OpaqueSpans(of: text).spans where span.kind != .number {
            if done < span.bytes.lowerBound { pieces.append(.language(part(done..<span.bytes.lowerBound))) }
            pieces.append(.verbatim(span.text))
            done = span.bytes.upperBound
        }
        if done < text.utf8.count { pieces.append(.language(part(done..<text.utf8.count))) }
        return pieces
    }
}

extension OpaqueSpans.Span {
    /// What has to be equal in source and translation.
    fileprivate var key: String { kind == .number ? "#" + digits : text }

    /// The digits of a number as ASCII, in order.
    private var digits: String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.compactMap { scalar in
                    scalar.decimalDigit.flatMap { Unicode.Scalar(0x30 + UInt32($0)) }
                }))
    }

    /// How Romance languages write the number of a century or a king; nil for numbers neither has.
    fileprivate var roman: String? {
        guard let number = Int(digits), 1...39 ~= number else { return nil }
        let ones = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"]
        return String(repeating: "X", count: number / 10) + ones[number % 10]
    }

    /// The digits without zeros at the end.
    fileprivate var significantDigits: String {
        let digits = digits
        return String(digits[...(digits.lastIndex { $0 != "0" } ?? digits.startIndex)])
    }
}

extension [String: Int] {
    /// Takes one of a kind; false when none is left.
    fileprivate mutating func take(_ key: String) -> Bool {
        guard let count = self[key], count > 0 else { return false }
        self[key] = count - 1
        return true
    }
}

extension Unicode.Scalar {
    /// The value of a decimal digit of any script.
    var decimalDigit: Int? {
        if value < 0x80 { return (0x30...0x39).contains(value) ? Int(value) - 0x30 : nil }
        guard properties.numericType == .decimal, let number = properties.numericValue else { return nil }
        return Int(number)
    }
}
