import CLanguageDetector
import Transcript

/// Which language a text is in, and how sure that is.
package struct LanguageIdentification: Sendable, Equatable {
    /// Scalars of a text that are looked at, from its start: pages of it, and more changes nothing.
    package static let sampleScalarsMax = 1 << 16
    /// Letters, in bytes of UTF-8, under which a text may be anything: a short sentence has more.
    package static let reliableBytesMin = 24
    /// Confidence under which the language is a guess.
    package static let reliableConfidenceMin = 0.6
    /// Letters, in bytes, that halve the doubt: with as many as this, confidence is half of what it becomes.
    private static let doubtBytes = 8.0

    /// Nil when the text has no letters, or is in a language that is none of ours.
    package let language: Language?
    /// What the detector calls it (ISO 639), also where it is none of ours; empty when it has no opinion.
    package let code: String
    /// 0…1; grows with the length of the text and the language's share of it.
    package let confidence: Double
    /// Whether to go by it without asking.
    package let isReliable: Bool

    /// URLs, addresses and code have no say in it.
    package init(of text: String) {
        let detected = LanguageIdentification.detect(LanguageIdentification.sample(of: text))
        var code = detected.code
        // No language of these four has the letters: the detector takes short Russian for Serbian.
        if ["sr", "mk", "bg", "uk"].contains(code), text.unicodeScalars.contains(where: "ыэЫЭ".unicodeScalars.contains)
        {
            code = "ru"
        }
        var language = LanguageIdentification.language(code)
        var confidence = Double(detected.percent) / 100
        confidence *=
            Double(detected.lettersBytes) / (Double(detected.lettersBytes) + LanguageIdentification.doubtBytes)
        if !detected.isReliable { confidence /= 2 }
        if language == .chinese || language == .traditionalChinese {
            let script = LanguageIdentification.script(of: text, otherwise: language)
            language = script.language
            confidence *= script.share
        }
        self.language = language
        self.code = code
        self.confidence = confidence
        isReliable =
            language != nil && detected.isReliable && detected.lettersBytes >= LanguageIdentification.reliableBytesMin
            && confidence >= LanguageIdentification.reliableConfidenceMin
    }

    /// The language in it, without the characters the detector refuses. What is said more than once counts once: the
    /// detector takes repetition for noise.
    private static func sample(of text: String) -> String {
        let head = String(text.unicodeScalars.prefix(sampleScalarsMax))
        var rest = head.utf8.startIndex
        var language = ""
        for span in OpaqueSpans(of: head).spans where [.url, .email, .code].contains(span.kind) {
            let start = head.utf8.index(head.utf8.startIndex, offsetBy: span.bytes.lowerBound)
            language += head[rest..<start] + " "
            rest = head.utf8.index(start, offsetBy: span.bytes.count)
        }
        language += head[rest...]
        var seen: Set<Substring> = []
        return language.split { $0.isNewline || ".!?。！？".contains($0) }.filter { seen.insert($0).inserted }.map {
            String(
                String.UnicodeScalarView(
                    $0.unicodeScalars.map { $0.isSeparator || $0.properties.isNoncharacterCodePoint ? " " : $0 }))
        }.joined(separator: ". ")
    }

    private struct Detected {
        let code: String
        let percent: Int
        let lettersBytes: Int
        let isReliable: Bool
    }

    private static func detect(_ text: String) -> Detected {
        var text = text
        return text.withUTF8 { utf8 in
            // The bytes live during the call; the code is a constant of the detector.
            unsafe utf8.withMemoryRebound(to: CChar.self) { bytes in
                let said = unsafe detect_language(bytes.baseAddress, Int32(bytes.count))
                return unsafe Detected(
                    code: String(cString: said.code), percent: Int(said.percent), lettersBytes: Int(said.letters_bytes),
                    isReliable: said.is_reliable != 0)
            }
        }
    }

    private static func language(_ code: String) -> Language? {
        switch code {
        case "zh": .chinese
        case "zh-Hant": .traditionalChinese
        default: Language(rawValue: code)
        }
    }

    /// The Chinese that most characters of one script alone are of, and their share among those of both.
    ///
    /// Where there are none, what only one of the conversions changes tells (气 can be written in both encodings, and is
    /// in use in one); else both are as likely, and what the detector says stands, at half its confidence.
    private static func script(of text: String, otherwise: Language?) -> (language: Language?, share: Double) {
        let sides = text.unicodeScalars.lazy.compactMap { HanVariants.standard.side(of: $0) }
        var (simplified, traditional) = (0.0, 0.0)
        for side in sides.prefix(sampleScalarsMax) {
            if side == .simplified { simplified += 1 } else { traditional += 1 }
        }
        guard simplified + traditional > 0 else {
            // Without tables nothing is known that was not before.
            guard let conversion = try? ChineseScript.loaded() else { return (otherwise, 0.5) }
            let changed = [Language.traditionalChinese, .chinese].map { conversion.converted(text, to: $0) != text }
            return switch (changed[0], changed[1]) {
            case (true, false): (.chinese, 0.8)
            case (false, true): (.traditionalChinese, 0.8)
            default: (otherwise, 0.5)
            }
        }
        let language = simplified >= traditional ? Language.chinese : .traditionalChinese
        return (language, max(simplified, traditional) / (simplified + traditional))
    }
}
