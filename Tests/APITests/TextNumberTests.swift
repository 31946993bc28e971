import API
import Testing

struct TextNumberTests {
    @Test(arguments: [
        ("1.mp3", "1"), ("sample_123.txt", "123"), ("audio_test_001.wav", "001"), ("2024 part 7.final.flac", "7"),
        ("/a/b/12.wav", "12"), ("C:\\a\\12.wav", "12"), ("3", "3"), ("a1b2c", "2"),
    ])
    func `a text number is the last digits before the extension`(name: String, number: String) {
        #expect(TextNumber.inName(name) == number)
    }

    @Test(arguments: ["speech.mp3", "", ".mp3", "①.wav", String(repeating: "1", count: 65) + ".wav"])
    func `a name without digits has no number`(name: String) {
        #expect(TextNumber.inName(name) == nil)
    }

    @Test func `a number goes into a path as it is`() {
        #expect(TextNumber.isValid(String(repeating: "1", count: RequestLimits.textNumberLengthMax)))
        #expect(!TextNumber.isValid(String(repeating: "1", count: RequestLimits.textNumberLengthMax + 1)))
        for bad in ["", "..", "a/b", "a b", "é"] { #expect(!TextNumber.isValid(bad)) }
    }
}
