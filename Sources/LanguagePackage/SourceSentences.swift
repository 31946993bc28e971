import Transcript

/// A text before it was translated, and its sentences: the same for all languages, so the head has them once.
struct SourceSentences: Sendable {
    let text: String
    let sentences: [String]
    /// One a sentence.
    let times: [TimeColumn.Times]

    /// - Parameter text: what the sentences are of, empty where nobody knows.
    init(_ translation: TranslatedText?, text: String) {
        self.text = text
        sentences = translation?.sentences.map(\.source) ?? []
        times = translation?.sentences.map { TimeColumn.Times(start: $0.start, end: $0.end) } ?? []
    }

    func hasSameSentences(as other: SourceSentences) -> Bool {
        sentences.elementsEqual(other.sentences) { $0.isIdentical(to: $1) } && times == other.times
    }

    /// - Throws: `PackageError.malformed`.
    init(_ message: PackageSource, from unpacked: inout UnpackedPart, part: PackagePart) throws(PackageError) {
        text = message.text
        guard let sentences = PartColumn.decoded(message.sentences, in: text) else { throw .malformed(part: part) }
        self.sentences = sentences
        times = try TimeColumn.decoded(
            message.hasTimes ? message.times : nil, count: sentences.count, from: &unpacked, part: part)
    }
}

extension PackageSource {
    init(_ source: SourceSentences) {
        self.init()
        if !source.text.isEmpty { text = source.text }
        sentences = PartColumn.encoded(source.sentences, in: source.text)
        if let column = TimeColumn.encoded(source.times) { times = column }
    }
}
