import Foundation
import Testing
import Transcript

@Suite struct SubtitlesTests {
    let two = recording([
        segment(0, 2.5, " It was the best of times,", index: 0),
        segment(3_599.9996, 3_725.042, " it was the worst of times.", index: 1),
    ])

    @Test func `text is one segment a line`() {
        #expect(TranscriptFormat.text.file(two) == "It was the best of times,\nit was the worst of times.\n")
    }

    @Test func `SRT counts from one, rolls seconds over into hours and takes a cue away after seven seconds`() {
        let expected = """
            1
            00:00:00,000 --> 00:00:02,500
            It was the best of times,

            2
            01:00:00,000 --> 01:00:07,000
            it was the worst of times.


            """
        #expect(TranscriptFormat.srt.file(two) == expected)
    }

    @Test func `VTT has a head and times with a dot`() {
        let expected = """
            WEBVTT

            00:00:00.000 --> 00:00:02.500
            It was the best of times,

            01:00:00.000 --> 01:00:07.000
            it was the worst of times.


            """
        #expect(TranscriptFormat.vtt.file(two) == expected)
    }

    @Test func `TSV has a head and milliseconds`() {
        let expected =
            "start\tend\ttext\n0\t2500\tIt was the best of times,\n3600000\t3725042\tit was the worst of times.\n"
        #expect(TranscriptFormat.tsv.file(two) == expected)
    }

    @Test func `a recording without speech gives files that are valid and empty`() {
        let files = [TranscriptFormat.text, .srt, .vtt, .tsv].map { $0.file(recording([])) }
        #expect(files == ["", "", "WEBVTT\n\n", "start\tend\ttext\n"])
    }

    @Test func `segments without text are left out and do not count`() {
        let srt = TranscriptFormat.srt.file(recording([segment(0, 1, " \n "), segment(1, 2, " a")]))
        #expect(srt == "1\n00:00:01,000 --> 00:00:02,000\na\n\n")
    }

    @Test func `line breaks, tabs and control characters in the text become spaces`() {
        let odd = recording([segment(0, 1, " a\n\n2\n00:00:00,000\tb\u{1B}[31m\u{2028}c\r\nd\0")])
        let line = "a 2 00:00:00,000 b [31m c d"
        #expect(TranscriptFormat.text.file(odd) == line + "\n")
        #expect(TranscriptFormat.srt.file(odd) == "1\n00:00:00,000 --> 00:00:01,588\n\(line)\n\n")
        #expect(TranscriptFormat.tsv.file(odd) == "start\tend\ttext\n0\t1000\t\(line)\n")
    }

    @Test func `an arrow or a tag in the text is text`() {
        let odd = recording([segment(0, 1, " 1 --> 2 <b> & &lt; ---->")])
        #expect(TranscriptFormat.srt.file(odd).contains("\n1 -> 2 <b> & &lt; ->\n"))
        #expect(TranscriptFormat.vtt.file(odd).contains("\n1 --&gt; 2 &lt;b&gt; &amp; &amp;lt; ----&gt;\n"))
    }

    @Test func `times are never negative and never run backwards`() {
        let odd = recording([
            segment(-1, 0.5, " a"), segment(5, 4, " b"), segment(2, 3, " c"), segment(.nan, .infinity, " d"),
            segment(1e300, -.infinity, " e"),
        ])
        let rows = TranscriptFormat.tsv.file(odd).split(separator: "\n").dropFirst().map { $0.split(separator: "\t") }
        #expect(
            rows.map { [Int($0[0]), Int($0[1])] } == [
                [0, 500], [5_000, 5_000], [5_000, 5_000], [5_000, 359_999_999], [359_999_999, 359_999_999],
            ])
    }

    @Test func `the last time is the last of two digits of hours, one millisecond more shows the same`() {
        let ends = [359_999.999, 360_000, 359_999.998].map { end in
            let srt = TranscriptFormat.srt.file(recording([segment(359_998, end, " a")]))
            return srt.split(separator: "\n")[1].suffix(12)
        }
        #expect(ends == ["99:59:59,999", "99:59:59,999", "99:59:59,998"])
    }

    @Test func `hours of more than two digits are written in full`() {
        let cue = Cue(startMs: 360_000_001, endMs: 3_600_000_000, lines: ["a"])
        #expect(Subtitles([cue]).srt == "1\n100:00:00,001 --> 1000:00:00,000\na\n\n")
        #expect(Subtitles([cue]).vtt == "WEBVTT\n\n100:00:00.001 --> 1000:00:00.000\na\n\n")
    }

    @Test(arguments: [TranscriptFormat.srt, .vtt])
    func `another reader of subtitles finds the same times and words`(format: TranscriptFormat) throws {
        let scratch = try Scratch()
        let path = scratch.path("a." + format.fileExtension)
        let odd = recording([
            segment(0.004, 2.5, " Größe 今日は\n\n& so on"), segment(5.5, 6.75, " 1 --> 2"),
            segment(36_000.25, 36_002, " 5 < 6 & 7 > 4"),
        ])
        try ResultFile.write(format.file(odd), to: path)
        let read = try run(["ffmpeg", "-v", "error", "-i", path, "-f", "srt", "-"])
        #expect(read.status == 0)
        let arrow = format == .srt ? "->" : "-->"
        let expected = """
            1
            00:00:00,004 --> 00:00:02,500
            Größe 今日は & so on

            2
            00:00:05,500 --> 00:00:06,750
            1 \(arrow) 2

            3
            10:00:00,250 --> 10:00:02,000
            5 < 6 & 7 > 4


            """
        #expect(read.output == expected)
    }

    @Test func `every format has its own file extension`() {
        #expect(TranscriptFormat.allCases.map(\.fileExtension) == ["txt", "json", "srt", "vtt", "tsv"])
    }
}
