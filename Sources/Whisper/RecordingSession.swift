import Transcript

/// Where samples come from: at most so many more, 16 kHz mono in −1…1, empty at the end.
package typealias SampleReader = (_ countMax: Int) throws -> [Float]

/// One recording on its way: reads audio, decides what is decoded next, and gathers what came of it.
package final class RecordingSession {
    /// Samples read at a time: two seconds, a block of the voice activity network.
    private static let readSamples = VoiceActivityModel.blockFrames * VoiceActivityModel.frameSamples
    /// Stretches with a window decoded or waiting; more would only hold audio in memory.
    private static let openStretchesMax = 8

    private let read: SampleReader
    private let options: TranscriptionOptions
    private let promptTokens: [Int]
    private var detector: VoiceActivityDetector?
    private var cutter = WindowCutter()

    /// Stretches by number; finished ones leave.
    private var open: [Int: Stretch] = [:]
    private var inFlight: Set<Int> = []
    private var stretchCount = 0
    private var segments: [Int: [Segment]] = [:]
    private var findings: [GuardFinding] = []
    private var speechSamples = 0

    /// Audio read but not yet in a stretch, from sample `pendingStart` of the recording on.
    private var pending: [Float] = []
    private var pendingStart = 0
    private var scanned = 0
    private var samplesRead = 0
    private var hasEnded = false

    var language: (code: String, probability: Double)?
    var languageCode: String { language?.code ?? options.language ?? WhisperLanguage.unheard }
    var vote = LanguageVote()

    /// Settles the language by its number, once it is known.
    func hear(_ heard: (language: Int, probability: Double)?) {
        language = heard.map { (WhisperLanguage.codes[$0.language], $0.probability) }
    }

    package init(
        read: @escaping SampleReader, options: TranscriptionOptions, promptTokens: [Int],
        detector: VoiceActivityDetector?
    ) {
        self.read = read
        self.options = options
        self.promptTokens = promptTokens
        self.detector = detector
        if detector == nil {
            open[0] = Stretch(streaming: promptTokens)
            stretchCount = 1
        }
        language = options.language.map { ($0, 1) }
    }

    /// Seconds of audio read so far.
    var secondsRead: Double { Double(samplesRead) / Double(LogMel.sampleRateHz) }

    /// Seconds of audio that lie behind all that is still to be decoded.
    var secondsDone: Double {
        let rate = Double(LogMel.sampleRateHz)
        var positions = open.values.map { $0.timeline.start(Double($0.seek) / rate) }
        if !pending.isEmpty { positions.append(Double(pendingStart) / rate) }
        return min(secondsRead, positions.min() ?? secondsRead)
    }

    package var isFinished: Bool { hasEnded && open.isEmpty }

    /// What a recording has to offer.
    package enum Next: Equatable {
        /// The next window of a stretch, by its number, can be decoded now.
        case window(Int)
        /// Its audio is to be read further.
        case reading
        /// All that can be decoded is being decoded, or all is done.
        case nothing
    }

    /// Looks for a window to decode; reads audio until there is one.
    ///
    /// - Parameter reads: how often two seconds may be read; what is left of it.
    package func next(reads: inout Int) throws -> Next {
        while true {
            for (number, stretch) in open where stretch.isFinished && !inFlight.contains(number) { open[number] = nil }
            let ready = open.filter { $0.value.hasWindow && !inFlight.contains($0.key) }.keys.min()
            if let ready {
                inFlight.insert(ready)
                return .window(ready)
            }
            guard !hasEnded, detector == nil ? inFlight.isEmpty : open.count < RecordingSession.openStretchesMax else {
                return .nothing
            }
            guard reads > 0 else { return .reading }
            reads -= 1
            try readMore()
        }
    }

    package func window(of number: Int) -> (before: ArraySlice<Float>, own: ArraySlice<Float>, after: ArraySlice<Float>)
    {
        open[number]!.window
    }

    package func past(of number: Int) -> [Int] { open[number]!.past }

    /// Sample of a stretch that its window in flight begins with.
    package func seek(of number: Int) -> Int { open[number]!.seek }

    func timeline(of number: Int) -> Timeline { open[number]!.timeline }

    func spokenUntil(of number: Int) -> Double { open[number]!.spokenUntil }

    /// Takes what came of the window in flight of a stretch.
    package func accept(_ outcome: WindowOutcome, of number: Int) {
        segments[number, default: []] += outcome.segments
        findings += outcome.findings
        inFlight.remove(number)
        guard var stretch = open[number] else { return }
        if let past = outcome.past { stretch.past += past } else { stretch.past = [] }
        if let last = outcome.segments.last { stretch.spokenUntil = last.end }
        stretch.advance(seconds: outcome.advance)
        open[number] = stretch.isFinished ? nil : stretch
    }

    package var recording: Recording {
        var all = segments.keys.sorted().flatMap { segments[$0]! }
        for index in all.indices { all[index].index = index }
        let seconds = secondsRead
        return Recording(
            segments: all, language: languageCode,
            languageProbability: language?.probability ?? 0, durationSeconds: seconds,
            speechSeconds: detector == nil ? seconds : Double(speechSamples) / Double(LogMel.sampleRateHz),
            findings: findings.sorted { ($0.start, $0.end) < ($1.start, $1.end) })
    }

    private func readMore() throws {
        let samples = try read(RecordingSession.readSamples)
        samplesRead += samples.count
        hasEnded = samples.isEmpty
        guard detector != nil else {
            if hasEnded { open[0]?.complete() } else { open[0]?.append(samples) }
            return
        }
        pending += samples
        if hasEnded { finishScan() } else { scan() }
    }

    private func scan() {
        let size = VoiceActivityModel.frameSamples
        let start = scanned - pendingStart
        let whole = (pending.count - start) / size * size
        add(detector!.probabilities(pending[start..<start + whole]))
        scanned += whole
        let unused = min(scanned, cutter.neededFrom * size) - pendingStart
        if unused > 0 {
            pending.removeFirst(unused)
            pendingStart += unused
        }
    }

    private func finishScan() {
        let size = VoiceActivityModel.frameSamples
        let rest = pending[(scanned - pendingStart)...]
        if !rest.isEmpty {
            add(detector!.probabilities(ArraySlice(rest + [Float](repeating: 0, count: size - rest.count % size))))
        }
        cutter.finish().forEach(begin)
        pending = []
    }

    private func add(_ probabilities: [Float]) {
        for probability in probabilities { cutter.add(probability).forEach(begin) }
    }

    /// Opens the stretch of a cut.
    private func begin(_ cut: WindowCutter.Cut) {
        let size = VoiceActivityModel.frameSamples
        // The last frame was filled up: the recording may end inside it.
        let pieces = cut.pieces.map { min($0.lowerBound * size, samplesRead)..<min($0.upperBound * size, samplesRead) }
        let samples = pieces.flatMap { pending[$0.lowerBound - pendingStart..<$0.upperBound - pendingStart] }
        let timeline = Timeline(pieces: pieces)
        speechSamples += min(cut.speechFrames * size, samples.count)
        let air = pieces[pieces.count - 1].upperBound - min(cut.speechEnd * size, samplesRead)
        open[stretchCount] = Stretch(
            timeline: timeline, samples: samples, speechEnd: samples.count - air, past: promptTokens)
        stretchCount += 1
    }
}
