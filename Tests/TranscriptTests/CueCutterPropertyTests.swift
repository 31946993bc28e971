import TestSupport
import Testing
import Transcript

@Suite struct CueCutterPropertyTests {
    /// What holds whatever was said.
    private func check(_ subtitles: Subtitles, _ sentences: [TimedSentence], _ limits: SubtitleLimits) {
        let cues = subtitles.cues
        #expect(visible(cues.flatMap(\.lines).joined()) == visible(sentences.map(\.text).joined()))
        #expect(zip(cues, cues.dropFirst()).allSatisfy { $0.endMs <= $1.startMs })
        #expect(cues.allSatisfy { !$0.lines.isEmpty && !$0.lines.contains { visible($0).isEmpty } })
        let breaches = subtitles.breaches(of: limits).filter { $0.limit != .tooFast }
        #expect(breaches.isEmpty, "\(breaches.prefix(3).map { cues[$0.cue] })")
    }

    @Test(arguments: [false, true])
    func `any speech gives cues within all limits but the speed of speech`(isWide: Bool) {
        var speech = RandomSpeech(random: SeededRandom(), isWide: isWide)
        let limits = isWide ? SubtitleLimits.wide : .narrow
        for count in Array(1...60) + [3_000] {
            let sentences = recording(speech.segments(count, order: count % 2 == 0 ? 1 : 0.9)).sentences(
                borders: borders)
            check(Subtitles(sentences, limits), sentences, limits)
            let bare = sentences.map { TimedSentence(text: $0.text, start: $0.start, end: $0.end) }
            check(Subtitles(bare, limits), bare, limits)
        }
    }

    @Test func `any text at any times gives cues within all limits but the speed of speech`() {
        var random = SeededRandom()
        let alphabet =
            (0...0x2FF).map { $0 } + [
                0x300, 0x301, 0x200D, 0xFEFF, 0x1F1E6, 0x1F1E7, 0x3001, 0x300C, 0x4E00,
                0x30A2, 0x30FC, 0xAC00, 0x1100, 0x1161, 0x11A8, 0x0600, 0x1F469, 0x202E, 0x2028, 0x85, 0xA0, 0x10FFFF,
            ]
        for round in 0..<300 {
            let sentences = (0..<8).map { _ in
                var text = String.UnicodeScalarView()
                for _ in 0..<Int.random(in: 0...120, using: &random) {
                    text.append(Unicode.Scalar(UInt32(alphabet.randomElement(using: &random)!)) ?? " ")
                }
                let times = [
                    0, -1, .nan, .infinity, 1e300, .random(in: 0...50, using: &random),
                    .random(in: 0...50, using: &random),
                ]
                return TimedSentence(
                    text: String(text), start: times.randomElement(using: &random)!,
                    end: times.randomElement(using: &random)!)
            }
            let limits = round % 2 == 0 ? SubtitleLimits.wide : .narrow
            check(Subtitles(sentences, limits), sentences, limits)
        }
    }

    /// Whether words can be parted into cues that keep all limits, with time for a space more: every way is tried.
    private func canKeepLimits(_ words: [Word], from first: Int = 0) -> Bool {
        guard first < words.count else { return true }
        let limits = SubtitleLimits.narrow
        return (first + 1...words.count).contains { end in
            let texts = words[first..<end].map { $0.text.dropFirst() }
            var lines = [texts[0].count]
            for text in texts.dropFirst() {
                if lines[lines.count - 1] + 1 + text.count > 42 {
                    lines.append(text.count)
                } else {
                    lines[lines.count - 1] += 1 + text.count
                }
            }
            let startMs = Int((words[first].start * 1_000).rounded())
            let shownMs = end < words.count ? Int((words[end].start * 1_000).rounded()) - startMs : 7_000
            let neededMs = max(1_000, limits.readingMs(characters: texts.reduce(0) { $0 + $1.count + 1 }) + 1)
            let waitsMs = Int((words[end - 1].start * 1_000).rounded()) - startMs
            return lines.count <= 2 && shownMs >= neededMs && waitsMs <= 7_000 && canKeepLimits(words, from: end)
        }
    }

    @Test func `where any cutting keeps all limits, the one taken does`() {
        var random = SeededRandom()
        var kept = 0
        for _ in 0..<2_000 {
            var now = 0.0
            let pace = Double.random(in: 0.03...0.09, using: &random)
            let spoken = (0..<13).map { _ in
                let count = Int.random(in: 1...12, using: &random)
                let start = now
                now += Double(count) * pace * .random(in: 0.5...1.5, using: &random)
                let end = now
                if Int.random(in: 0..<4, using: &random) == 0 { now += .random(in: 0...2, using: &random) }
                let mark = ["", "", ",", "."].randomElement(using: &random)!
                return Word(
                    text: " " + String(repeating: "a", count: count) + mark, start: start, end: end, probability: 1)
            }
            guard canKeepLimits(spoken) else { continue }
            kept += 1
            let speech = recording([segment(0, now, spoken.map(\.text).joined(), words: spoken)])
            let breaches = speech.subtitles(borders: borders).breaches(of: .narrow)
            #expect(breaches.isEmpty, "\(breaches) \(spoken.map { ($0.text, $0.start) })")
        }
        #expect(kept > 100 && kept < 1_900, "\(kept) say nothing")
    }

    @Test(arguments: [false, true])
    func `ten times the speech takes ten times as long`(isWide: Bool) {
        var speech = RandomSpeech(random: SeededRandom(), isWide: isWide)
        func seconds(_ count: Int) -> Double {
            let spoken = recording(speech.segments(count, order: 1))
            return processorSeconds { #expect(!spoken.subtitles(borders: borders).cues.isEmpty) }
        }
        let (short, long) = (seconds(300), seconds(3_000))
        #expect(long < 30 * short, "\(short) s, \(long) s")
    }

    @Test func `a megabyte of one word is cut into lines`() {
        for text in [
            String(repeating: "x", count: 1_000_000), String(repeating: "。", count: 300_000),
            String(repeating: " ?", count: 500_000),
        ] {
            let cues = Subtitles([TimedSentence(text: text, start: 0, end: 10)], .narrow).cues
            #expect(visible(cues.flatMap(\.lines).joined()).count == visible(text).count)
        }
    }
}
