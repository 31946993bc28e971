import TestSupport
import Testing
import Transcript

@Suite struct CueCutterTests {
    private func cues(_ texts: (String, Double, Double)..., wide: Bool = false) -> [Cue] {
        let sentences = texts.map { TimedSentence(text: $0.0, start: $0.1, end: $0.2) }
        return Subtitles(sentences, wide ? .wide : .narrow).cues
    }

    @Test func `the limits are the ones of each script`() {
        #expect(
            Language.allCases.filter { SubtitleLimits.of($0) == .wide }.map(\.rawValue) == ["zh", "zh-tw", "ja", "ko"])
        #expect(["yue", "ja", "th", "en"].map { SubtitleLimits.of(code: $0) } == [.wide, .wide, .narrow, .narrow])
        let (narrow, wide) = (SubtitleLimits.narrow, SubtitleLimits.wide)
        #expect([narrow.lineCharactersMax, wide.lineCharactersMax, narrow.linesMax, wide.linesMax] == [42, 16, 2, 2])
        #expect([narrow.cueMsMin, narrow.cueMsMax, narrow.charactersPerSecondMax] == [1_000, 7_000, 17])
    }

    @Test func `a line holds 42 characters, one more makes two lines of one length`() {
        let text = String(repeating: "abcdef ", count: 5) + "abcdefg"
        #expect(text.count == 42)
        #expect(cues((text, 0, 5))[0].lines == [text])
        #expect(cues((text + "h", 0, 5))[0].lines == ["abcdef abcdef abcdef", "abcdef abcdef abcdefgh"])
    }

    @Test func `a line of squares holds 16 characters, one more makes two lines`() {
        let text = "今日は天気がいいから散歩に行こう"
        #expect(text.count == 16)
        #expect(cues((text, 0, 5), wide: true)[0].lines == [text])
        #expect(cues((text + "よ", 0, 5), wide: true)[0].lines == ["今日は天気がいい", "から散歩に行こうよ"])
    }

    @Test func `a cue holds two full lines, one more character makes two cues`() {
        let line = String(repeating: "abcdef ", count: 5) + "abcdefg"
        #expect(cues((line + " " + line, 0, 7)).map(\.lines) == [[line, line]])
        #expect(cues((line + " " + line + "h", 0, 7)).count == 2)
    }

    @Test func `cues are parted behind a comma rather than between other words`() {
        let text =
            "Although the harbour was closed for the whole of the winter, nobody in the town had ever thought of leaving it for good"
        #expect(
            cues((text, 0, 9)).map { $0.lines.joined(separator: " ") } == [
                "Although the harbour was closed for the whole of the winter,",
                "nobody in the town had ever thought of leaving it for good",
            ])
    }

    @Test func `sentences that can be read alone have cues of their own, shorter ones share one`() {
        #expect(
            cues(("Where is it?", 0, 1.5), ("Over there.", 1.5, 3)).map(\.lines) == [["Where is it?"], ["Over there."]])
        #expect(cues(("Yes.", 0, 0.4), ("Over there.", 0.4, 2)).map(\.lines) == [["Yes. Over there."]])
        #expect(cues(("好。", 0, 0.4), ("在那边。", 0.4, 2), wide: true).map(\.lines) == [["好。在那边。"]])
    }

    @Test func `a cue stays into the silence behind it for a second and the reading speed, and no longer`() {
        #expect(cues(("No.", 5, 5.2)) == [Cue(startMs: 5_000, endMs: 6_000, lines: ["No."])])
        // 34 characters are read in two seconds.
        #expect(cues(("This one needs two seconds to read", 5, 5.2))[0].endMs == 7_000)
        let next = cues(("Not so fast.", 5, 9), ("Then comes another one.", 6.5, 9))
        #expect(next.map(\.startMs) == [5_000, 6_500])
        #expect(next.map(\.endMs) == [6_500, 9_000])
    }

    @Test func `a cue goes after seven seconds`() {
        #expect(cues(("Well.", 5, 12))[0].endMs == 12_000)
        #expect(cues(("Well.", 5, 12.001))[0].endMs == 12_000)
        let slow = words("one two three four five six seven eight", each: 1.5)
        let spoken = recording([segment(0, 12, " one two three four five six seven eight", words: slow)])
        let cues = spoken.subtitles(borders: borders).cues
        #expect(cues.count == 2)
        #expect(cues.allSatisfy { $0.endMs - $0.startMs <= 7_000 })
    }

    @Test func `speech too fast for a reader loses no word, and is told`() {
        let text = "Seventeen characters a second is all that people can be asked to read at leisure"
        let fast = Subtitles(
            [TimedSentence(text: text, start: 0, end: 2), TimedSentence(text: "Stop.", start: 2, end: 4)], .narrow)
        #expect(visible(fast.cues.flatMap(\.lines).joined()) == visible(text + "Stop."))
        #expect(fast.breaches(of: .narrow).map(\.limit).contains(.tooFast))
        let slow = Subtitles(
            [TimedSentence(text: text, start: 0, end: 5), TimedSentence(text: "Stop.", start: 5, end: 7)], .narrow)
        #expect(slow.breaches(of: .narrow).isEmpty)
    }

    @Test func `speech too fast for a reader is cut where it reads best`() {
        let texts = [
            "He was not an ill-disposed young man.",
            "The forms of printed letters should be beautiful, and that of the page too.",
            "Nobody had said so much in so short a time, as far as he remembered.",
        ]
        let fast = cues((texts[0], 0, 1.5), (texts[1], 1.5, 4.5), (texts[2], 4.5, 7))
        #expect(fast.map { $0.lines.joined(separator: " ") } == texts)
    }

    @Test func `every breach of a limit is told, and what keeps it is none`() {
        let line = String(repeating: "a", count: 42)
        let kept = Cue(startMs: 0, endMs: 7_000, lines: [line, line])
        #expect(Subtitles([kept]).breaches(of: .narrow).isEmpty)
        #expect(
            Subtitles([Cue(startMs: 0, endMs: 1_000, lines: [String(repeating: "a", count: 17)])]).breaches(of: .narrow)
                .isEmpty)
        let broken: [(Cue, SubtitleBreach.Limit)] = [
            (Cue(startMs: 0, endMs: 7_000, lines: [line + "a"]), .lineTooLong),
            (Cue(startMs: 0, endMs: 7_000, lines: ["a", "b", "c"]), .tooManyLines),
            (Cue(startMs: 0, endMs: 999, lines: ["a"]), .tooShort),
            (Cue(startMs: 0, endMs: 7_001, lines: ["a"]), .tooLong),
            (Cue(startMs: 0, endMs: 1_000, lines: [String(repeating: "a", count: 18)]), .tooFast),
        ]
        for (index, (cue, limit)) in broken.enumerated() {
            var cues = [Cue](repeating: kept, count: index)
            cues.append(cue)
            #expect(Subtitles(cues).breaches(of: .narrow) == [SubtitleBreach(cue: index, limit: limit)])
        }
        #expect(Set(broken.map(\.1.rawValue)).count == SubtitleBreach.Limit.allCases.count)
    }

    @Test func `no line begins with a closing mark or ends with an opening one`() {
        let texts = [
            "彼は「今日はとても天気がいいですね」と言って、（少し笑いながら）ゆっくりと部屋を出て行った。ねえ、ちょっと！？待って……。",
            "他说：“我们明天早上八点出发！”然后（很快地）走了，《红楼梦》还在桌子上，没有人再去碰它……真的吗？！",
        ]
        for text in texts {
            for start in text.indices {
                for cue in cues((String(text[start...]), 0, 30), wide: true) {
                    for line in cue.lines {
                        #expect(!"、。，！？：；」』）》”…ゃょっー".contains(line.first!) || line.first == text[start], "\(line)")
                        #expect(!"「『（《“".contains(line.last!), "\(line)")
                    }
                }
            }
        }
    }

    @Test func `a mark behind a space stays with its word`() {
        let text =
            "Vous avez vraiment vu le capitaine ce matin ? « Non », dit-elle, « je ne l'ai pas vu du tout ! » Et puis ?"
        for width in 0..<40 {
            for line in cues((String(repeating: "a", count: width) + " " + text, 0, 20)).flatMap(\.lines) {
                #expect(!"?!»,".contains(line.first!), "\(line)")
                #expect(line.last != "«", "\(line)")
            }
        }
    }

    @Test func `words in katakana and numbers with their counters are not broken`() {
        let text = "コンピュータの値段は２０２４年に12月のスーパーマーケットより三万円だけ高くなった"
        for count in 0..<16 {
            let lines = cues((String(repeating: "あ", count: count) + text, 0, 20), wide: true).flatMap(\.lines)
            for word in ["コンピュータ", "２０２４年", "12月"] {
                #expect(lines.contains { $0.contains(word) }, "\(word) in \(lines)")
            }
        }
    }

    @Test func `a word longer than a line is cut between characters and nothing else is`() {
        let family = "👩‍👩‍👧‍👦"
        let text = "see " + String(repeating: family, count: 43) + " end"
        let lines = cues((text, 0, 9)).flatMap(\.lines)
        #expect(lines.joined(separator: "").filter { $0 == Character(family) }.count == 43)
        #expect(lines.allSatisfy { $0.count <= 42 })
        #expect(cues((String(repeating: "x", count: 42), 0, 9))[0].lines.count == 1)
    }

    @Test func `of a translation every cue has the time of its share of the characters`() {
        let half = String(repeating: "abcdefg ", count: 10)
        let spread = cues((half + half, 0, 10))
        #expect(spread.map(\.startMs) == [0, 5_000])
        #expect(spread.map(\.endMs) == [5_000, 10_000])
    }

    @Test func `without word times five characters a second are speech, and what is slower is speech and silence`() {
        let text = String(repeating: "abcdefg ", count: 20)
        let slow = cues((text, 0, 28))
        #expect(slow.map(\.startMs).last.map { $0 > 14_000 } == true)
        #expect(cues((text, 0, 29)).map(\.startMs) == slow.map(\.startMs))
        #expect(cues((text, 0, 27)).map(\.startMs) != slow.map(\.startMs))
    }

    @Test func `a sentence without text gives no cue`() {
        #expect(cues(("", 0, 1), (" \n", 1, 2)).isEmpty)
        #expect(Subtitles([], .narrow).cues.isEmpty)
    }
}
