import Transcript

/// Reads a decoded window as segments of its recording.
struct WindowReading {
    let special: SpecialTokens
    let tokenizer: WhisperTokenizer
    /// Of the text, whatever is spoken.
    let language: String
    let options: TranscriptionOptions
    /// Nil where no word times are asked.
    let timing: WordTiming?
    let startOfTranscript: [Int]

    /// Above this temperature what was decoded is no past to build on.
    static let pastTemperatureMax = 0.5

    func outcome(
        of decoded: DecodedWindow, window: EncodedWindow, stretch: Int, session: RecordingSession
    ) -> WindowOutcome {
        let seconds = Double(window.frames) * 0.01
        let offset = Double(session.seek(of: stretch)) / Double(LogMel.sampleRateHz)
        let timeline = session.timeline(of: stretch)
        let edges = (timeline.start(offset), timeline.end(offset + seconds))
        var findings = decoded.failures.map {
            GuardFinding(
                kind: $0 == .repetition ? .repetition : .lowProbability, action: .retried, start: edges.0, end: edges.1)
        }
        if decoded.isLastResort { findings[findings.count - 1].action = .kept }
        guard !isSilence(decoded) else {
            findings.append(GuardFinding(kind: .noSpeech, action: .dropped, start: edges.0, end: edges.1))
            return WindowOutcome(segments: [], findings: findings, past: [], advance: seconds)
        }
        let read = WindowSegments(decoded.tokens, windowSeconds: seconds, special: special)
        var drafts = read.pieces.map { Draft(start: $0.start, end: $0.end, tokens: $0.tokens, words: nil) }
        addWords(to: &drafts, window, spokenUntil: session.spokenUntil(of: stretch) - edges.0, until: read.advance)
        let kept = drafts.filter { $0.end > $0.start && !text($0).allSatisfy(\.isWhitespace) }
        var segments: [Segment] = []
        for (index, draft) in kept.enumerated() {
            let segment = segment(draft, decoded, offset, timeline)
            let before = index == 0 ? 0 : kept[index - 1].end
            let after = index + 1 < kept.count ? kept[index + 1].start : seconds
            if let finding = verdict(segment, silence: min(draft.start - before, after - draft.end), decoded) {
                findings.append(finding)
                if finding.action == .dropped { continue }
            }
            segments.append(segment)
        }
        let past = decoded.temperature > WindowReading.pastTemperatureMax ? nil : segments.flatMap(\.tokens)
        // Where the next window begins does not depend on word times: asking for them must not change the words.
        return WindowOutcome(segments: segments, findings: findings, past: past, advance: read.advance)
    }

    /// A segment under construction, seconds from the start of its window.
    private struct Draft {
        var start: Double
        var end: Double
        var tokens: [Int]
        var words: [TimedWord]?
    }

    private func text(_ draft: Draft) -> String { tokenizer.text(draft.tokens) }

    private func isSilence(_ decoded: DecodedWindow) -> Bool {
        decoded.noSpeechProbability > options.decoding.noSpeechProbabilityMax
            && decoded.averageLogProbability <= options.decoding.averageLogProbabilityMin
    }

    /// - Parameter until: where the next window begins; words of this one end there.
    private func addWords(to drafts: inout [Draft], _ window: EncodedWindow, spokenUntil: Double, until: Double) {
        guard let timing else { return }
        let texts = drafts.map { $0.tokens.filter { $0 < special.endOfText } }
        let raw = timing.words(of: texts.flatMap { $0 }, in: window, prompt: startOfTranscript, language: language)
        let clean = WordClean(raw)
        var rest = clean.tidy(raw)[...]
        var spokenUntil = spokenUntil
        for index in drafts.indices {
            var words: [TimedWord] = []
            var tokenCount = 0
            while tokenCount < texts[index].count, let word = rest.first {
                words.append(word)
                tokenCount += word.tokens.count
                rest = rest.dropFirst()
            }
            var draft = drafts[index]
            clean.fit(&words, start: &draft.start, end: &draft.end, spokenUntil: spokenUntil)
            for word in words.indices {
                words[word].start = min(words[word].start, until)
                words[word].end = min(words[word].end, until)
            }
            draft.end = min(draft.end, until)
            draft.words = words
            spokenUntil = draft.end
            drafts[index] = draft
        }
    }

    private func segment(_ draft: Draft, _ decoded: DecodedWindow, _ offset: Double, _ timeline: Timeline) -> Segment {
        let words = draft.words?.filter { !$0.text.isEmpty }.map { word in
            let times = timeline.span(offset + word.start, offset + word.end)
            return Word(text: word.text, start: times.start, end: times.end, probability: word.probability)
        }
        let start = words?.first?.start ?? timeline.start(offset + draft.start)
        let end = words?.last?.end ?? timeline.end(offset + draft.end)
        return Segment(
            index: 0, start: start, end: max(start, end), text: text(draft),
            tokens: draft.tokens, temperature: decoded.temperature,
            averageLogProbability: decoded.averageLogProbability, compressionRatio: decoded.compressionRatio,
            noSpeechProbability: decoded.noSpeechProbability, words: words)
    }

    private func verdict(_ segment: Segment, silence: Double, _ decoded: DecodedWindow) -> GuardFinding? {
        if let words = segment.words, silence > HallucinationGuards.silenceSecondsMin, HallucinationGuards.isOdd(words)
        {
            return GuardFinding(kind: .silence, action: .dropped, start: segment.start, end: segment.end)
        }
        return HallucinationGuards.judge(
            segment.text, seconds: segment.end - segment.start, language: language, decoded: decoded
        ).map { GuardFinding(kind: $0.kind, action: $0.action, start: segment.start, end: segment.end) }
    }
}
