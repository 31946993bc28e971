/// The sizes of one Whisper model, as its weight file gives them.
package struct WhisperDimensions: Sendable, Equatable {
    /// 80, or 128 from large-v3 on.
    package var melCount: Int
    /// Positions of the encoder's output: 1,500 for 30 s.
    package var audioPositions: Int
    /// Width of encoder and decoder.
    package var width: Int
    package var heads: Int
    package var encoderLayers: Int
    package var decoderLayers: Int
    /// Positions of the decoder: 448.
    package var textPositions: Int
    /// Tokens, timestamps included.
    package var vocabularyCount: Int

    package init(
        melCount: Int, audioPositions: Int, width: Int, heads: Int, encoderLayers: Int, decoderLayers: Int,
        textPositions: Int, vocabularyCount: Int
    ) {
        self.melCount = melCount
        self.audioPositions = audioPositions
        self.width = width
        self.heads = heads
        self.encoderLayers = encoderLayers
        self.decoderLayers = decoderLayers
        self.textPositions = textPositions
        self.vocabularyCount = vocabularyCount
    }

    /// Languages, special tokens and timestamps follow the text in this order; English-only models have one token less.
    package var isMultilingual: Bool { vocabularyCount >= 51_865 }
}
