import TestSupport

/// Texts nobody expects.
enum AnyText {
    /// Words, marks and characters that texts are hard at.
    private static let parts = [
        "a", "Word", " ", "  ", "\t", "\n", "\r\n", "\r", "\u{b}", "\u{85}", "\u{2028}", "\u{2029}", "\0", ".", "!",
        "?",
        ". ", "。", "？", "、", ",", ", ", "Mr. ", "Dr. Who", "語", "カナ", "한국", "שלום", "\u{202e}", "\u{2067}عربي\u{2069}",
        "😀", "👩‍👩‍👧", "🇵🇹", "1️⃣", "🏴\u{e0067}\u{e0062}\u{e007f}", "\u{200d}", "\u{301}", "\u{fe0f}", "`", "``", "`x y`",
        "https://example.org/a?b=c. ", "www.example.org", "me@example.org", "3.14", "10 000", "٣٫٥", "@", ":", "://",
        "(", ")",
        "\u{feff}", "\u{200b}", "\u{3000}", "\u{a0}", "\u{fffd}", "\u{10ffff}", "…", "—", "ﬁ", "ǅ", "𝔘",
        "\u{1100}\u{1161}",
    ]

    static func random(parts count: Int, using random: inout SeededRandom) -> String {
        var text = ""
        for _ in 0..<count {
            if Int.random(in: 0..<8, using: &random) == 0 {
                // Any scalar at all; those between are surrogates, which no string holds.
                let value = UInt32.random(in: 0...0x10ffff, using: &random)
                text.unicodeScalars.append(Unicode.Scalar(value) ?? "\u{fffd}")
            } else {
                text += parts.randomElement(using: &random)!
            }
        }
        return text
    }

    /// Texts of about `size` characters that a careless loop is slow on.
    static func hostile(size: Int) -> [(name: String, text: String)] {
        func repeated(_ part: String) -> String { String(repeating: part, count: size / part.unicodeScalars.count + 1) }
        return [
            ("one unbroken word", repeated("x")), ("empty lines", repeated("\n")),
            ("lines of Windows", repeated("\r\n")),
            ("short lines", repeated("ab\n")), ("short sentences", repeated("Go. ")), ("points", repeated(".")),
            ("point space", repeated(". ")), ("question marks", repeated("?a")), ("abbreviations", repeated("Mr. ")),
            ("spaces", "a" + repeated(" ") + "b"), ("right to left", repeated("שלום ")),
            ("marks", "a" + repeated("\u{301}")),
            ("directions", repeated("\u{202e}\u{2067}")), ("Chinese", repeated("语言。")),
            ("Chinese unbroken", repeated("语")),
            ("commas", repeated("a, ")), ("NUL", repeated("a\0")), ("at signs", repeated("a@")),
            ("addresses", repeated("a@b.cd,")),
            ("local parts", repeated("a.") + "@"), ("domains", "a@" + repeated("b.")), ("schemes", repeated("a://")),
            ("one URL", "https://example.org/" + repeated("a?")), ("brackets in a URL", "see www.a" + repeated(")")),
            ("backticks", repeated("`a")), ("longer backticks", longerBackticks(size: size)), ("digits", repeated("1")),
            ("groups", "a " + repeated("1 000,")), ("points and digits", repeated(".1")),
            ("emoji", "a" + repeated("😀")),
            ("joiners", "a😀" + repeated("\u{200d}😀")), ("flags", "a" + repeated("🇵")),
            ("conjoining", repeated("\u{1100}")),
            ("tabs", repeated("a\tb")), ("w", repeated("www.")), ("dots and spaces", repeated("a.  ")),
        ]
    }

    /// Runs of backticks of every length, none of which closes another.
    private static func longerBackticks(size: Int) -> String {
        var text = ""
        var length = 1
        while text.utf8.count < size {
            text += String(repeating: "`", count: length) + "a"
            length += 1
        }
        return text
    }
}
