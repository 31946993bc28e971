/// A transcript beside the text that should have been heard.
package struct AccuracyReport: Sendable, Equatable, Codable {
    /// How many units of the reference were met, and how not.
    package struct Counts: Sendable, Equatable, Codable {
        package var hits: Int
        package var substitutions: Int
        package var deletions: Int
        package var insertions: Int

        package init(hits: Int, substitutions: Int, deletions: Int, insertions: Int) {
            self.hits = hits
            self.substitutions = substitutions
            self.deletions = deletions
            self.insertions = insertions
        }

        package var referenceCount: Int { hits + substitutions + deletions }
        package var errorCount: Int { substitutions + deletions + insertions }
        /// Errors of a unit of the reference; may pass 1. Of an empty reference 0 where nothing was heard, else 1.
        package var rate: Double {
            referenceCount == 0 ? (insertions == 0 ? 0 : 1) : Double(errorCount) / Double(referenceCount)
        }
    }

    /// What is compared: words, or characters where words stand without spaces.
    package enum Unit: String, Sendable, Codable { case word, character }

    /// A stretch of the alignment.
    package struct Step: Sendable, Equatable, Codable {
        package enum Kind: String, Sendable, Codable { case equal, substitution, deletion, insertion }

        package var kind: Kind
        /// Units of the reference, joined as they are written; empty for an insertion.
        package var reference: String
        /// Units of the transcript; empty for a deletion.
        package var hypothesis: String
        /// Seconds of the recording, where the transcript has times and the step has words of it.
        package var start: Double?
        package var end: Double?

        package init(kind: Kind, reference: String, hypothesis: String, start: Double? = nil, end: Double? = nil) {
            self.kind = kind
            self.reference = reference
            self.hypothesis = hypothesis
            self.start = start
            self.end = end
        }
    }

    /// The unit of `accuracy` and of the alignment.
    package var unit: Unit
    package var words: Counts
    package var characters: Counts
    package var alignment: [Step]
    /// The least that passes, where one was asked for.
    package var threshold: Double?

    package init(unit: Unit, words: Counts, characters: Counts, alignment: [Step], threshold: Double?) {
        self.unit = unit
        self.words = words
        self.characters = characters
        self.alignment = alignment
        self.threshold = threshold
    }

    package var wordErrorRate: Double { words.rate }
    package var characterErrorRate: Double { characters.rate }
    /// max(0, 1 − rate) of the unit.
    package var accuracy: Double { max(0, 1 - (unit == .word ? words : characters).rate) }
    /// Nil where no threshold was asked for.
    package var passes: Bool? { threshold.map { accuracy >= $0 } }
}
