/// Audio that is decoded window after window, each beginning where the former one's speech ended.
///
/// With voice activity it is what the cutter found, mostly one window; without, the whole recording as it streams by.
package struct Stretch {
    package let timeline: Timeline
    /// Audio from `firstSample` of the stretch on.
    package private(set) var samples: [Float]
    private var firstSample = 0
    /// No more audio will come.
    package private(set) var isComplete: Bool
    /// Past this sample of the stretch nobody speaks any more, where that is known.
    private let speechEnd: Int?
    /// Sample of the stretch the next window begins with.
    package private(set) var seek = 0
    /// Tokens the next window sees as its past.
    var past: [Int]
    /// Where the last segment ended, seconds of the recording.
    var spokenUntil: Double = 0

    /// A rest shorter than this is not worth a window where voice activity says it holds little: 0.3 s.
    private static let restSamplesMin = 4_800

    /// - Parameter past: the tokens of a prompt.
    package init(timeline: Timeline, samples: [Float], speechEnd: Int, past: [Int]) {
        self.timeline = timeline
        self.samples = samples
        self.speechEnd = speechEnd
        self.past = past
        isComplete = true
        spokenUntil = timeline.start(0)
    }

    /// A recording from its first sample on, to be appended to.
    package init(streaming past: [Int]) {
        timeline = Timeline(pieces: [0..<Int.max])
        samples = []
        speechEnd = nil
        isComplete = false
        self.past = past
    }

    private var end: Int { firstSample + samples.count }

    /// Whether a full window, or the last one, can begin at `seek`.
    package var hasWindow: Bool { !isFinished && (isComplete || end - seek >= LogMel.samplesMax + LogMel.frameSamples / 2) }

    package var isFinished: Bool {
        guard isComplete else { return false }
        let rest = (speechEnd ?? end) - seek
        return rest < (seek > 0 && speechEnd != nil ? Stretch.restSamplesMin : LogMel.hopSamples)
    }

    package mutating func append(_ more: [Float]) { samples += more }

    package mutating func complete() { isComplete = true }

    /// The audio of the next window with the 200 samples before it and after it.
    package var window: (before: ArraySlice<Float>, own: ArraySlice<Float>, after: ArraySlice<Float>) {
        let start = seek - firstSample
        let stop = min(samples.count, start + LogMel.samplesMax)
        let half = LogMel.frameSamples / 2
        return (
            samples[max(0, start - half)..<start], samples[start..<stop],
            samples[stop..<min(samples.count, stop + half)]
        )
    }

    /// Moves on; audio that no window needs any more is let go.
    package mutating func advance(seconds: Double) {
        // Always forward: a window whose only timestamp is its start must not be decoded for ever.
        let step = max(LogMel.hopSamples, Int((seconds * 100).rounded()) * LogMel.hopSamples)
        seek = min(seek + step, end)
        let unused = seek - firstSample - LogMel.frameSamples / 2
        guard unused > LogMel.samplesMax / 2 else { return }
        samples.removeFirst(unused)
        firstSample += unused
    }
}
