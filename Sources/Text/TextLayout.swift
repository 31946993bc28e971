import Transcript

/// A text taken apart into sentences to translate and everything around them, which stays as it is.
///
/// Control characters (line breaks of any kind, tabs, NUL) end a line or a cell; sentences never reach across. White
/// space at the edges of a line stays, and so does a sentence without a letter outside its opaque spans. Whatever the
/// text, `rebuilt` with the sentences themselves is the text again, byte for byte.
package struct TextLayout: Sendable, Equatable {
    package enum Piece: Sendable, Equatable {
        case verbatim(String)
        /// White space between two sentences of a line, or none.
        case gap(String)
        /// The sentence of an index.
        case sentence(Int)
    }

    package let language: Language
    package private(set) var pieces: [Piece] = []
    /// What is to be translated, in order; none is empty, none longer than models take.
    package private(set) var sentences: [String] = []

    /// - Parameter text: at most `SentenceBreaks.textBytesMax` bytes of UTF-8.
    package init(_ text: String, language: Language) {
        self.language = language
        var text = text
        text.makeContiguousUTF8()
        var breaks = SentenceBreaks.of(language).ends(of: text)[...]
        let scalars = text.unicodeScalars
        let wrap = SentenceWrap(language)
        var start = text.startIndex
        while start < text.endIndex {
            let lineEnd = scalars[start...].firstIndex(where: \.isSeparator) ?? text.endIndex
            while let next = breaks.first, next <= start { breaks.removeFirst() }
            add(line: text[start..<lineEnd], breaks: breaks.prefix { $0 < lineEnd }, wrap)
            start = scalars[lineEnd...].firstIndex { !$0.isSeparator } ?? text.endIndex
            keep(text[lineEnd..<start])
        }
    }

    /// The text with each sentence replaced.
    ///
    /// Where one of the two languages writes spaces between words and the other does not, the space between two
    /// sentences goes, or comes.
    ///
    /// - Parameter translations: as many as there are sentences.
    package func rebuilt(with translations: [String], in target: Language) -> String {
        precondition(translations.count == sentences.count, "\(translations.count) of \(sentences.count) translations")
        return pieces.map { piece in
            switch piece {
            case .verbatim(let text): text
            case .sentence(let index): translations[index]
            case .gap(let space) where language.hasNoSpaces == target.hasNoSpaces: space
            case .gap: target.hasNoSpaces ? "" : " "
            }
        }.joined()
    }

    // MARK: Taking apart

    /// A line without its line break.
    private mutating func add(line: Substring, breaks: ArraySlice<String.Index>, _ wrap: SentenceWrap) {
        let inner = line.withoutEdges
        keep(line[..<inner.startIndex])
        if inner.unicodeScalars.contains(where: \.isLetter) {
            var spans = OpaqueSpans(of: String(inner)).ranges(in: inner)[...]
            var previous: Body?
            var start = inner.startIndex
            for end in inner.ends(among: breaks, outside: spans) {
                let within = spans.prefix { $0.lowerBound < end }
                spans = spans.dropFirst(within.count)
                for piece in wrap.pieces(of: inner[start..<end], spans: within) {
                    let text = piece.withoutEdges
                    guard !text.isEmpty else { continue }
                    // What cannot be cut below the limit is one span or one endless character, and no language.
                    let isSentence =
                        text.unicodeScalars.count <= wrap.scalarsMax && text.hasLetter(outside: within, of: language)
                    add(Body(text: text, isSentence: isSentence), after: previous, in: inner)
                    previous = Body(text: text, isSentence: isSentence)
                }
                start = end
            }
        } else {
            keep(inner)
        }
        keep(line[inner.endIndex...])
    }

    /// A sentence, or what stands in the place of one.
    private struct Body {
        let text: Substring
        let isSentence: Bool
    }

    private mutating func add(_ body: Body, after previous: Body?, in line: Substring) {
        if let previous {
            let gap = line[previous.text.endIndex..<body.text.startIndex]
            // Space beside a number or a URL stays in every language; where there is none, one may have to come.
            let isFree =
                previous.isSentence && body.isSentence && gap.unicodeScalars.allSatisfy(\.properties.isWhitespace)
            if gap.isEmpty || isFree { pieces.append(.gap(String(gap))) } else { keep(gap) }
        }
        guard body.isSentence else { return keep(body.text) }
        pieces.append(.sentence(sentences.count))
        sentences.append(String(body.text))
    }

    private mutating func keep(_ text: Substring) {
        guard !text.isEmpty else { return }
        if case .verbatim(var before)? = pieces.last {
            // Taken out first, so that the text grows in its place and is not copied each time.
            pieces.removeLast()
            before += text
            pieces.append(.verbatim(before))
        } else {
            pieces.append(.verbatim(String(text)))
        }
    }
}

extension Substring {
    /// Without white space and marks of direction at both ends; an empty part at the start when there is nothing else.
    fileprivate var withoutEdges: Substring {
        guard let first = unicodeScalars.firstIndex(where: { !$0.isEdge }),
            let last = unicodeScalars.lastIndex(where: { !$0.isEdge })
        else { return self[startIndex..<startIndex] }
        return self[first..<unicodeScalars.index(after: last)]
    }

    /// The ends of its sentences: ICU's that lie in it and not inside a span (ICU ends one at the question mark of a
    /// URL), and its own end.
    fileprivate func ends(
        among breaks: ArraySlice<String.Index>, outside spans: ArraySlice<Range<String.Index>>
    ) -> [String.Index] {
        var spans = spans
        let inside = breaks.filter { end in
            guard startIndex < end, end < endIndex else { return false }
            while let span = spans.first, span.upperBound <= end { spans.removeFirst() }
            return spans.first.map { end <= $0.lowerBound } ?? true
        }
        return inside + [endIndex]
    }

    /// Whether there is a letter to translate: one of the language's own script, or a Latin one.
    fileprivate func hasLetter(outside spans: ArraySlice<Range<String.Index>>, of language: Language) -> Bool {
        let scripts = language.scripts.union([.latin, .shared])
        var spans = spans.drop { $0.upperBound <= startIndex }
        return unicodeScalars.indices.contains { index in
            while let span = spans.first, span.upperBound <= index { spans.removeFirst() }
            if let span = spans.first, span.contains(index) { return false }
            return unicodeScalars[index].isLetter && scripts.contains(Script(of: unicodeScalars[index]))
        }
    }
}

extension OpaqueSpans {
    /// Where the spans lie in the text they were found in.
    fileprivate func ranges(in text: Substring) -> [Range<String.Index>] {
        spans.map { span in
            let start = text.utf8.index(text.startIndex, offsetBy: span.bytes.lowerBound)
            return start..<text.utf8.index(start, offsetBy: span.bytes.count)
        }
    }
}
