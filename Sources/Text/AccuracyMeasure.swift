import Transcript

extension AccuracyReport {
    /// Compares a transcript with what should have been heard.
    ///
    /// - Parameters:
    ///   - language: of both texts, a code such as `en` or `zh-tw`.
    ///   - threshold: the accuracy that passes, 0…1.
    /// - Throws: `AccuracyError`; `TextError.tableMissing` for Chinese.
    package init(
        reference: String, transcript: TranscriptDocument, language: String, threshold: Double? = nil
    ) throws {
        let recording = transcript.recording
        try self.init(
            reference: reference, hypothesis: recording.text, timed: TextTimes(recording, language: language),
            language: language, threshold: threshold)
    }

    /// Compares a text without times with another one.
    ///
    /// - Throws: as for a transcript.
    package init(reference: String, hypothesis: String, language: String, threshold: Double? = nil) throws {
        try self.init(
            reference: reference, hypothesis: hypothesis, timed: nil, language: language, threshold: threshold)
    }

    private init(
        reference: String, hypothesis: String, timed times: TextTimes?, language: String, threshold: Double?
    ) throws {
        let expected = try ComparedText(reference, language: language)
        let found = try ComparedText(hypothesis, language: language)
        let unit = ComparedText.unit(of: language)
        let (expectedWords, foundWords) = (try expected.countedWords, try found.countedWords)
        let wordSteps = EditDistance(expectedWords, foundWords).steps()
        let (expectedUnits, foundUnits): ([Substring], [Substring])
        let steps: [Step.Kind]
        let characters: Counts
        if unit == .word {
            (expectedUnits, foundUnits, steps) = (expectedWords, foundWords, wordSteps)
            characters = Counts(characterStepsAlong: wordSteps, expectedWords, foundWords)
        } else {
            (expectedUnits, foundUnits) = (try expected.countedCharacters, try found.countedCharacters)
            steps = EditDistance(expectedUnits, foundUnits).steps()
            characters = Counts(steps)
        }
        self.init(
            unit: unit, words: Counts(wordSteps), characters: characters,
            alignment: AlignmentRuns(
                steps, expectedUnits, foundUnits, joiner: unit == .word ? " " : "", times: times
            ).runs, threshold: threshold)
    }
}

extension ComparedText {
    fileprivate var countedWords: [Substring] { get throws { try counted(words) } }

    /// A scalar each.
    fileprivate var countedCharacters: [Substring] {
        get throws { try counted(text.unicodeScalars.indices.map { Substring(text.unicodeScalars[$0...$0]) }) }
    }

    private func counted(_ units: [Substring]) throws(AccuracyError) -> [Substring] {
        guard units.count <= ComparedText.unitsMax else {
            throw .tooManyUnits(count: units.count, countMax: ComparedText.unitsMax)
        }
        return units
    }
}

extension AccuracyReport.Counts {
    init(_ steps: [AccuracyReport.Step.Kind]) {
        self.init(hits: 0, substitutions: 0, deletions: 0, insertions: 0)
        for step in steps {
            switch step {
            case .equal: hits += 1
            case .substitution: substitutions += 1
            case .deletion: deletions += 1
            case .insertion: insertions += 1
            }
        }
    }

    /// Texts up to this length are compared character by character as a whole; of longer ones, pieces of this length.
    static let pieceCharactersMax = 50_000

    /// Characters, the spaces between words among them.
    ///
    /// Long texts are cut where the alignment of their words has got to, so that time grows with their length; then
    /// the count may be a little above the least there is.
    init(
        characterStepsAlong steps: [AccuracyReport.Step.Kind], _ expected: [Substring], _ found: [Substring],
        pieceMax: Int = pieceCharactersMax
    ) {
        self.init(hits: 0, substitutions: 0, deletions: 0, insertions: 0)
        var (left, right): ([Unicode.Scalar], [Unicode.Scalar]) = ([], [])
        var (row, column) = (0, 0)
        for step in steps {
            if step != .insertion {
                if row > 0 { left.append(" ") }
                left.append(contentsOf: expected[row].unicodeScalars)
                row += 1
            }
            if step != .deletion {
                if column > 0 { right.append(" ") }
                right.append(contentsOf: found[column].unicodeScalars)
                column += 1
            }
            guard max(left.count, right.count) >= pieceMax else { continue }
            add(EditDistance(left, right).steps())
            (left, right) = ([], [])
        }
        add(EditDistance(left, right).steps())
    }

    private mutating func add(_ steps: [AccuracyReport.Step.Kind]) {
        let more = Self(steps)
        hits += more.hits
        substitutions += more.substitutions
        deletions += more.deletions
        insertions += more.insertions
    }
}
