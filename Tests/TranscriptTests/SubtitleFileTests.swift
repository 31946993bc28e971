import Testing
import Transcript

@Suite struct SubtitleFileTests {
    private let srt = """
        1
        00:00:01,000 --> 00:00:02,500
        Hello there,

        2
        00:00:02,500 --> 00:00:04,000
        General. How
        are you?


        """

    @Test func `SRT is read as it was written`() throws {
        let file = try SubtitleFile(srt)
        #expect(file.format == .srt)
        #expect(
            file.cues == [
                Cue(startMs: 1_000, endMs: 2_500, lines: ["Hello there,"]),
                Cue(startMs: 2_500, endMs: 4_000, lines: ["General. How", "are you?"]),
            ])
        #expect(file.text == srt)
        #expect(Subtitles(file.cues).srt == srt)
    }

    @Test func `a byte order mark, other line ends, missing numbers and missing empty lines change nothing`() throws {
        let cues = try SubtitleFile(srt).cues
        let others = [
            "\u{FEFF}" + srt, srt.replacing("\n", with: "\r\n"), srt.replacing("\n", with: "\r"),
            srt.replacing("\n\n", with: "\n"), srt.replacing("1\n", with: "").replacing("\n2\n", with: "\n"),
            srt.replacing("\n2\n", with: "\n7\n"), srt.replacing("\n\n", with: "\n \t\n\n\n"), "\n\n" + srt,
            srt.replacing(",500", with: ".5"), srt.replacing(" --> ", with: "-->"),
            srt.replacing("00:00:0", with: "0:0"), srt.replacing("How\n", with: "How\n\n"),
            String(srt.dropLast(2)),
        ]
        for other in others { #expect(try SubtitleFile(other).cues == cues, "\(other)") }
    }

    @Test func `a number is text where it is all a cue has`() throws {
        let file = try SubtitleFile(
            "00:01 --> 00:02\n42\n00:03 --> 00:04\n43\n\n44\n00:05 --> 00:06\n\n4\n00:07 --> 00:08\n9")
        #expect(file.cues.map(\.lines) == [["42"], ["43"], [], ["9"]])
        #expect(try SubtitleFile("00:01 --> 00:02\n2\n00:03 --> 00:04\n").cues.map(\.lines) == [[], []])
    }

    @Test func `times stay as they are, out of order, upside down and beyond 99 hours`() throws {
        let file = try SubtitleFile("100:00:00,001 --> 99:59:59,999 X1:10\na\n\n00:01,5 --> 02:03\nb\n")
        #expect(file.cues.map(\.startMs) == [360_000_001, 1_500])
        #expect(file.cues.map(\.endMs) == [359_999_999, 123_000])
        #expect(file.text == "1\n100:00:00,001 --> 99:59:59,999 X1:10\na\n\n2\n00:00:01,500 --> 00:02:03,000\nb\n\n")
    }

    @Test func `the last hour that is read is 999 999, one more is an error`() throws {
        #expect(try SubtitleFile("0:1 --> 999999:59:59,999\na").cues[0].endMs == 3_599_999_999_999)
        #expect(throws: SubtitleError.timeTooLarge(line: 1)) { try SubtitleFile("0:1 --> 1000000:00:00,000\na") }
        let digits = String(repeating: "9", count: 1_000)
        #expect(throws: SubtitleError.timeTooLarge(line: 1)) { try SubtitleFile("\(digits):00:00 --> 0:1\na") }
    }

    @Test(arguments: [
        "00:60,000 --> 00:01:02", "60:00,000 --> 1:02:03", "00:00,0000 --> 00:01", "00:00, --> 00:01", "5 --> 6",
        "00:00:00:00 --> 00:01", "00:00 -> --> 00:01", "00:01 --> ", "00:01 --> x", "00:01 --> 00:02x",
        "00:001 --> 00:02",
    ])
    func `what is no time is an error that tells the line`(times: String) {
        #expect(throws: SubtitleError.badTimes(line: 6)) { try SubtitleFile("1\n00:01 --> 00:02\na\n\n2\n\(times)\nb") }
        #expect(throws: SubtitleError.badTimes(line: 3)) { try SubtitleFile("WEBVTT\r\n\r\n\(times)\r\nb") }
    }

    @Test func `a text that is no subtitles is told from subtitles without cues`() throws {
        for none in ["", "\n\n", "\u{FEFF}"] { #expect(try SubtitleFile(none).cues.isEmpty) }
        #expect(try SubtitleFile("WEBVTT").cues.isEmpty)
        #expect(throws: SubtitleError.noSubtitles(line: 2)) { try SubtitleFile("\nDear Ann,\nI am well.") }
        #expect(throws: SubtitleError.noSubtitles(line: 1)) { try SubtitleFile("WEBVTTX\n\n00:01 --> 00:02\na") }
    }

    @Test func `what is wrong is said on one line, with its place`() {
        let errors: [SubtitleError] = [.noSubtitles(line: 7), .badTimes(line: 7), .timeTooLarge(line: 7)]
        for error in errors {
            #expect(error.description.hasPrefix("line 7: ") && !error.description.contains("\n"))
        }
    }

    private let vtt = """
        WEBVTT - a title
        Kind: captions

        STYLE
        ::cue { color: red }

        NOTE nobody sees this

        REGION
        id:left

        intro
        00:00:01.000 --> 00:00:02.500 align:start line:0
        <v Ann>Tom &amp; <c.loud>Jerry</c> are
        not 1 &lt; 2

        00:00:02.500 --> 00:00:04.000
        <i>here.</i>


        """

    @Test func `WebVTT keeps head, styles, notes, ids and places`() throws {
        let file = try SubtitleFile(vtt)
        #expect(file.format == .vtt)
        #expect(file.cues.map(\.lines) == [["Tom & Jerry are", "not 1 < 2"], ["here."]])
        #expect(file.text == vtt)
    }

    @Test func `WebVTT has times without hours, and cues without an empty line between`() throws {
        let file = try SubtitleFile(
            "WEBVTT\n00:01.000 --> 00:02.000\na\n00:03.000 --> 00:04.000\nb\nc\n\nno cue\nat all")
        #expect(file.cues.map(\.lines) == [["a"], ["b", "c"]])
        #expect(file.text.hasSuffix("\n\nno cue\nat all\n\n"))
    }

    @Test func `other lines at the same times, sentence by sentence`() throws {
        let file = try SubtitleFile(srt)
        let sentences = file.sentences(borders: borders)
        #expect(sentences.map(\.text) == ["Hello there, General.", "How are you?"])
        let german = file.replacing(sentences, with: ["Guten Tag, Herr General.", "Wie geht es Ihnen?"], in: .german)
        let expected = """
            1
            00:00:01,000 --> 00:00:02,500
            Guten Tag,

            2
            00:00:02,500 --> 00:00:04,000
            Herr General. Wie geht es Ihnen?


            """
        #expect(german.text == expected)
    }

    @Test(arguments: [1, 2])
    func `with a mark at the end of one cue of ten sentences are joined, with less every cue is one`(marked: Int) throws
    {
        let cues = (0..<11).map { "00:\(10 + $0) --> 00:\(11 + $0)\nword\($0 < marked ? "." : "")\n" }
        let sentences = try SubtitleFile(cues.joined(separator: "\n")).sentences(borders: borders)
        #expect(sentences.count == (marked == 1 ? 11 : 3))
        #expect(sentences.map(\.text).joined(separator: " ").hasPrefix("word. word"))
    }

    @Test func `tags around a cue stay, tags inside go and are counted`() throws {
        let file = try SubtitleFile(vtt)
        let sentences = file.sentences(borders: borders)
        #expect(sentences.map(\.text) == ["Tom & Jerry are not 1 < 2 here."])
        #expect(file.lostTagCount == 2)
        let other = file.replacing(sentences, with: ["Tom & Jerry sind nicht 1 < 2, hier."], in: .german)
        #expect(
            other.text.hasSuffix(
                """
                intro
                00:00:01.000 --> 00:00:02.500 align:start line:0
                <v Ann>Tom &amp; Jerry sind nicht 1 &lt; 2,

                00:00:02.500 --> 00:00:04.000
                <i>hier.</i>


                """))
        #expect(other.text.hasPrefix(vtt.prefix(upTo: vtt.range(of: "intro")!.lowerBound)))
        #expect(other.lostTagCount == 0)
    }

    @Test(arguments: [
        ("<i>one two</i>", "<i>X</i>", 0), ("<i>one</i>\n<i>two</i>", "<i>X</i>", 0), ("{\\an8}one", "{\\an8}X", 0),
        ("<i>one</i> two", "X", 2), ("<b>one <i>two</i></b>", "<b>X</b>", 2), ("<v Ann>one", "<v Ann>X", 0),
        ("<font color=\"#fff\">one</font>", "<font color=\"#fff\">X</font>", 0), ("1 < 2 <3 > one", "X", 0),
        ("<i>one", "<i>X", 0), ("a <i", "X", 0), ("<<i>one", "X", 1), ("&amp; one", "X", 0), ("{one}", "X", 0),
        ("<i></i>one", "<i></i>X", 0),
    ])
    func `tags of SRT`(text: String, other: String, lost: Int) throws {
        let file = try SubtitleFile("1\n00:01 --> 00:02\n\(text)")
        let sentences = file.sentences { [$0.startIndex..<$0.endIndex] }
        #expect(sentences.count == 1)
        let written = file.replacing(sentences, with: ["X"], in: .english)
        #expect(written.text == "1\n00:00:01,000 --> 00:00:02,000\n\(other)\n\n")
        #expect(file.lostTagCount == lost)
    }

    @Test func `a translation of fewer words than cues stays on the screen for all of them`() throws {
        let file = try SubtitleFile(
            "00:01 --> 00:02\nI do\n\n00:02 --> 00:03\nnot\n\n00:03 --> 00:04\nknow.\n\n00:04 --> 00:05\nNo.")
        let sentences = file.sentences(borders: borders)
        let other = file.replacing(sentences, with: ["Nescio.", "Non."], in: .italian)
        #expect(
            other.cues == [
                Cue(startMs: 1_000, endMs: 4_000, lines: ["Nescio."]),
                Cue(startMs: 4_000, endMs: 5_000, lines: ["Non."]),
            ])
    }

    @Test func `each of two speakers keeps a line`() throws {
        let file = try SubtitleFile("00:01 --> 00:03\n- Are you well?\n- I am - more or less.")
        let sentences = file.sentences(borders: borders)
        #expect(sentences.map(\.text) == ["- Are you well?", "- I am - more or less."])
        let other = file.replacing(sentences, with: ["- Ça va ?", "- Oui - plus ou moins."], in: .french)
        #expect(other.cues.map(\.lines) == [["- Ça va ?", "- Oui - plus ou moins."]])
    }

    @Test func `cues without words stay`() throws {
        let file = try SubtitleFile("WEBVTT\n\n00:01.000 --> 00:02.000\n<i></i>\n\n00:02.000 --> 00:03.000\na")
        let other = file.replacing(file.sentences(borders: borders), with: ["b"], in: .english)
        #expect(other.cues.map(\.lines) == [[], ["b"]])
        #expect(other.text.contains("<i></i>"))
    }

    @Test func `Chinese goes into cues without spaces and into lines of sixteen`() throws {
        let file = try SubtitleFile(
            "00:01 --> 00:04\nThe weather is so nice today\n\n00:04 --> 00:06\nthat we should take a walk. Yes.")
        let sentences = file.sentences(borders: borders)
        let other = file.replacing(sentences, with: ["今天天气真好，我们应该一起出去散散步。", "好的。"], in: .chinese)
        #expect(other.cues.map(\.lines) == [["今天天气真好，"], ["我们应该一起出去散散步。好的。"]])
        let back = other.replacing(
            other.sentences(borders: borders), with: ["The weather is fine, let us go out for a walk.", "Fine."],
            in: .english)
        #expect(back.cues.map(\.startMs) == [1_000, 4_000])
        #expect(back.cues.map(\.endMs) == [4_000, 6_000])
    }
}
