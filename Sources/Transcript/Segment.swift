/// A stretch of speech with its text, as one pass of the decoder gave it.
package struct Segment: Sendable, Equatable, Codable {
    /// Position in the recording, from 0.
    package var index: Int
    /// Seconds from the start of the recording.
    package var start: Double
    /// Seconds from the start of the recording, at least `start`.
    package var end: Double
    /// Text with the leading space the tokenizer gave it.
    package var text: String
    /// Token ids of the text and of the timestamps around it.
    package var tokens: [Int]
    /// Temperature the window was decoded at, 0…1.
    package var temperature: Double
    /// Mean log probability of the window's tokens, end-of-text included.
    package var averageLogProbability: Double
    /// Bytes of the window's text over bytes of the same deflated.
    package var compressionRatio: Double
    /// Probability of the no-speech token at the start of the window.
    package var noSpeechProbability: Double
    /// Words with their times, where they were asked for.
    package var words: [Word]?

    package init(
        index: Int, start: Double, end: Double, text: String, tokens: [Int], temperature: Double,
        averageLogProbability: Double, compressionRatio: Double, noSpeechProbability: Double, words: [Word]? = nil
    ) {
        self.index = index
        self.start = start
        self.end = end
        self.text = text
        self.tokens = tokens
        self.temperature = temperature
        self.averageLogProbability = averageLogProbability
        self.compressionRatio = compressionRatio
        self.noSpeechProbability = noSpeechProbability
        self.words = words
    }
}

/// A word, or in scripts without spaces a character, with its time.
package struct Word: Sendable, Equatable, Codable {
    /// Text with its leading space, punctuation attached.
    package var text: String
    /// Seconds from the start of the recording.
    package var start: Double
    /// Seconds from the start of the recording, at least `start`.
    package var end: Double
    /// Mean probability of its tokens, 0…1.
    package var probability: Double

    package init(text: String, start: Double, end: Double, probability: Double) {
        self.text = text
        self.start = start
        self.end = end
        self.probability = probability
    }
}
