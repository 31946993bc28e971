import Transcript

extension PackageText: ColumnMessage {
    static var numbers: [WritableKeyPath<PackageText, PackageNumbers>] { [\.scores, \.source.times.seconds] }

    /// - Parameter source: the text it is a translation of and that text's sentences.
    init(_ translation: TranslatedText, of source: SourceSentences) {
        self.init()
        let sentences = translation.sentences
        let own = SourceSentences(translation, text: "")
        if !own.hasSameSentences(as: source) { self.source = PackageSource(own) }
        if !translation.text.isIdentical(to: source.text) || source.text.isEmpty { text = translation.text }
        isSource = zip(sentences, sentences.map(\.source)).allSatisfy { $0.text.isIdentical(to: $1) }
        if !isSource { self.sentences = PartColumn.encoded(sentences.map(\.text), in: translation.text) }
        scores = NumberColumn.encoded(sentences.map(\.score))
        faults = sentences.flatMap(\.faults)
        if !faults.isEmpty { faultCounts = sentences.map { UInt32($0.faults.count) } }
    }

    /// - Throws: `PackageError.malformed`.
    static func decoded(
        _ unpacked: UnpackedPart, _ language: Language, _ textSource: TextSource, of source: SourceSentences
    ) throws(PackageError) -> TranslatedText {
        var unpacked = unpacked
        let part = PackagePart.text(language, textSource)
        let message = try unpacked.message(PackageText.self)
        let text = message.hasText ? message.text : source.text
        // How many sentences there are decides how many scores: those of its own source come first, their times last.
        let ownCount = message.hasSource ? Int(message.source.sentences.count) : source.sentences.count
        guard ownCount <= unpacked.plain.count + source.sentences.count else { throw .malformed(part: part) }
        let scores = try unpacked.numbers(message.scores, ownCount)
        let own =
            message.hasSource
            ? try SourceSentences(message.source, from: &unpacked, part: part) : source
        guard
            let texts = message.isSource
                ? own.sentences : PartColumn.decoded(message.sentences, in: text),
            texts.count == own.sentences.count,
            message.faultCounts.isEmpty || message.faultCounts.count == texts.count,
            message.faultCounts.reduce(0, { $0 + Int($1) }) == message.faults.count
        else { throw .malformed(part: part) }
        var faults = message.faults[...]
        let sentences = texts.indices.map { index in
            let count = message.faultCounts.isEmpty ? 0 : Int(message.faultCounts[index])
            defer { faults = faults.dropFirst(count) }
            return TranslatedText.Sentence(
                source: own.sentences[index], text: texts[index], start: own.times[index].start,
                end: own.times[index].end, score: scores[index], faults: Array(faults.prefix(count)))
        }
        return TranslatedText(language: language, source: textSource, text: text, sentences: sentences)
    }
}
