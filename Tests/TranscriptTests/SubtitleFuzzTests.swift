import TestSupport
import Testing
import Transcript

@Suite struct SubtitleFuzzTests {
    private static let parts = [
        "1", "2", "42", "\n", "\n", "\n\n", "\r\n", "\r", "00:00:01,000 --> 00:00:02,000", "00:01.5-->00:02", "-->",
        "123:45:59,999 --> 00:00:00.1 align:start", "WEBVTT", "NOTE", "STYLE", "REGION", " ", "\t", "Hello there. ",
        "今日は、", "你好。", "<i>", "</i>", "<v Ann>", "<c.x>", "<", ">", "&", "&amp;", "&lt;", "{\\an8}", "{", "}", "\u{0}",
        "\u{FEFF}", "\u{301}", "\u{2028}", "👩‍👩‍👧‍👦", "<00:00:01.000>", ":", ",", "9",
    ]

    /// A file that is read is written so that it is read alike, and with other words so that nothing of them is lost.
    private func check(_ text: String, _ random: inout SeededRandom) {
        guard let file = try? SubtitleFile(text) else { return }
        #expect(throws: Never.self) {
            try #expect(SubtitleFile(file.text).cues == file.cues, "\(text.debugDescription)")
        }
        let sentences = file.sentences(borders: borders)
        let seen = file.cues.map { $0.lines.joined() }.joined()
        #expect(visible(sentences.map(\.text).joined()) == visible(seen), "\(text.debugDescription)")
        let others = sentences.map { _ in
            (0..<Int.random(in: 0...30, using: &random)).map { _ in
                ["a", "bc ", "d, ", "今日", "。", "<b> & ", "-- > --> "].randomElement(using: &random)!
            }.joined()
        }
        let other = file.replacing(sentences, with: others, in: Bool.random(using: &random) ? .english : .chinese)
        let words = visible(others.joined())
        let shown = visible(other.cues.map { $0.lines.joined() }.joined())
        // SubRip has no word for an arrow, and what looks like a tag is one.
        if file.format == .vtt { #expect(shown == words, "\(text.debugDescription)") }
        if !others.contains(where: { visible($0).isEmpty }) {
            #expect(other.cues.count <= file.cues.count)
            #expect(Set(other.cues.map(\.startMs)).isSubset(of: Set(file.cues.map(\.startMs))))
        }
        #expect(throws: Never.self) {
            try #expect(SubtitleFile(other.text).cues == other.cues, "\(text.debugDescription)")
        }
    }

    @Test func `files of odds and ends are read alike again, or not at all`() {
        var random = SeededRandom()
        var read = 0
        for round in 0..<4_000 {
            let head = ["", "WEBVTT\n\n", "1\n00:00:01,000 --> 00:00:02,000\n"][round % 3]
            let text =
                head
                + (0..<Int.random(in: 0...25, using: &random)).map { _ in
                    SubtitleFuzzTests.parts.randomElement(using: &random)!
                }.joined()
            if (try? SubtitleFile(text)) != nil { read += 1 }
            check(text, &random)
        }
        #expect(read > 400, "\(read) say little")
    }

    @Test func `bytes of any kind, and good files with some bytes changed, are read alike again or not at all`() {
        var random = SeededRandom()
        let good = Array(
            "WEBVTT\n\nid\n00:00:01.000 --> 00:00:02.500 line:0\n<v Ann>Tom &amp; <i>J</i>\n\n00:03.000 --> 00:04.000\nb. c\n"
                .utf8)
        for round in 0..<4_000 {
            var bytes = round % 2 == 0 ? good : Array(good[8...])
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if round % 5 == 0 { bytes = (0..<200).map { _ in UInt8.random(in: 0...255, using: &random) } }
            check(String(decoding: bytes, as: UTF8.self), &random)
        }
    }

    @Test(arguments: [
        "<", "</", "<i></i>", "&", "{\\", "1\n", "\n", "a ", "00:01 --> 00:02\na\n", "<i>a</i>\n", "-", "a\n\n",
    ])
    func `ten times the file takes ten times as long`(part: String) throws {
        func seconds(_ count: Int) throws -> Double {
            let text = "00:01 --> 00:02\n" + String(repeating: part, count: count)
            return try processorSeconds {
                let file = try SubtitleFile(text)
                let sentences = file.sentences(borders: borders)
                _ = file.replacing(sentences, with: sentences.map(\.text), in: .english).text
            }
        }
        let (short, long) = try (seconds(3_000), seconds(30_000))
        #expect(long < 30 * short + 0.02, "\(short) s, \(long) s")
    }
}
