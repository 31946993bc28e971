/// The tokens that are no text, in the order every Whisper vocabulary has them.
package struct SpecialTokens: Sendable, Equatable {
    package let endOfText: Int
    package let startOfTranscript: Int
    /// One a language, in the order of `WhisperLanguage`.
    package let languages: Range<Int>
    package let translate: Int
    package let transcribe: Int
    package let startOfPrevious: Int
    package let noSpeech: Int
    package let noTimestamps: Int
    /// 0.00 s; 1,501 follow each other, 20 ms apart.
    package let timestamps: Range<Int>
    package let isMultilingual: Bool

    /// Timestamp tokens of every model: 0.00 s … 30.00 s.
    package static let timestampCount = 1_501

    /// - Parameters:
    ///   - vocabularyCount: tokens, timestamps included.
    ///   - endOfText: where the text tokens end.
    package init(vocabularyCount: Int, endOfText: Int, isMultilingual: Bool) {
        self.endOfText = endOfText
        self.isMultilingual = isMultilingual
        startOfTranscript = endOfText + 1
        timestamps = vocabularyCount - SpecialTokens.timestampCount..<vocabularyCount
        noTimestamps = timestamps.lowerBound - 1
        noSpeech = noTimestamps - 1
        startOfPrevious = noSpeech - 1
        // Between them, the start-of-language-model token, which nothing here uses.
        transcribe = startOfPrevious - 2
        translate = transcribe - 1
        // Empty where vocabulary and text tokens do not belong together.
        languages = startOfTranscript + 1..<max(startOfTranscript + 1, translate)
    }

    /// Seconds of a timestamp token inside its window.
    package func seconds(_ token: Int) -> Double { Double(token - timestamps.lowerBound) * 0.02 }
}
