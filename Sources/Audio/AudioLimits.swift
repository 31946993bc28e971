/// What one recording may cost. Each limit has a default with its reason.
package struct AudioLimits: Sendable, Equatable {
    /// Length of the audio: a day's sitting or a night's radio, and far past any single talk.
    package var durationSecondsMax = 12 * 3_600
    /// Size of the input: 12 h of 48 kHz 24-bit stereo are 12.4 GB. A pipe is spooled to disk up to it.
    package var bytesMax = 16 << 30
    /// Address space of ffmpeg: it starts in 300 MB, and the index of a 12 h MP4 takes some 100 MB more.
    package var decoderMemoryBytesMax = 1 << 30
    /// Processor time of ffmpeg: the slowest codecs decode at 20 times real time, 12 h of them in 36 min.
    package var decoderCPUSecondsMax = 3_600
    /// Time without a sample while somebody waits for one: seconds are usual where hours of video lie between.
    package var stallSecondsMax = 60.0

    package init() {}
}
