import Testing

struct ErrorRateTests {
    @Test func `distance counts insertions, deletions and replacements`() {
        func distance(_ x: String, _ y: String) -> Int { ErrorRate.distance(x.map(String.init), y.map(String.init)) }
        #expect(distance("kitten", "sitting") == 3)
        #expect(distance("", "abc") == 3 && distance("abc", "") == 3 && distance("", "") == 0)
        #expect(distance("flaw", "lawn") == 2)
    }

    @Test func `units are words without case and punctuation, letters in scripts without spaces`() {
        #expect(ErrorRate.units(" The—Harbour, lights!", "en") == ["the", "harbour", "lights"])
        #expect(ErrorRate.units("今天，天气 好。", "zh") == ["今", "天", "天", "气", "好"])
        #expect(ErrorRate.units("ＡＢＣ ﬁ", "de") == ["abc", "fi"])
    }

    @Test func `the rate is over the whole corpus`() {
        var rate = ErrorRate()
        rate.add("one two three", reference: "one too three", language: "en")
        rate.add("four", reference: "four", language: "en")
        #expect(rate.errors == 1 && rate.length == 4 && rate.percent == 25)
    }
}
