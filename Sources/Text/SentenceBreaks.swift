import CICU
import Transcript

/// Sentence boundaries of one language, by ICU's rules; a point that ends an abbreviation ends no sentence.
@safe package final class SentenceBreaks: @unchecked Sendable {
    /// Length of a text in UTF-8: ICU counts in 32 bits.
    package static let textBytesMax = Int(Int32.max)

    /// Opened once a language and never changed or closed afterwards; whoever uses it clones it. Hence Sendable.
    private let rules: UnsafeMutableRawPointer
    private let abbreviations: Abbreviations

    private static let opened: [Language: SentenceBreaks] = Dictionary(
        uniqueKeysWithValues: Language.allCases.map { ($0, SentenceBreaks(opening: $0)) })

    private init(opening language: Language) {
        let name = language == .traditionalChinese ? "zh_TW" : language.rawValue
        // The name lives during the call; ICU's data is part of its library, so opening cannot fail for want of it.
        guard let rules = unsafe icu_sentences_open(name) else {
            preconditionFailure("ICU has no sentence rules for \(name)")
        }
        unsafe self.rules = rules
        abbreviations = Abbreviations(language)
    }

    /// The rules of a language.
    package static func of(_ language: Language) -> SentenceBreaks { opened[language]! }

    /// The sentences of a text in order, each with the white space behind it; together they are the whole text.
    ///
    /// - Parameter text: at most `textBytesMax` long.
    ///
    /// No sentence ends inside what is no language: ICU ends one at the question mark of a URL.
    package func ranges(of text: String) -> [Range<String.Index>] {
        var spans = OpaqueSpans(of: text).spans[...]
        let ends = ends(of: text).filter { end in
            let offset = text.utf8.distance(from: text.startIndex, to: end)
            while let span = spans.first, span.bytes.upperBound <= offset { spans.removeFirst() }
            return spans.first.map { offset <= $0.bytes.lowerBound } ?? true
        }
        return zip([text.startIndex] + ends, ends).map { $0..<$1 }
    }

    /// Where sentences end, the end of the text last.
    func ends(of text: String) -> [String.Index] {
        var utf8 = text
        var start = text.startIndex
        var ends: [String.Index] = []
        for bytes in byteEnds(of: &utf8) {
            let end = text.utf8.index(text.startIndex, offsetBy: Int(bytes))
            guard end == text.endIndex || !abbreviations.ends(text[start..<end]) else { continue }
            ends.append(end)
            start = end
        }
        return ends
    }

    /// Where ICU ends sentences, in bytes of UTF-8.
    private func byteEnds(of text: inout String) -> [Int32] {
        guard !text.isEmpty else { return [] }
        return text.withUTF8 { utf8 in
            precondition(utf8.count <= SentenceBreaks.textBytesMax, "a text of \(utf8.count) bytes")
            return unsafe [Int32](unsafeUninitializedCapacity: utf8.count) { ends, count in
                // Both buffers live during the call, and there are at most as many ends as bytes.
                let found = unsafe utf8.withMemoryRebound(to: CChar.self) {
                    unsafe icu_sentence_ends(rules, $0.baseAddress, Int32(utf8.count), ends.baseAddress)
                }
                precondition(found >= 0, "out of memory for the sentences of \(utf8.count) bytes")
                count = Int(found)
            }
        }
    }
}
